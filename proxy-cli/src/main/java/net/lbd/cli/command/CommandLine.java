package net.lbd.cli.command;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits one line of the control socket into commands ({@code ;}) and words (blanks). A backslash takes
 * the next character literally. Source: HAProxy manual, management guide, "Unix Socket commands".
 */
final class CommandLine {

    private CommandLine() { }

    /** The commands of the line, each a list of at least one word; empty parts are left out. */
    static List<List<String>> split(String line) {
        List<List<String>> commands = new ArrayList<>();
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            boolean escaped = c == '\\' && i + 1 < line.length();
            if (escaped) {
                word.append(line.charAt(++i));
                inWord = true;
            } else if (c == ';' || Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                }
                if (c == ';' && !words.isEmpty()) {
                    commands.add(List.copyOf(words));
                    words.clear();
                }
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (inWord) {
            words.add(word.toString());
        }
        if (!words.isEmpty()) {
            commands.add(List.copyOf(words));
        }
        return commands;
    }
}
