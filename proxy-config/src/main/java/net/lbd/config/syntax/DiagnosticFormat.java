package net.lbd.config.syntax;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The forms that diagnostics can be printed in. Stateless. */
public enum DiagnosticFormat {
    /** For people; see {@link DiagnosticPrinter}. */
    TEXT,
    /**
     * One JSON object: {@code valid}, {@code startable}, and {@code diagnostics} with {@code severity} ({@code error},
     * {@code warning} or {@code note}), {@code code}, {@code file}, {@code line}, {@code column},
     * {@code length}, {@code source}, {@code message} and, where there is one, {@code hint}. Where no line
     * is to blame, {@code file} to {@code source} are left out.
     */
    JSON,
    /** SARIF 2.1.0, which code hosts and editors read. */
    SARIF;

    private static final String SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";
    private static final String PAGES = "docs/diagnostics/";

    /** {@code text}, {@code json} or {@code sarif}. */
    public static Optional<DiagnosticFormat> byName(String name) {
        return Arrays.stream(values()).filter(f -> f.name().toLowerCase(Locale.ROOT).equals(name)).findFirst();
    }

    /**
     * The whole document.
     *
     * @param valid the verdict, which a strict check does not read off the severities alone
     * @param startable whether this version also carries out all of it
     */
    public String write(List<Diagnostic> diagnostics, boolean valid, boolean startable) {
        return switch (this) {
            case TEXT -> DiagnosticPrinter.plain().print(diagnostics);
            case JSON -> JsonWriter.write(json(diagnostics, valid, startable));
            case SARIF -> JsonWriter.write(sarif(diagnostics, valid));
        };
    }

    private static Map<String, Object> json(List<Diagnostic> diagnostics, boolean valid, boolean startable) {
        List<Object> all = new ArrayList<>();
        for (Diagnostic d : diagnostics) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("severity", d.severity().sarifLevel());
            one.put("code", d.code());
            if (!d.location().isBuiltIn()) {
                one.put("file", d.location().file());
                one.put("line", d.location().line());
                one.put("column", d.location().column());
                one.put("length", d.length());
                one.put("source", Secrets.ofLine(d.sourceLine()));
            }
            one.put("message", d.message());
            d.hint().ifPresent(hint -> one.put("hint", hint));
            all.add(one);
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("valid", valid);
        document.put("startable", startable);
        document.put("diagnostics", all);
        return document;
    }

    private static Map<String, Object> sarif(List<Diagnostic> diagnostics, boolean valid) {
        Set<String> used = new LinkedHashSet<>();
        diagnostics.forEach(d -> used.add(d.code()));
        List<String> order = List.copyOf(used);
        List<Object> rules = new ArrayList<>();
        for (String id : order) {
            Code code = Arrays.stream(Code.values()).filter(c -> c.id().equals(id)).findFirst().orElseThrow();
            rules.add(map("id", id, "name", camelCase(code), "shortDescription", map("text", code.title() + "."),
                    "fullDescription", map("text", code.explanation().replace('\n', ' ')), "help", map("text", PAGES + id + ".md")));
        }
        List<Object> results = new ArrayList<>();
        diagnostics.forEach(d -> results.add(result(d, order.indexOf(d.code()))));
        Map<String, Object> run = map(
                "tool", map("driver", map("name", "lbd", "rules", rules)),
                "columnKind", "utf16CodeUnits",
                "invocations", List.of(map("executionSuccessful", true, "exitCode", valid ? 0 : 1)),
                "results", results);
        return map("$schema", SCHEMA, "version", "2.1.0", "runs", List.of(run));
    }

    private static Map<String, Object> result(Diagnostic d, int rule) {
        // SARIF counts columns from 1; the end is the column behind the last character (§3.30.8).
        Map<String, Object> region = map("startLine", d.location().line(), "startColumn", d.location().column(),
                "endColumn", d.location().column() + Math.max(1, d.length()));
        if (!d.sourceLine().isEmpty()) {
            region.put("snippet", map("text", Secrets.ofLine(d.sourceLine())));
        }
        Map<String, Object> result = map("ruleId", d.code(), "ruleIndex", rule, "level", d.severity().sarifLevel(),
                "message", map("text", d.message() + d.hint().map(h -> "\nhint: " + h).orElse("")));
        if (!d.location().isBuiltIn()) {
            result.put("locations", List.of(map("physicalLocation", map("artifactLocation", map("uri", uri(d.location().file())), "region", region))));
        }
        return result;
    }

    /** A path as a relative reference (RFC 3986 §4.2): what is not allowed in one is escaped. */
    private static String uri(String file) {
        StringBuilder out = new StringBuilder(file.startsWith("/") ? "file://" : "");
        for (byte b : file.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "-._~/+,=@".indexOf(c) >= 0;
            out.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
        }
        return out.toString();
    }

    private static String camelCase(Code code) {
        StringBuilder out = new StringBuilder();
        for (String part : code.name().split("_")) {
            out.append(part.charAt(0)).append(part.substring(1).toLowerCase(Locale.ROOT));
        }
        return out.toString();
    }

    private static Map<String, Object> map(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }
}
