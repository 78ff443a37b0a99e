package net.lbd.core.sample;

import static java.util.Map.entry;

import java.util.Map;
import net.lbd.config.model.SampleType;
import net.lbd.core.stream.Stream;

/**
 * Converters for JSON, and for the parts of JSON web tokens (RFC 7519) that are JSON. Source: HAProxy manual, "json",
 * "json_query", "jwt_header_query".
 */
final class JsonConverters {

    static final Map<String, ConverterCompiler> ROWS = Map.ofEntries(
            entry("json", ConverterCompiler.of(SampleType.STRING, (ConverterCompiler.Maker) a -> new JsonEscape(a.text(0, "ascii")))),
            entry("json_query", ConverterCompiler.of(SampleType.STRING, (ConverterCompiler.Maker) a -> {
                JsonText path = JsonText.path(a.text(0));
                boolean number = a.text(1, "").equals("int");
                return (stream, s) -> query(stream, s, path, number);
            })),
            entry("jwt_header_query", ConverterCompiler.of(SampleType.STRING, (ConverterCompiler.Maker) a -> ofToken(a, 0))),
            entry("jwt_payload_query", ConverterCompiler.of(SampleType.STRING, (ConverterCompiler.Maker) a -> ofToken(a, 1))),
            entry("jwt_verify", ConverterCompiler.named(SampleType.STRING, JwtVerify::new)));

    private JsonConverters() { }

    private static boolean query(Stream stream, Sample s, JsonText path, boolean number) {
        ByteSink out = stream.worker().scratch().takeSink();
        boolean found = path.find(s, out);
        if (found && s.hasBytes()) {
            s.own(SampleType.STRING, out);
            if (number && out.toString().matches("-?[0-9.]+([eE][+-]?[0-9]+)?")) {
                s.setInteger((long) Double.parseDouble(out.toString()));
            }
        }
        stream.worker().scratch().giveSink(out);
        return found;
    }

    /** @param part of the token, from 0 */
    private static Converter ofToken(ArgumentList a, int part) {
        JsonText path = a.has(0) && !a.text(0).isEmpty() ? JsonText.path(a.text(0)) : null;
        boolean number = a.text(1, "").equals("int");
        return (stream, s) -> {
            int at = s.offset();
            int end = at + s.length();
            for (int dots = 0; dots < part; dots++) {
                at = dot(s, at, end) + 1;
            }
            int stop = dot(s, at, end);
            if (at > end || stop >= end) {
                return false;
            }
            s.setView(SampleType.STRING, s.bytes(), at, stop - at);
            return CodecConverters.fromUrlBase64(s) && (path == null || query(stream, s, path, number));
        };
    }

    /** Where the next dot is; the end if there is none. */
    private static int dot(Sample s, int from, int end) {
        int at = from;
        while (at < end && s.bytes()[at] != '.') {
            at++;
        }
        return at;
    }
}
