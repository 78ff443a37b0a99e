package net.lbd.config.dump;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.dump.ConfigurationDiff.Change;
import net.lbd.config.dump.ConfigurationDiff.Line;
import net.lbd.config.dump.ConfigurationDiff.Section;
import org.junit.jupiter.api.Test;

class ConfigurationDiffTest {

    private static final String TEXT = """
            global
              setenv TOKEN s3cret-of-env
            defaults
              mode http
              timeout connect 1s
              timeout client 10s
              timeout server 10s
            userlist people
              user ann insecure-password s3cret-of-ann
            frontend fe
              bind 127.0.0.1:8080
              acl one path /1
              acl two path /2
              http-request deny if one
              http-request set-header A b if two
              stats auth admin:s3cret-of-admin
              default_backend be
            backend be
              dynamic-cookie-key s3cret-of-cookie
              http-request set-header Authorization "Basic s3cretofheader"
              server s1 127.0.0.1:81
            """;

    private static List<EffectiveSection> sections(String text) {
        ConfigurationLoader.Compared compared =
                new ConfigurationLoader(new Environment(Map.of(), Path.of("/"))).comparedText("a.cfg", text);
        assertThat(compared.result().hasErrors()).as("%s", compared.result().diagnostics()).isFalse();
        return compared.sections();
    }

    private static String diff(String before, String after) {
        return ConfigurationDiff.of(sections(before), sections(after)).stream().map(ConfigurationDiffTest::text).collect(Collectors.joining());
    }

    private static String text(Section section) {
        return section.change() + " " + section.title() + "\n" + section.lines().stream()
                .map(l -> (l.added() ? "+ " : "- ") + l.text() + (l.secretChanged() ? " (secret)" : "") + "\n").collect(Collectors.joining());
    }

    @Test
    void commentsPlacesQuotesAndTheOrderOfSectionsAreNoChange() {
        String other = "# a comment\n\n" + TEXT.replace("timeout client 10s", "timeout   client \"10s\"  # ten")
                + "\n".repeat(3);

        assertThat(diff(TEXT, TEXT)).isEmpty();
        assertThat(diff(TEXT, other)).isEmpty();
    }

    @Test
    void serversTimeoutsAndSectionsAreNamed() {
        String after = TEXT.replace("timeout client 10s", "timeout client 20s") + "  server s2 127.0.0.1:82\nbackend more\n  server m 127.0.0.1:83\n";

        assertThat(diff(TEXT, after)).isEqualTo("""
                CHANGED frontend fe
                - timeout client 10s
                + timeout client 20s
                CHANGED backend be
                + server s2 127.0.0.1:82
                ADDED backend more
                + mode http
                + timeout connect 1s
                + timeout server 10s
                + server m 127.0.0.1:83
                """);
        assertThat(diff(after, TEXT)).contains("REMOVED backend more\n- mode http\n", "- server m 127.0.0.1:83\n", "- server s2 127.0.0.1:82\n");
    }

    @Test
    void rulesThatChangePlacesAreSeen() {
        String deny = "  http-request deny if one\n";
        String set = "  http-request set-header A b if two\n";

        assertThat(diff(TEXT, TEXT.replace(deny + set, set + deny))).isEqualTo("""
                CHANGED frontend fe
                - http-request deny if one
                + http-request set-header A b if two
                """.replace("+ http-request set-header A b if two\n", "") + "+ http-request deny if one\n");
    }

    @Test
    void secretsAreComparedAndNotTold() {
        String diff = diff(TEXT, TEXT.replace("s3cret", "0ther"));

        assertThat(diff).doesNotContain("s3cret", "0ther").isEqualTo("""
                CHANGED global
                - setenv TOKEN *** (secret)
                + setenv TOKEN *** (secret)
                CHANGED userlist people
                - user ann insecure-password *** (secret)
                + user ann insecure-password *** (secret)
                CHANGED frontend fe
                - stats auth admin:*** (secret)
                + stats auth admin:*** (secret)
                CHANGED backend be
                - dynamic-cookie-key *** (secret)
                - http-request set-header Authorization *** (secret)
                + dynamic-cookie-key *** (secret)
                + http-request set-header Authorization *** (secret)
                """);
        assertThat(sections(TEXT).toString()).doesNotContain("s3cret");
    }

    @Test
    void aSecretThatIsNewOrHasANewOwnerIsNotCalledAChangeOfIt() {
        assertThat(diff(TEXT, TEXT.replace("admin:s3cret", "root:s3cret"))).isEqualTo("""
                CHANGED frontend fe
                - stats auth admin:***
                + stats auth root:***
                """);
    }

    /** What is removed from the old lines and added leaves the new ones, and nothing that is common is both. */
    @Test
    void theStepsLeadFromTheOldLinesToTheNewOnes() {
        Random random = new Random(7);
        for (int round = 0; round < 500; round++) {
            List<String> before = random(random);
            List<String> after = random(random);
            List<Section> sections = ConfigurationDiff.of(List.of(section(before)), List.of(section(after)));
            List<Line> lines = sections.isEmpty() ? List.of() : sections.get(0).lines();
            List<String> removed = lines.stream().filter(l -> !l.added()).map(Line::text).toList();
            List<String> added = lines.stream().filter(Line::added).map(Line::text).toList();

            assertThat(minus(before, removed)).as("%s -> %s: %s", before, after, lines).isEqualTo(minus(after, added));
            assertThat(before.size() - removed.size()).isEqualTo(common(before, after, 0, 0));
            assertThat(sections).allMatch(s -> s.change() == Change.CHANGED);
        }
    }

    @Test
    void aSectionTooLongToCompareIsToldWhole() {
        List<String> before = new ArrayList<>();
        List<String> after = new ArrayList<>();
        for (int i = 0; i < 2500; i++) {
            before.add("server a" + i);
            after.add("server b" + i);
        }

        List<Line> lines = ConfigurationDiff.of(List.of(section(before)), List.of(section(after))).get(0).lines();

        assertThat(lines).hasSize(5000);
        assertThat(lines.subList(0, 2500)).noneMatch(Line::added);
    }

    private static List<String> random(Random random) {
        return random.ints(random.nextInt(9), 0, 4).mapToObj(i -> "line " + i).toList();
    }

    private static EffectiveSection section(List<String> lines) {
        return new EffectiveSection("backend b", lines.stream().map(l -> new EffectiveSection.Line(l, l)).toList());
    }

    /** As sorted lists: equal lines are equal, wherever they stood. */
    private static List<String> minus(List<String> all, List<String> some) {
        List<String> left = new ArrayList<>(all);
        some.forEach(left::remove);
        left.sort(String::compareTo);
        return left;
    }

    private static int common(List<String> a, List<String> b, int i, int j) {
        if (i == a.size() || j == b.size()) {
            return 0;
        }
        return a.get(i).equals(b.get(j)) ? 1 + common(a, b, i + 1, j + 1) : Math.max(common(a, b, i + 1, j), common(a, b, i, j + 1));
    }
}
