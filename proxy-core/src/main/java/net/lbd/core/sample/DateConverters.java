package net.lbd.core.sample;

import static java.util.Map.entry;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import net.lbd.config.model.SampleType;
import net.lbd.core.stream.Stream;

/**
 * Converters from seconds, milliseconds or microseconds since 1970 to dates. Compiled formats are immutable. Source: HAProxy
 * manual, "ltime", "utime", "http_date" and, as of 3.x, their forms for finer units.
 */
final class DateConverters {

    static final Map<String, ConverterCompiler> ROWS = Map.ofEntries(
            entry("ltime", date(1, true)),
            entry("utime", date(1, false)),
            entry("ms_ltime", date(1000, true)),
            entry("ms_utime", date(1000, false)),
            entry("us_ltime", date(1_000_000, true)),
            entry("us_utime", date(1_000_000, false)),
            entry("http_date", ConverterCompiler.of(SampleType.INTEGER, (ConverterCompiler.Maker) a -> {
                long offset = a.number(0, 0);
                return switch (a.text(1, "s")) {
                    case "ms" -> converter(new Strftime("%a, %d %b %Y %H:%M:%S.%3N GMT", ZoneOffset.UTC), 1000, offset);
                    case "us" -> converter(new Strftime("%a, %d %b %Y %H:%M:%S.%6N GMT", ZoneOffset.UTC), 1_000_000, offset);
                    default -> converter(new Strftime("%a, %d %b %Y %H:%M:%S GMT", ZoneOffset.UTC), 1, offset);
                };
            })));

    private DateConverters() { }

    private static ConverterCompiler date(long perSecond, boolean local) {
        return ConverterCompiler.named(SampleType.INTEGER, (a, names) -> {
            ZoneId zone = local ? names.process().zone() : ZoneId.of("GMT");
            return converter(new Strftime(a.text(0), zone), perSecond, a.number(1, 0));
        });
    }

    /** @param offset in the unit of the input */
    private static Converter converter(Strftime format, long perSecond, long offset) {
        return (Stream stream, Sample s) -> {
            long at = s.number() + offset;
            ByteSink out = stream.worker().scratch().takeSink();
            boolean hasDate = format.put(Math.floorDiv(at, perSecond),
                    (int) (Math.floorMod(at, perSecond) * (1_000_000_000 / perSecond)), out);
            s.own(SampleType.STRING, out);
            stream.worker().scratch().giveSink(out);
            return hasDate;
        };
    }
}
