package net.lbd.config.keyword.log;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.lbd.config.grammar.Addresses;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.LogTargetSpec;
import net.lbd.config.model.LogTargetSpec.Destination;
import net.lbd.config.model.LogTargetSpec.Facility;
import net.lbd.config.model.LogTargetSpec.Format;
import net.lbd.config.model.LogTargetSpec.Level;
import net.lbd.config.model.PortSpec;
import net.lbd.config.model.RingSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/** Reads the target of a {@code log} line. Source: HAProxy manual, "log". Stateless. */
public final class LogTargets {

    private static final int SYSLOG_PORT = 514;
    /** Prefixes of targets that are connections; all others are datagrams. */
    private static final List<String> STREAM = List.of("tcp@", "tcp4@", "tcp6@", "uxst@", "stream+");
    private static final List<String> DATAGRAM = List.of("udp@", "udp4@", "udp6@");

    private LogTargets() { }

    /** {@code <target> [len <bytes>] [format <format>] [sample <ranges>:<size>] <facility> [<level> [<minlevel>]]}. */
    public static LogTargetSpec read(Arguments arguments) {
        Word target = arguments.next("a target: an address, a path, stdout or stderr");
        Destination destination = destination(target);
        int length = 1024;
        Optional<LogTargetSpec.Sampling> sampling = Optional.empty();
        Format format = Format.RFC3164;
        while (true) {
            if (arguments.skip("len")) {
                length = arguments.next("a length", ArgumentType.integer(80, 65535));
            } else if (arguments.skip("format")) {
                Word word = arguments.next("a format");
                format = Arrays.stream(Format.values()).filter(f -> word.is(f.keyword())).findFirst().orElseThrow(() ->
                        arguments.unknown(word, "log line format", Arrays.stream(Format.values()).map(Format::keyword).toList()));
            } else if (arguments.skip("sample")) {
                sampling = Optional.of(arguments.next("ranges and a size, as in 1,3-4:10", LogTargets::sampling));
            } else if (arguments.nextIs("profile")) {
                Word word = arguments.next("a parameter");
                arguments.next("a value");
                arguments.diagnostics().notice(Code.NOT_YET, word,
                        "'log … " + word + "' is not supported yet by this version; the daemon refuses to start with it");
            } else {
                break;
            }
        }
        Facility facility = enumeration(arguments, "a facility", Facility.class);
        Level level = arguments.hasNext() ? enumeration(arguments, "a level", Level.class) : Level.DEBUG;
        Level minLevel = arguments.hasNext() ? enumeration(arguments, "a minimum level", Level.class) : Level.EMERG;
        arguments.end();
        return new LogTargetSpec(target.location(), destination, format, facility, level, minLevel, length, sampling);
    }

    /** {@code 1,3-4:10}: of ten lines the first, the third and the fourth. */
    private static LogTargetSpec.Sampling sampling(String text) throws ValueException {
        java.util.regex.Matcher parts = java.util.regex.Pattern.compile("([0-9,-]+):([0-9]{1,6})").matcher(text);
        int size = parts.matches() ? Integer.parseInt(parts.group(2)) : 0;
        if (size < 1) {
            throw new ValueException("'" + text + "' is not a sample; write ranges and a size, as in 1,3-4:10");
        }
        Boolean[] sent = new Boolean[size];
        Arrays.fill(sent, false);
        for (String range : parts.group(1).split(",", -1)) {
            if (!range.matches("[0-9]{1,6}(-[0-9]{1,6})?")) {
                throw new ValueException("'" + range + "' is not a range; write 3 or 3-5");
            }
            int dash = range.indexOf('-');
            int from = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
            int to = dash < 0 ? from : Integer.parseInt(range.substring(dash + 1));
            if (from < 1 || to < from || to > size) {
                throw new ValueException("'" + range + "' is not within 1 to " + size);
            }
            for (int i = from; i <= to; i++) {
                if (sent[i - 1]) {
                    throw new ValueException("'" + range + "' overlaps a range before it");
                }
                sent[i - 1] = true;
            }
        }
        return new LogTargetSpec.Sampling(List.of(sent));
    }

    private static Destination destination(Word target) {
        String text = target.text();
        switch (text) {
            case "stdout", "fd@1" -> {
                return new Destination.Stdout();
            }
            case "stderr", "fd@2" -> {
                return new Destination.Stderr();
            }
            default -> { }
        }
        if (text.startsWith("file@") && text.length() > 5) {
            return new Destination.File(text.substring(5));
        }
        if (text.startsWith("ring@") && text.length() > 5) {
            // The section may stand below: it is looked for when all is read.
            return new Destination.Ring(RingSpec.named(text.substring(5)));
        }
        if (text.startsWith("backend@") || text.startsWith("fd@") || text.startsWith("abns@")) {
            throw new StatementException(Code.BAD_ADDRESS, target, "log target '" + text
                    + "' is not supported; use an address, tcp@ADDRESS, ring@NAME, a path, uxst@PATH, stdout, stderr or file@PATH");
        }
        return at(target, STREAM.stream().anyMatch(text::startsWith));
    }

    /** A word as the address of a server that is sent lines over a connection. */
    public static Destination connection(Word target) {
        return at(target, true);
    }

    private static Destination at(Word target, boolean stream) {
        String text = target.text();
        String address = DATAGRAM.stream().filter(text::startsWith).findFirst().map(prefix -> text.substring(prefix.length())).orElse(text);
        try {
            AddressSpec read = Addresses.one(Addresses.Use.TARGET).read(address);
            if (read instanceof AddressSpec.Unix unix && !unix.abstractName()) {
                return stream ? new Destination.UnixStream(unix.path()) : new Destination.UnixDatagram(unix.path());
            }
            if (read instanceof AddressSpec.Ip ip) {
                return internet(stream, ip.address().getHostAddress(), port(ip.port()));
            }
            if (read instanceof AddressSpec.Host host) {
                return internet(stream, host.name(), port(host.port()));
            }
            throw new ValueException(Code.BAD_ADDRESS, "'" + text + "' is not a log target");
        } catch (ValueException e) {
            throw new StatementException(e.code(), target, "'log " + text + "': " + e.getMessage());
        }
    }

    private static Destination internet(boolean stream, String host, int port) {
        return stream ? new Destination.Tcp(host, port) : new Destination.Udp(host, port);
    }

    private static int port(PortSpec port) {
        return port instanceof PortSpec.Fixed fixed ? fixed.port() : SYSLOG_PORT;
    }

    private static <E extends Enum<E>> E enumeration(Arguments arguments, String what, Class<E> type) {
        Word word = arguments.next(what);
        List<String> names = Arrays.stream(type.getEnumConstants()).map(v -> v.name().toLowerCase(Locale.ROOT)).toList();
        Optional<E> found = Arrays.stream(type.getEnumConstants())
                .filter(v -> v.name().toLowerCase(Locale.ROOT).equals(word.text())).findFirst();
        return found.orElseThrow(() -> {
            String noun = what.substring(what.indexOf(' ') + 1);
            return arguments.unknown(word, noun, names);
        });
    }
}
