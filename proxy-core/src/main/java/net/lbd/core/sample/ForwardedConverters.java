package net.lbd.core.sample;

import static java.util.Map.entry;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.lbd.config.model.SampleType;

/**
 * Converters that read the Forwarded header, with care: a value that is not of RFC 7239 has no result. Pure functions. Source:
 * HAProxy manual (2.8), "rfc7239_field"; RFC 7239 §4 and §6.
 */
final class ForwardedConverters {

    private static final Pattern IPV4_OR_NAME = Pattern.compile(
            "(?<name>[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|\\[[0-9A-Fa-f:.]{2,45}]|unknown|_[A-Za-z0-9._-]+)(?::(?<port>[0-9]{1,5}|_[A-Za-z0-9._-]+))?");
    private static final Pattern PAIR = Pattern.compile(
            "(?<key>[Ff][Oo][Rr]|[Bb][Yy]|[Hh][Oo][Ss][Tt]|[Pp][Rr][Oo][Tt][Oo])=(?:(?<token>[!#$%&'*+.^_`|~0-9A-Za-z-]+)"
            + "|\"(?<quoted>[^\"\\\\]*)\")");
    private static final Pattern HOST = Pattern.compile("(?:[A-Za-z0-9._~!$&'()*+,;=%-]+|\\[[0-9A-Fa-f:.]+])(?::[0-9]{1,5})?");
    private static final int MAX_LENGTH = 4096;

    static final Map<String, ConverterCompiler> ROWS = Map.ofEntries(
            entry("rfc7239_is_valid", ConverterCompiler.of(SampleType.STRING, (Converter) (stream, s) -> {
                s.setBoolean(find(s.text(), "") != null);
                return true;
            })),
            entry("rfc7239_field", ConverterCompiler.of(SampleType.STRING, (ConverterCompiler.Maker) a -> {
                String wanted = a.text(0).toLowerCase(java.util.Locale.ROOT);
                if (!wanted.matches("for|by|host|proto")) {
                    throw new IllegalArgumentException("'" + a.text(0) + "' is no field of Forwarded; use proto, host, for or by");
                }
                return (stream, s) -> {
                    String value = find(s.text(), wanted);
                    return value != null && !value.isEmpty() && text(value, s);
                };
            })),
            entry("rfc7239_n2nn", ConverterCompiler.of(SampleType.STRING, (Converter) (stream, s) -> {
                Matcher node = node(s);
                if (node == null) {
                    return false;
                }
                String name = node.group("name");
                boolean bracketed = name.charAt(0) == '[';
                text(bracketed ? name.substring(1, name.length() - 1) : name, s);
                return !bracketed && !Character.isDigit(name.charAt(0)) || Casts.cast(s, SampleType.ADDRESS);
            })),
            entry("rfc7239_n2np", ConverterCompiler.of(SampleType.STRING, (Converter) (stream, s) -> {
                Matcher node = node(s);
                String port = node == null ? null : node.group("port");
                if (port == null) {
                    return false;
                }
                if (port.charAt(0) == '_') {
                    return text(port, s);
                }
                s.setInteger(Long.parseLong(port));
                return s.number() <= 65535;
            })));

    private ForwardedConverters() { }

    private static boolean text(String value, Sample s) {
        byte[] bytes = value.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        s.setView(SampleType.STRING, bytes, 0, bytes.length);
        return true;
    }

    private static Matcher node(Sample s) {
        Matcher node = IPV4_OR_NAME.matcher(s.length() > MAX_LENGTH ? "" : s.text());
        return node.matches() ? node : null;
    }

    /**
     * The value of a field of the one element that the header has; empty if the element has no such field, null if the header is
     * not valid.
     */
    private static String find(String header, String wanted) {
        String value = "";
        int at = 0;
        java.util.Set<String> seen = new java.util.HashSet<>();
        if (header.length() > MAX_LENGTH) {
            return null;
        }
        while (true) {
            Matcher pair = PAIR.matcher(header).region(at, header.length());
            if (!pair.lookingAt()) {
                return null;
            }
            String key = pair.group("key").toLowerCase(java.util.Locale.ROOT);
            String text = pair.group("token") != null ? pair.group("token") : pair.group("quoted");
            boolean good = switch (key) {
                case "proto" -> text.equalsIgnoreCase("http") || text.equalsIgnoreCase("https");
                case "host" -> HOST.matcher(text).matches();
                default -> IPV4_OR_NAME.matcher(text).matches();
            };
            if (!good || !seen.add(key)) {
                return null;
            }
            if (key.equals(wanted)) {
                value = text;
            }
            at = pair.end();
            if (at == header.length()) {
                return value;
            }
            if (header.charAt(at) != ';') {
                return null;
            }
            at++;
        }
    }
}
