package net.lbd.config.keyword.bind;

import java.util.List;
import net.lbd.config.draft.BindDraft;
import net.lbd.config.draft.GlobalDraft;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Parameter;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.model.BindSettings;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.Setting;
import net.lbd.config.model.Settings;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/** The file of a Unix socket, in {@code bind} lines and in {@code unix-bind}. Source: HAProxy manual, "Bind options", "unix-bind". */
public final class UnixSocketKeywords {

    private static final List<String> WORDS = List.of("prefix", "mode", "user", "uid", "group", "gid");

    private static final ArgumentType<Integer> BITS = text -> {
        if (!text.matches("0?[0-7]{3}")) {
            throw new ValueException(Code.BAD_VALUE, "'" + text + "' are no permissions; write three octal digits such as 660");
        }
        return Integer.parseInt(text, 8);
    };
    private static final ArgumentType<String> NUMBER = text -> {
        if (!text.matches("[0-9]{1,9}")) {
            throw new ValueException(Code.BAD_VALUE, "'" + text + "' is not a whole number");
        }
        return text;
    };

    static final List<Parameter<BindDraft>> ROWS = List.of(
            row("mode", "<bits>", "The permissions of a Unix socket, octal. Default: what the umask of the process leaves."),
            row("user", "<name>", "The owner of a Unix socket."),
            row("group", "<name>", "The group of a Unix socket."),
            row("uid", "<number>", "The owner of a Unix socket."),
            row("gid", "<number>", "The group of a Unix socket."));

    private UnixSocketKeywords() { }

    private static Parameter<BindDraft> row(String name, String syntax, String doc) {
        return Parameter.of(name, syntax, doc, (arguments, draft) -> put(arguments, name, draft.settings()));
    }

    /** {@code unix-bind [prefix <prefix>] [mode <mode>] [user <user>] [uid <uid>] [group <group>] [gid <gid>]}. */
    public static void defaults(Arguments arguments, GlobalDraft draft) {
        while (arguments.hasNext()) {
            Word word = arguments.next("a parameter");
            if (word.text().equals("prefix")) {
                draft.settings().put(GlobalSettings.UNIX_BIND_PREFIX, arguments.next("a prefix", ArgumentType.TEXT), word.location());
            } else if (WORDS.contains(word.text())) {
                Settings.Builder all = Settings.builder().putAll(
                        draft.settings().find(GlobalSettings.UNIX_BIND).map(Settings.Sourced::value).orElse(Settings.EMPTY));
                put(arguments, word.text(), all);
                draft.settings().put(GlobalSettings.UNIX_BIND, all.build(), word.location());
            } else {
                throw arguments.unknown(word, "parameter", WORDS);
            }
        }
    }

    private static void put(Arguments arguments, String name, Settings.Builder settings) {
        switch (name) {
            case "mode" -> put(arguments, settings, BindSettings.MODE, arguments.next("permissions such as 660", BITS));
            case "user" -> put(arguments, settings, BindSettings.USER, arguments.next("a name", ArgumentType.TEXT));
            case "uid" -> put(arguments, settings, BindSettings.USER, arguments.next("a number", NUMBER));
            case "group" -> put(arguments, settings, BindSettings.GROUP, arguments.next("a name", ArgumentType.TEXT));
            case "gid" -> put(arguments, settings, BindSettings.GROUP, arguments.next("a number", NUMBER));
            default -> throw new AssertionError(name);
        }
    }

    private static <T> void put(Arguments arguments, Settings.Builder settings, Setting<T> setting, T value) {
        settings.put(setting, value, arguments.last().location());
    }
}
