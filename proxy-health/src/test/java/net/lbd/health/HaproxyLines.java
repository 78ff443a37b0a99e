package net.lbd.health;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.lbd.config.model.CheckSpec;
import net.lbd.config.model.CheckStep;
import net.lbd.config.model.PatternSpec;
import net.lbd.config.syntax.SourceLocation;

/** Reads the few check lines of the tables; the real grammar is proxy-config's. */
public final class HaproxyLines {

    private HaproxyLines() { }

    /** @param lines separated by {@code " ; "}, or {@code -} for a plain connect */
    public static CheckSpec check(String lines) {
        if (lines.equals("-")) {
            return CheckSpec.CONNECT;
        }
        String method = "OPTIONS";
        String uri = "/";
        String version = "HTTP/1.0";
        String body = "";
        List<CheckStep.Header> headers = new ArrayList<>();
        List<CheckStep> expects = new ArrayList<>();
        for (String line : lines.split(" ; ")) {
            List<String> words = words(line);
            if (line.startsWith("option httpchk")) {
                List<String> arguments = words.subList(2, words.size());
                if (arguments.size() == 1) {
                    uri = arguments.get(0);
                } else if (arguments.size() > 1) {
                    method = arguments.get(0);
                    uri = arguments.get(1);
                    version = arguments.size() > 2 ? arguments.get(2) : version;
                }
            } else if (line.startsWith("http-check send")) {
                for (int i = 2; i < words.size(); i += 2) {
                    String value = words.get(i + 1);
                    switch (words.get(i)) {
                        case "meth" -> method = value;
                        case "uri" -> uri = value;
                        case "ver" -> version = value;
                        case "body" -> body = value;
                        case "hdr" -> headers.add(new CheckStep.Header(value, words.get(++i + 1)));
                        default -> throw new IllegalArgumentException(line);
                    }
                }
            } else {
                expects.add(expect(words));
            }
        }
        List<CheckStep> steps = new ArrayList<>();
        steps.add(new CheckStep.HttpSend(SourceLocation.BUILT_IN, method, uri, version, headers, body));
        steps.addAll(expects);
        return new CheckSpec(SourceLocation.BUILT_IN, CheckSpec.Kind.HTTP, steps);
    }

    private static CheckStep expect(List<String> words) {
        int at = 2;
        Optional<String> comment = Optional.empty();
        if (words.get(at).equals("comment")) {
            comment = Optional.of(words.get(at + 1));
            at += 2;
        }
        boolean negated = words.get(at).equals("!");
        at += negated ? 1 : 0;
        CheckStep.HttpMatch match = CheckStep.HttpMatch.valueOf(words.get(at).toUpperCase(Locale.ROOT));
        String pattern = words.get(at + 1);
        List<PatternSpec.Range> ranges = new ArrayList<>();
        if (match == CheckStep.HttpMatch.STATUS) {
            for (String item : pattern.split(",")) {
                String[] ends = item.split("-");
                ranges.add(new PatternSpec.Range(Long.parseLong(ends[0]), Long.parseLong(ends[ends.length - 1])));
            }
        }
        return new CheckStep.HttpExpect(SourceLocation.BUILT_IN, negated, match, pattern, ranges, comment);
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == ' ') {
                words.add(word.toString());
                word.setLength(0);
            } else {
                word.append(c == '\\' ? line.charAt(++i) : c);
            }
        }
        words.add(word.toString());
        return words;
    }
}
