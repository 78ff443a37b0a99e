package net.lbd.core.sample;

import static java.util.Map.entry;

import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import net.lbd.config.model.SampleType;
import net.lbd.core.http.Ascii;

/** Constants, the clock, chance, and what the process is called. Source: HAProxy manual, "Fetching samples from internal states". */
final class InternalFetches {

    private static final long RAND_RANGE = 1L << 32;

    static final Map<String, FetchCompiler> ROWS = Map.ofEntries(
            entry("always_true", FetchCompiler.of((stream, out) -> {
                out.setBoolean(true);
                return true;
            })),
            entry("always_false", FetchCompiler.of((stream, out) -> {
                out.setBoolean(false);
                return true;
            })),
            entry("bool", (arguments, names) -> {
                boolean value = switch (arguments.text(0).toLowerCase(Locale.ROOT)) {
                    case "1", "true", "on", "yes" -> true;
                    default -> false;
                };
                return (stream, out) -> {
                    out.setBoolean(value);
                    return true;
                };
            }),
            entry("int", (arguments, names) -> {
                long value = arguments.number(0);
                return (stream, out) -> {
                    out.setInteger(value);
                    return true;
                };
            }),
            entry("str", (arguments, names) -> constant(arguments.bytes(0, ""), SampleType.STRING)),
            entry("meth", (arguments, names) -> constant(arguments.bytes(0, ""), SampleType.METHOD)),
            entry("bin", (arguments, names) ->
                    constant(HexFormat.of().parseHex(arguments.text(0)), SampleType.BINARY)),
            entry("ipv4", (arguments, names) -> address(arguments)),
            entry("ipv6", (arguments, names) -> address(arguments)),
            entry("env", (arguments, names) -> {
                Optional<String> value = Optional.ofNullable(System.getenv(arguments.text(0)));
                return value.isPresent()
                        ? constant(Ascii.bytes(value.get()), SampleType.STRING)
                        : (stream, out) -> false;
            }),
            entry("stopping", (arguments, names) -> (stream, out) -> {
                out.setBoolean(names.process().stopping().getAsBoolean());
                return true;
            }),
            entry("internal.strm.is_htx", FetchCompiler.of((stream, out) -> {
                out.setBoolean(stream.isHttp());
                return true;
            })),
            entry("hostname", (arguments, names) ->
                    constant(Ascii.bytes(names.process().hostname()), SampleType.STRING)),
            entry("date", (arguments, names) -> date(arguments)),
            entry("rand", (arguments, names) -> {
                long range = arguments.number(0, RAND_RANGE);
                return (stream, out) -> {
                    out.setInteger(ThreadLocalRandom.current().nextLong(range));
                    return true;
                };
            }),
            entry("var", (arguments, names) -> {
                Variable variable = Variable.of(arguments.text(0), names);
                if (!arguments.has(1)) {
                    return variable::get;
                }
                Fetch otherwise = constant(arguments.bytes(1, ""), SampleType.STRING);
                return (stream, out) -> variable.get(stream, out) || otherwise.fetch(stream, out);
            }),
            entry("unique-id", FetchCompiler.of((stream, out) -> {
                int length = stream.uniqueIdLength();
                out.setView(SampleType.STRING, stream.uniqueId(), 0, Math.max(0, length));
                return length >= 0;
            })),
            entry("uuid", FetchCompiler.of((stream, out) -> {
                // A UUID in text is 36 bytes of garbage anyway for whoever asks for one.
                byte[] text = Ascii.bytes(UUID.randomUUID().toString());
                out.setView(SampleType.STRING, text, 0, text.length);
                return true;
            })));

    private InternalFetches() { }

    private static Fetch constant(byte[] value, SampleType type) {
        return (stream, out) -> {
            out.setView(type, value, 0, value.length);
            return true;
        };
    }

    private static Fetch address(ArgumentList arguments) {
        byte[] text = Ascii.bytes(arguments.text(0));
        byte[] address = new byte[16];
        int length = IpText.parse(text, 0, text.length, address);
        if (length < 0) {
            throw new IllegalArgumentException("'" + arguments.text(0) + "' is no address");
        }
        return (stream, out) -> {
            out.setView(SampleType.ADDRESS, address, 0, length);
            return true;
        };
    }

    private static Fetch date(ArgumentList arguments) {
        long offset = arguments.number(0, 0);
        long perSecond = switch (arguments.text(1, "s")) {
            case "ms" -> 1000;
            case "us" -> 1_000_000;
            default -> 1;
        };
        return (stream, out) -> {
            // The offset is given in the unit that is asked for.
            out.setInteger(System.currentTimeMillis() * perSecond / 1000 + offset);
            return true;
        };
    }
}
