package net.lbd.cli.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

/** The schema that editors use knows the same words as the reader. JSON is YAML, so the same library reads it. */
class SiteSchemaTest {

    private static final Map<String, Object> SCHEMA = new Yaml().load(SiteSchema.text());

    /** What the reader says may stand where an unknown word does. */
    private static Set<String> readerKnows(String form) {
        for (String problem : SiteFile.read("site.yaml", form).problems()) {
            Matcher list = Pattern.compile("unknown word '.*zzz'.*; here stand (.*)").matcher(problem);
            if (list.find()) {
                return new TreeSet<>(List.of(list.group(1).split(", ")));
            }
        }
        throw new AssertionError(SiteFile.read("site.yaml", form).problems());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> at(Map<String, Object> node, String key) {
        Map<String, Object> next = (Map<String, Object>) node.get(key);
        assertThat(next).as(key).isNotNull();
        return next;
    }

    /** The properties of an object, be it one of several forms or a reference. */
    @SuppressWarnings("unchecked")
    private static Set<String> properties(Map<String, Object> node) {
        if (node.get("$ref") instanceof String reference) {
            return properties(at(at(SCHEMA, "$defs"), reference.substring("#/$defs/".length())));
        }
        if (node.get("oneOf") instanceof List<?> forms) {
            return properties((Map<String, Object>) forms.stream().filter(f -> ((Map<String, Object>) f).containsKey("properties")).findFirst().orElseThrow());
        }
        if (node.get("items") instanceof Map<?, ?> items) {
            return properties((Map<String, Object>) items);
        }
        assertThat(node.get("additionalProperties")).isEqualTo(false);
        return new TreeSet<>(at(node, "properties").keySet());
    }

    @Test
    void theOutermostWordsAreTheSame() {
        assertThat(properties(SCHEMA)).isEqualTo(readerKnows("exchange: 2016\nzzz: 1\n"));
    }

    @ParameterizedTest
    @CsvSource({"http, {zzz: 1}", "imap, {zzz: 1}", "pop, {zzz: 1}", "smtp, {zzz: 1}", "rpc, {zzz: 1}", "certificate, {zzz: 1}", "timeouts, {zzz: 1}",
        "names, {zzz: 1}", "servers, [{zzz: 1}]", "smtp-servers, [{zzz: 1}]"})
    void theWordsOfEachPartAreTheSame(String key, String value) {
        assertThat(properties(at(at(SCHEMA, "properties"), key))).isEqualTo(readerKnows("exchange: 2016\n" + key + ": " + value + "\n"));
    }

    @Test
    void theChoicesAreTheSame() {
        Map<String, Object> defs = at(SCHEMA, "$defs");
        assertThat(at(defs, "http-mode").get("enum")).isEqualTo(Site.Word.words(Site.HttpMode.class));
        assertThat(at(defs, "mail-mode").get("enum")).isEqualTo(Site.Word.words(Site.MailMode.class));
    }
}
