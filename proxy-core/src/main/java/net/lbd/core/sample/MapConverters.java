package net.lbd.core.sample;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.lbd.config.model.MatchMethod;
import net.lbd.config.model.SampleType;
import net.lbd.core.pattern.MapTable;

/** The {@code map} converters: one for each way to compare keys and each type of value. Source: HAProxy manual, "map". */
final class MapConverters {

    static final Map<String, ConverterCompiler> ROWS = rows();

    private MapConverters() { }

    private static Map<String, ConverterCompiler> rows() {
        Map<String, ConverterCompiler> rows = new LinkedHashMap<>();
        for (String name : List.of("beg", "dir", "dom", "end", "int", "ip", "reg", "str", "sub")) {
            MatchMethod method = MatchMethod.byKeyword(name).orElseThrow();
            rows.put(name.equals("str") ? "map" : "map_" + name, row(method, SampleType.STRING));
            rows.put("map_" + name + "_int", row(method, SampleType.INTEGER));
            rows.put("map_" + name + "_ip", row(method, SampleType.ADDRESS));
        }
        rows.put("map_regm", ConverterCompiler.named(SampleType.STRING, (arguments, names) -> new RegexMap(arguments)));
        return Collections.unmodifiableMap(rows);
    }

    private static ConverterCompiler row(MatchMethod method, SampleType output) {
        SampleType input = switch (method) {
            case INT -> SampleType.INTEGER;
            case IP -> SampleType.ADDRESS;
            default -> SampleType.STRING;
        };
        return ConverterCompiler.named(input, (arguments, names) -> {
            MapTable table = names.maps().table(arguments.map(0), method, output);
            Optional<byte[]> otherwise = arguments.has(1) ? Optional.of(arguments.bytes(1, "")) : Optional.empty();
            return (stream, s) -> {
                Optional<byte[]> found = table.find(stream, s);
                Optional<byte[]> value = found.isPresent() ? found : otherwise;
                if (value.isEmpty()) {
                    return false;
                }
                s.setView(SampleType.STRING, value.get(), 0, value.get().length);
                return Casts.cast(s, output);
            };
        });
    }

    /** {@code map_regm}: the groups of the key are filled into the value. */
    private static final class RegexMap implements Converter {
        private final ByteRegex[] keys;
        private final ByteSink[] values;
        private final Optional<byte[]> otherwise;

        RegexMap(ArgumentList arguments) {
            var entries = arguments.map(0).entries();
            keys = entries.stream().map(e -> ByteRegex.compile(e.key(), false)).toArray(ByteRegex[]::new);
            values = entries.stream().map(e -> {
                ByteSink sink = new ByteSink();
                sink.put(ConfiguredText.bytes(e.value()));
                return sink;
            }).toArray(ByteSink[]::new);
            otherwise = arguments.has(1) ? Optional.of(arguments.bytes(1, "")) : Optional.empty();
        }

        @Override
        public boolean convert(net.lbd.core.stream.Stream stream, Sample s) {
            ByteSink out = stream.worker().scratch().takeSink();
            boolean found = false;
            for (int i = 0; i < keys.length && !found; i++) {
                found = keys[i].expand(stream.worker(), s.bytes(), s.offset(), s.length(), values[i], out);
            }
            if (found) {
                s.own(SampleType.STRING, out);
            } else if (otherwise.isPresent()) {
                s.setView(SampleType.STRING, otherwise.get(), 0, otherwise.get().length);
            }
            stream.worker().scratch().giveSink(out);
            return found || otherwise.isPresent();
        }
    }
}
