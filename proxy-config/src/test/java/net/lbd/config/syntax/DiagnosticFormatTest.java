package net.lbd.config.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** What machines read: every JSON document is YAML too, so SnakeYAML reads it back. */
class DiagnosticFormatTest {

    private static final Diagnostic ERROR = new Diagnostic(Severity.ERROR, "LB1207", new SourceLocation("a b.cfg", 3, 5), 3,
            "    10q \"\\\t\u0001\u00e4\ud800", "unknown unit 'q'", Optional.of("use us, ms, s, m, h or d"));
    private static final Diagnostic ADVICE = new Diagnostic(Severity.NOTICE, "LBX013", new SourceLocation("/etc/lbd.cfg", 9, 1), 0,
            "", "too short", Optional.empty());

    @Test
    void jsonHoldsEveryField() {
        assertThat(DiagnosticFormat.JSON.write(List.of(ADVICE), true, true)).isEqualTo("""
                {
                  "valid": true,
                  "startable": true,
                  "diagnostics": [
                    {
                      "severity": "note",
                      "code": "LBX013",
                      "file": "/etc/lbd.cfg",
                      "line": 9,
                      "column": 1,
                      "length": 0,
                      "source": "",
                      "message": "too short"
                    }
                  ]
                }
                """);
        Map<String, Object> document = read(DiagnosticFormat.JSON.write(List.of(ERROR), false, false));
        assertThat(document).containsEntry("valid", false);
        assertThat(document.get("diagnostics")).asList().first().asString().contains("hint=use us, ms, s, m, h or d", "10q \"\\\t");
    }

    @Test
    void charactersThatJsonForbidsAreEscaped() {
        assertThat(DiagnosticFormat.JSON.write(List.of(ERROR), false, false)).contains("\"    10q \\\"\\\\\\t\\u0001\u00e4\\ud800\"");
    }

    @Test
    void sarifNamesRulesAndPlaces() {
        Map<String, Object> document = read(DiagnosticFormat.SARIF.write(List.of(ERROR, ADVICE, ERROR), false, false));

        assertThat(document).containsEntry("version", "2.1.0").containsKey("$schema");
        Map<String, Object> run = at(document.get("runs"), 0);
        List<?> rules = (List<?>) ((Map<?, ?>) ((Map<?, ?>) run.get("tool")).get("driver")).get("rules");
        assertThat(rules.stream().map(r -> (Object) ((Map<?, ?>) r).get("id")).toList()).containsExactly("LB1207", "LBX013");
        assertThat((List<?>) run.get("results")).hasSize(3);
        Map<String, Object> first = at(run.get("results"), 0);
        assertThat(first).containsEntry("ruleId", "LB1207").containsEntry("ruleIndex", 0).containsEntry("level", "error");
        Map<?, ?> place = (Map<?, ?>) at(first.get("locations"), 0).get("physicalLocation");
        assertThat(place.get("artifactLocation")).isEqualTo(Map.of("uri", "a%20b.cfg"));
        assertThat(((Map<?, ?>) place.get("region")).get("startLine")).isEqualTo(3);
        assertThat(((Map<?, ?>) place.get("region")).get("startColumn")).isEqualTo(5);
        assertThat(((Map<?, ?>) place.get("region")).get("endColumn")).isEqualTo(8);
        assertThat(at(run.get("results"), 1)).containsEntry("level", "note").asString().contains("file:///etc/lbd.cfg");
        assertThat(at(run.get("invocations"), 0)).containsEntry("exitCode", 1);
    }

    @Test
    void sarifIsWhatItsSchemaWants() throws IOException {
        JsonSchema schema;
        try (InputStream in = getClass().getResourceAsStream("/sarif/sarif-2.1.0-rtm.5.json")) {
            schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(in);
        }
        for (List<Diagnostic> found : List.of(List.of(ERROR, ADVICE, ERROR), List.<Diagnostic>of())) {
            assertThat(schema.validate(DiagnosticFormat.SARIF.write(found, found.isEmpty(), false), InputFormat.JSON)).isEmpty();
        }
        assertThat(schema.validate("{\"version\": \"2.0.0\", \"runs\": 1}", InputFormat.JSON)).isNotEmpty();
    }

    @Test
    void nothingFoundIsADocumentToo() {
        assertThat(DiagnosticFormat.JSON.write(List.of(), true, true)).isEqualTo("{\n  \"valid\": true,\n  \"startable\": true,\n  \"diagnostics\": []\n}\n");
        assertThat(at(read(DiagnosticFormat.SARIF.write(List.of(), true, true)).get("runs"), 0)).containsEntry("results", List.of());
    }

    private static Map<String, Object> read(String document) {
        // YAML has no place for a control character or half a surrogate pair, escaped or not.
        return new Yaml().load(document.replace("\\u0001", "").replace("\\ud800", ""));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> at(Object list, int index) {
        return (Map<String, Object>) ((List<?>) list).get(index);
    }
}
