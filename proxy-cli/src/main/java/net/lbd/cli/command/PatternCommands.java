package net.lbd.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.core.pattern.PatternReference;
import net.lbd.core.pattern.PatternReference.Entry;
import net.lbd.core.pattern.PatternReference.Kind;
import net.lbd.core.pattern.PatternReference.Match;

/**
 * Commands on maps and on the pattern files of ACLs, with HAProxy's answers. What is changed holds until a reload. Source: HAProxy
 * manual, management guide, "show map", "add map", "prepare map"; what the guide leaves open was read off HAProxy 2.6.
 *
 * <p>Difference: the patterns that stand on {@code acl} lines themselves are not shown and do not change.
 */
final class PatternCommands {

    static final List<Command> MAPS = List.of(
            Command.of("show map", "[@<ver>] [<map>]", Level.OPERATOR, "list maps, or the entries of one", i -> show(i, Kind.MAP)),
            Command.of("get map", "<map> <key>", Level.OPERATOR, "tell what a map makes of a key", i -> get(i, Kind.MAP)),
            Command.of("add map", "[@<ver>] <map> <key> <value> | [@<ver>] <map> <<", Level.ADMIN, "add entries to a map",
                    i -> add(i, Kind.MAP)),
            Command.of("set map", "<map> [<key>|#<ref>] <value>", Level.ADMIN, "change the value of a map's key", PatternCommands::set),
            Command.of("del map", "<map> [<key>|#<ref>]", Level.ADMIN, "take a key out of a map", i -> delete(i, Kind.MAP)),
            Command.of("clear map", "[@<ver>] <map>", Level.ADMIN, "empty a map", i -> clear(i, Kind.MAP)),
            Command.of("prepare map", "<map>", Level.ADMIN, "begin another version of a map", i -> prepare(i, Kind.MAP)),
            Command.of("commit map", "@<ver> <map>", Level.ADMIN, "put a prepared version of a map in force", i -> commit(i, Kind.MAP)));

    static final List<Command> ACLS = List.of(
            Command.of("show acl", "[@<ver>] [<acl>]", Level.OPERATOR, "list pattern files of ACLs, or the entries of one", i -> show(i, Kind.ACL)),
            Command.of("get acl", "<acl> <key>", Level.OPERATOR, "tell whether a pattern file matches a text", i -> get(i, Kind.ACL)),
            Command.of("add acl", "[@<ver>] <acl> <pattern> | [@<ver>] <acl> <<", Level.ADMIN, "add patterns to a file of an ACL",
                    i -> add(i, Kind.ACL)),
            Command.of("del acl", "<acl> [<key>|#<ref>]", Level.ADMIN, "take a pattern out of a file of an ACL", i -> delete(i, Kind.ACL)),
            Command.of("clear acl", "[@<ver>] <acl>", Level.ADMIN, "empty a file of an ACL", i -> clear(i, Kind.ACL)),
            Command.of("prepare acl", "<acl>", Level.ADMIN, "begin another version of a file of an ACL", i -> prepare(i, Kind.ACL)),
            Command.of("commit acl", "@<ver> <acl>", Level.ADMIN, "put a prepared version of a file of an ACL in force", i -> commit(i, Kind.ACL)));

    private PatternCommands() { }

    private static String word(Kind kind) {
        return kind == Kind.MAP ? "map" : "acl";
    }

    private static String title(Kind kind) {
        return kind == Kind.MAP ? "map" : "ACL";
    }

    /** The words behind {@code @<ver>}, and the version. */
    private record Versioned(Optional<Long> version, List<String> words) {
        static Versioned of(Invocation invocation) throws CommandException {
            List<String> words = invocation.arguments();
            if (words.isEmpty() || !words.get(0).startsWith("@")) {
                return new Versioned(Optional.empty(), words);
            }
            if (!words.get(0).matches("@[0-9]{1,9}")) {
                throw new CommandException("Version number out of range.");
            }
            return new Versioned(Optional.of(Long.parseLong(words.get(0).substring(1))), words.subList(1, words.size()));
        }

        String word(int i) {
            return i < words.size() ? words.get(i) : "";
        }
    }

    private static PatternReference reference(Invocation invocation, Kind kind, String name) throws CommandException {
        return invocation.daemon().engine().runtime().flatMap(r -> r.maps().find(kind, name)).orElseThrow(() ->
                new CommandException("Unknown " + title(kind) + " identifier. Please use #<id> or <file>."));
    }

    private static String show(Invocation invocation, Kind kind) throws CommandException {
        Versioned words = Versioned.of(invocation);
        StringBuilder out = new StringBuilder();
        if (words.words().isEmpty()) {
            out.append("# id (file) description\n");
            invocation.daemon().engine().runtime().ifPresent(runtime -> runtime.maps().references(kind).forEach(r ->
                    out.append(r.id()).append(" (").append(r.file()).append(") ").append(r.description()).append('\n')));
            return out.toString();
        }
        PatternReference reference = reference(invocation, kind, words.word(0));
        for (Entry entry : words.version().isPresent() ? reference.entries(words.version().get()) : reference.entries()) {
            out.append("0x").append(Long.toHexString(entry.id())).append(' ').append(entry.key());
            if (kind == Kind.MAP) {
                out.append(' ').append(entry.value());
            }
            out.append('\n');
        }
        return out.toString();
    }

