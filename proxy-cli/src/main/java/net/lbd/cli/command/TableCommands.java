package net.lbd.cli.command;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.config.grammar.Addresses;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.config.model.SampleType;
import net.lbd.config.model.StickDataType;
import net.lbd.config.model.StickTableSpec.KeyType;
import net.lbd.core.peers.PeersService;
import net.lbd.core.sample.Sample;
import net.lbd.core.stick.HiddenKeys;
import net.lbd.core.stick.StickEntry;
import net.lbd.core.stick.StickTable;

/**
 * Commands on stick-tables, with HAProxy's answers. Source: HAProxy manual, management guide, "show table", "set table",
 * "clear table"; what the guide leaves open was read off HAProxy 2.6.
 *
 * <p>Difference: keys that are credentials, by the rules that use the table, are shown as {@code hidden:} and a number that
 * stands for the key as long as the process runs; {@code key hidden:…} finds them.
 */
final class TableCommands {

    static final List<Command> TABLE = List.of(
            Command.of("show table", "[<table> [data.<type> <op> <value>]* | key <key>]", Level.OPERATOR,
                    "list stick-tables, or the entries of one", TableCommands::show),
            Command.of("show peers", "[dict|-] [<peers section>]", Level.OPERATOR,
                    "list who shares stick-tables, and how far; dict: with the names of servers that were sent", TableCommands::peers),
            Command.of("set table", "<table> key <key> [data.<type> <value>]*", Level.ADMIN,
                    "create or change an entry of a stick-table", TableCommands::set),
            Command.of("clear table", "<table> [data.<type> <op> <value>]* | [key <key>]", Level.ADMIN,
                    "remove entries of a stick-table", TableCommands::clear));

    private static final String CLEAR_USAGE =
            "Required arguments: <table> \"data.<store_data_type>\" <operator> <value> or <table> key <key>";
    private static final String SET_USAGE = "Required arguments: <table> key <key> [data.<store_data_type> <value>]*";
    private static final int MOST_FILTERS = 4;

    private TableCommands() { }

    // ---- the three commands

    private static String show(Invocation invocation) throws CommandException {
        StringBuilder out = new StringBuilder();
        if (invocation.arguments().isEmpty()) {
            List<StickTable> tables = new ArrayList<>(tables(invocation));
            // As HAProxy lists them: the one that was read last comes first.
            for (int i = tables.size() - 1; i >= 0; i--) {
                header(out, tables.get(i));
            }
            return out.toString();
        }
        StickTable table = table(invocation);
        if (invocation.arguments().size() == 1) {
            header(out, table);
            table.entries().forEach(entry -> line(out, table, entry));
        } else if (invocation.argument(1).equals("key")) {
            Optional<StickEntry> entry = find(table, invocation.argument(2));
            entry.ifPresent(found -> {
                header(out, table);
                line(out, table, found);
            });
        } else {
            if (!invocation.argument(1).startsWith("data.")) {
                throw new CommandException("Optional argument only supports \"data.<store_data_type>\" <operator> <value>"
                        + " and key <key>");
            }
            Predicate<StickEntry> filter = filter(invocation, table);
            header(out, table);
            table.entries().stream().filter(filter).forEach(entry -> line(out, table, entry));
        }
        return out.toString();
    }

    private static String clear(Invocation invocation) throws CommandException {
        if (invocation.arguments().isEmpty()) {
            throw new CommandException(CLEAR_USAGE);
        }
        StickTable table = table(invocation);
        if (invocation.arguments().size() == 1) {
            table.entries().forEach(entry -> table.remove(entry.key()));
        } else if (invocation.argument(1).equals("key")) {
            Optional<StickEntry> entry = find(table, invocation.argument(2));
            if (entry.isPresent() && !table.remove(entry.get().key())) {
                throw new CommandException("Entry currently in use, cannot remove");
            }
        } else {
            if (!invocation.argument(1).startsWith("data.")) {
                throw new CommandException(CLEAR_USAGE);
            }
            table.entries().stream().filter(filter(invocation, table)).forEach(entry -> table.remove(entry.key()));
        }
        return "";
    }

