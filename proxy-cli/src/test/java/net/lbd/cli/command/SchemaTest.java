package net.lbd.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import net.lbd.cli.FakeDaemon;
import net.lbd.config.model.ControlSockets.Level;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** {@code show schema json} describes what {@code show info json} and {@code show stat json} answer. */
class SchemaTest {

    private final FakeDaemon daemon = new FakeDaemon("""
            defaults
              mode http
              timeout connect 1s
              timeout client 1s
              timeout server 1s
            frontend fe
              bind 127.0.0.1:18997
              default_backend be
            backend be
              server s1 127.0.0.1:1 check
            """);

    private Object json(String command) {
        String answer = new CommandTable().run(daemon, Level.ADMIN, List.of(command.split(" ")));
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(answer);
    }

    @Test
    void answersAreAsTheSchemaSays() {
        Map<?, ?> schema = (Map<?, ?>) json("show schema json");
        List<?> info = (List<?>) json("show info json");
        List<?> stat = (List<?>) json("show stat json");
        List<?> kinds = (List<?>) schema.get("oneOf");
        assertThat(info).hasSizeGreaterThan(10);
        assertThat(stat).hasSizeGreaterThan(2);
        assertFits("info", kinds.get(0), info);
        assertFits("stat", kinds.get(1), stat);
    }

    /** The words of JSON Schema that the schema uses. */
    private static void assertFits(String path, Object schemaObject, Object value) {
        Map<?, ?> schema = (Map<?, ?>) schemaObject;
        Object type = schema.get("type");
        List<?> types = type instanceof List<?> several ? several : List.of(type);
        String is = value instanceof Map ? "object" : value instanceof List ? "array" : value instanceof Number ? "integer" : "string";
        assertThat(types.stream().map(Object::toString)).as(path).contains(is);
        if (schema.get("enum") instanceof List<?> allowed) {
            assertThat(allowed.stream().map(Object::toString)).as(path).contains(value.toString());
        }
        if (schema.get("minimum") instanceof Number least) {
            assertThat(((Number) value).longValue()).as(path).isGreaterThanOrEqualTo(least.longValue());
        }
        if (value instanceof List<?> items) {
            for (int i = 0; i < items.size(); i++) {
                assertFits(path + "[" + i + "]", schema.get("items"), items.get(i));
            }
        }
        if (value instanceof Map<?, ?> fields) {
            Set<?> known = ((Map<?, ?>) schema.get("properties")).keySet();
            assertThat(fields.keySet().stream().map(Object::toString)).as(path)
                    .containsAll(((List<?>) schema.get("required")).stream().map(Object::toString).toList())
                    .allMatch(known::contains);
            fields.forEach((name, field) -> assertFits(path + "." + name, ((Map<?, ?>) schema.get("properties")).get(name), field));
        }
    }
}