    private static String get(Invocation invocation, Kind kind) throws CommandException {
        if (invocation.argument(0).isEmpty() || invocation.argument(1).isEmpty()) {
            throw new CommandException("Missing " + title(kind) + " identifier and/or key.");
        }
        StringBuilder out = new StringBuilder();
        for (Match match : reference(invocation, kind, invocation.argument(0)).match(invocation.argument(1))) {
            out.append("type=").append(match.method()).append(", case=").append(match.ignoreCase() ? "insensitive" : "sensitive")
                    .append(kind == Kind.MAP ? ", found=" : ", match=").append(match.entry().isPresent() ? "yes" : "no");
            match.entry().ifPresent(entry -> {
                out.append(", idx=tree, ").append(kind == Kind.MAP ? "key" : "pattern").append("=\"").append(entry.key()).append('"');
                if (kind == Kind.MAP) {
                    out.append(", value=\"").append(entry.value()).append("\", type=\"str\"");
                }
            });
            out.append('\n');
        }
        return out.toString();
    }

    private static String add(Invocation invocation, Kind kind) throws CommandException {
        Versioned words = Versioned.of(invocation);
        boolean map = kind == Kind.MAP;
        boolean enough = invocation.payload().isPresent() ? !words.word(0).isEmpty()
                : !words.word(1).isEmpty() && (!map || !words.word(2).isEmpty());
        if (!enough) {
            throw new CommandException(map
                    ? "'add map' expects three parameters (map identifier, key and value) or one parameter (map identifier) and a payload"
                    : "'add acl' expects two parameters: ACL identifier and pattern.");
        }
        PatternReference reference = reference(invocation, kind, words.word(0));
        checkVersion(reference, words, kind);
        try {
            if (invocation.payload().isPresent()) {
                reference.addAll(words.version(), lines(invocation.payload().get(), map));
            } else {
                reference.add(words.version(), words.word(1), map ? words.word(2) : "");
            }
        } catch (IllegalArgumentException e) {
            throw new CommandException(e.getMessage());
        }
        return "";
    }

    private static void checkVersion(PatternReference reference, Versioned words, Kind kind) throws CommandException {
        if (words.version().isPresent() && !reference.hasVersion(words.version().get())) {
            throw new CommandException("Version number in the future, please use 'prepare " + word(kind) + "' before.");
        }
    }

    private static List<Map.Entry<String, String>> lines(String payload, boolean map) throws CommandException {
        List<Map.Entry<String, String>> lines = new ArrayList<>();
        int number = 0;
        for (String line : payload.split("\n")) {
            number++;
            String text = line.strip();
            String[] parts = map ? text.split("\\s+", 2) : new String[] {text, ""};
            if (text.isEmpty() || parts.length < 2) {
                throw new CommandException("Missing " + (text.isEmpty() ? "key" : "value") + " for line " + number + ".");
            }
            lines.add(Map.entry(parts[0], parts[1]));
        }
        return lines;
    }

    /** Of {@code #<ref>}; empty for a key. */
    private static Optional<Entry> byNumber(PatternReference reference, String word, String missing) throws CommandException {
        if (!word.matches("#0x[0-9a-fA-F]{1,15}")) {
            return Optional.empty();
        }
        return Optional.of(reference.entry(Long.parseLong(word.substring(3), 16)).orElseThrow(() -> new CommandException(missing)));
    }

    private static String set(Invocation invocation) throws CommandException {
        if (invocation.argument(0).isEmpty() || invocation.argument(1).isEmpty() || invocation.argument(2).isEmpty()) {
            throw new CommandException("'set map' expects three parameters: map identifier, key and value.");
        }
        PatternReference reference = reference(invocation, Kind.MAP, invocation.argument(0));
        Optional<Entry> numbered = byNumber(reference, invocation.argument(1), "entry not found.");
        try {
            if (numbered.isPresent()) {
                reference.setEntry(numbered.get(), invocation.argument(2));
            } else if (!reference.set(invocation.argument(1), invocation.argument(2))) {
                throw new CommandException("entry not found.");
            }
        } catch (IllegalArgumentException e) {
            throw new CommandException(e.getMessage());
        }
        return "";
    }

    private static String delete(Invocation invocation, Kind kind) throws CommandException {
        if (invocation.argument(0).isEmpty() || invocation.argument(1).isEmpty()) {
            throw new CommandException("This command expects two parameters: " + title(kind) + " identifier and key.");
        }
        PatternReference reference = reference(invocation, kind, invocation.argument(0));
        Optional<Entry> numbered = byNumber(reference, invocation.argument(1), "Key not found.");
        if (numbered.isPresent()) {
            reference.deleteEntry(numbered.get());
        } else if (!reference.delete(invocation.argument(1))) {
            throw new CommandException("Key not found.");
        }
        return "";
    }

    private static String clear(Invocation invocation, Kind kind) throws CommandException {
        Versioned words = Versioned.of(invocation);
        if (words.word(0).isEmpty()) {
            throw new CommandException("Missing " + title(kind) + " identifier.");
        }
        PatternReference reference = reference(invocation, kind, words.word(0));
        checkVersion(reference, words, kind);
        reference.clear(words.version());
        return "";
    }

    private static String prepare(Invocation invocation, Kind kind) throws CommandException {
        return "New version created: " + reference(invocation, kind, invocation.argument(0)).prepare() + "\n";
    }

    private static String commit(Invocation invocation, Kind kind) throws CommandException {
        Versioned words = Versioned.of(invocation);
        if (words.version().isEmpty()) {
            throw new CommandException("Missing version number.");
        }
        if (!reference(invocation, kind, words.word(0)).commit(words.version().get())) {
            throw new CommandException("Version number out of range.");
        }
        return "";
    }
}