    private static String set(Invocation invocation) throws CommandException {
        List<String> words = invocation.arguments();
        if (words.isEmpty()) {
            throw new CommandException(SET_USAGE);
        }
        StickTable table = table(invocation);
        if (words.size() == 1) {
            throw new CommandException(SET_USAGE);
        }
        if (!words.get(1).equals("key")) {
            throw new CommandException("content-based lookup is only supported with the \"show\" and \"clear\" actions");
        }
        Sample key = key(table, invocation.argument(2));
        List<Change> changes = new ArrayList<>();
        for (int i = 3; i < words.size(); i += 2) {
            changes.add(change(table, words.get(i), i + 1 < words.size() ? words.get(i + 1) : ""));
        }
        long handle = table.findOrCreate(key);
        if (handle == StickTable.NONE) {
            throw new CommandException("Unable to allocate a new entry");
        }
        table.touch(handle);
        changes.forEach(change -> table.set(handle, change.type(), 0, change.value()));
        table.release(handle);
        return "";
    }

    private static String peers(Invocation invocation) throws CommandException {
        Optional<PeersService> peers = invocation.daemon().engine().peers();
        boolean dictionaries = invocation.argument(0).equals("dict");
        String section = invocation.argument(dictionaries || invocation.argument(0).equals("-") ? 1 : 0);
        if (!section.isEmpty() && peers.filter(p -> p.has(section)).isEmpty()) {
            throw new CommandException("No such peers");
        }
        return peers.map(p -> p.describe(section, dictionaries)).orElse("");
    }

    private record Change(StickDataType type, long value) { }

    private static Change change(StickTable table, String name, String value) throws CommandException {
        if (!name.startsWith("data.")) {
            throw new CommandException("\"data.<type>\" followed by a value expected");
        }
        StickDataType type = StickDataType.of(name.substring("data.".length()))
                .orElseThrow(() -> new CommandException("Unknown data type"));
        if (!table.stores(type)) {
            throw new CommandException("Data type not stored in this table");
        }
        if (type.kind() == StickDataType.Kind.TEXT || !value.matches("-?[0-9]{1,18}")) {
            throw new CommandException("Require a valid integer value to store");
        }
        return new Change(type, Long.parseLong(value));
    }

    // ---- tables and keys

    private static Collection<StickTable> tables(Invocation invocation) {
        return invocation.daemon().engine().runtime().map(r -> r.tables().all()).orElse(List.of());
    }

    private static StickTable table(Invocation invocation) throws CommandException {
        for (StickTable table : tables(invocation)) {
            if (table.name().equals(invocation.argument(0))) {
                return table;
            }
        }
        throw new CommandException("No such table");
    }

    private static Optional<StickEntry> find(StickTable table, String text) throws CommandException {
        if (HiddenKeys.isHidden(text)) {
            return table.entries().stream().filter(entry -> HiddenKeys.of(entry.key()).equals(text)).findFirst();
        }
        long handle = table.find(key(table, text));
        if (handle == StickTable.NONE) {
            return Optional.empty();
        }
        StickEntry entry = table.entry(handle);
        table.release(handle);
        return Optional.of(entry);
    }

    private static Sample key(StickTable table, String text) throws CommandException {
        if (text.isEmpty()) {
            throw new CommandException("Key value expected");
        }
        Sample sample = new Sample();
        KeyType type = table.spec().type();
        switch (type) {
            case IP, IPV6 -> {
                byte[] address = address(text);
                sample.setView(SampleType.ADDRESS, address, 0, address.length);
            }
            case INTEGER -> {
                if (!text.matches("-?[0-9]{1,10}")) {
                    throw new CommandException("Invalid key");
                }
                sample.setInteger(Long.parseLong(text));
            }
            case STRING -> {
                byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
                sample.setView(SampleType.STRING, bytes, 0, bytes.length);
            }
            case BINARY -> {
                try {
                    byte[] bytes = HexFormat.of().parseHex(text);
                    sample.setView(SampleType.BINARY, bytes, 0, bytes.length);
                } catch (IllegalArgumentException e) {
                    throw new CommandException("Invalid key");
                }
            }
        }
        if (!table.makeKey(sample)) {
            throw new CommandException("Invalid key");
        }
        return sample;
    }

    /** No name is looked up: what is not an address is no key. */
    private static byte[] address(String text) throws CommandException {
        return Addresses.ip(text).orElseThrow(() -> new CommandException("Invalid key")).getAddress();
    }

    // ---- filters

    private static Predicate<StickEntry> filter(Invocation invocation, StickTable table) throws CommandException {
        List<String> words = invocation.arguments();
        Predicate<StickEntry> all = entry -> true;
        for (int i = 1, number = 1; i < words.size(); i += 3, number++) {
            String which = "Filter entry #" + number + ": ";
            if (number > MOST_FILTERS || !words.get(i).startsWith("data.")) {
                throw new CommandException(which + "Require \"data.<store_data_type>\" <operator> <value>, "
                        + MOST_FILTERS + " of them at most");
            }
            StickDataType type = StickDataType.of(words.get(i).substring("data.".length()))
                    .orElseThrow(() -> new CommandException(which + "Unknown data type"));
            if (!table.stores(type)) {
                throw new CommandException(which + "Data type not stored in this table");
            }
            LongPredicate test = test(invocation.argument(i + 1), invocation.argument(i + 2), which);
            all = all.and(entry -> entry.values().stream().filter(v -> v.stored().type() == type && v.element() == 0)
                    .anyMatch(v -> test.test(v.number())));
        }
        return all;
    }

    private static LongPredicate test(String operator, String value, String which) throws CommandException {
        if (!List.of("eq", "ne", "le", "ge", "lt", "gt").contains(operator)) {
            throw new CommandException(which + "Require and operator among \"eq\", \"ne\", \"le\", \"ge\", \"lt\", \"gt\"");
        }
        if (!value.matches("-?[0-9]{1,18}")) {
            throw new CommandException(which + "Require a valid integer value to compare against");
        }
        long wanted = Long.parseLong(value);
        return switch (operator) {
            case "eq" -> v -> v == wanted;
            case "ne" -> v -> v != wanted;
            case "le" -> v -> v <= wanted;
            case "ge" -> v -> v >= wanted;
            case "lt" -> v -> v < wanted;
            default -> v -> v > wanted;
        };
    }

    // ---- output

    private static void header(StringBuilder out, StickTable table) {
        out.append("# table: ").append(table.name()).append(", type: ").append(table.spec().type().word())
                .append(", size:").append(table.spec().size()).append(", used:").append(table.used()).append('\n');
    }

    private static void line(StringBuilder out, StickTable table, StickEntry entry) {
        out.append("0x").append(Long.toHexString(entry.id() + 1)).append(": key=");
        key(out, table, entry.key());
        out.append(" use=").append(entry.users()).append(" exp=").append(entry.expiresInMillis());
        for (StickEntry.Value value : entry.values()) {
            String name = value.stored().type().word();
            boolean rate = value.stored().type().kind() == StickDataType.Kind.RATE;
            out.append(' ').append(value.stored().type().isArray()
                    ? (rate ? "gpc" + value.element() + "_rate" : name + value.element()) : name);
            if (rate) {
                out.append('(').append(value.stored().periodMillis()).append(')');
            }
            out.append('=');
            if (value.stored().type().kind() == StickDataType.Kind.TEXT) {
                out.append(value.text().isEmpty() ? "-" : value.text());
            } else {
                out.append(value.number());
            }
        }
        out.append('\n');
    }

    private static void key(StringBuilder out, StickTable table, byte[] key) {
        if (table.spec().secret()) {
            out.append(HiddenKeys.of(key));
            return;
        }
        switch (table.spec().type()) {
            case STRING -> {
                for (byte b : key) {
                    escape(out, b & 0xff);
                }
            }
            case BINARY -> out.append(HexFormat.of().withUpperCase().formatHex(key));
            default -> out.append(table.keyText(key));
        }
    }

    /** What would end the word, or the line, is written with a backslash. */
    private static void escape(StringBuilder out, int c) {
        if (c == ' ' || c == '\\' || c == '=') {
            out.append('\\').append((char) c);
        } else if (c < ' ' || c > '~') {
            out.append("\\x").append(HexFormat.of().toHexDigits((byte) c));
        } else {
            out.append((char) c);
        }
    }
}
