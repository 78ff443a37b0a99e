package net.lbd.config.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.GoldenTest;
import net.lbd.config.LoadResult;
import net.lbd.config.model.Configuration;
import net.lbd.config.syntax.Diagnostics;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.config.syntax.Tokenizer;
import net.lbd.config.syntax.Variables;
import org.junit.jupiter.api.Test;

/** The dump, read again, is the same model but for the places. */
class ConfigurationDumpTest {

    private static final ConfigurationLoader LOADER =
            new ConfigurationLoader(new Environment(Map.of("HOME", "/root"), Path.of("src/test/resources/tls")));

    @Test
    void defaultsStandWhereTheyApplyWithTheirOrigin() {
        String text = """
                defaults base
                  mode http
                  timeout client 10s   # comment
                  timeout server "20s"
                  http-check expect status 200
                defaults more from base
                  timeout connect 3s
                frontend f from base
                  bind :8080
                  default_backend b
                backend b from more
                  option httpchk GET /a\\ b
                  http-check expect string 200\\ OK
                  server s 10.0.0.1:80
                """;
        assertThat(LOADER.effectiveText("a.cfg", text).text()).contains("""
                frontend f  # a.cfg:8
                  mode http  # defaults, a.cfg:2
                  timeout client 10s  # defaults, a.cfg:3
                  bind :8080  # a.cfg:9
                  default_backend b  # a.cfg:10
                  # built-in: timeout http-request 10s  as timeout client
                  # built-in: timeout http-keep-alive 10s  as timeout http-request
                  # built-in: option http-keep-alive
                  # built-in: maxconn  as that of global

                backend b  # a.cfg:11
                  mode http  # defaults, a.cfg:2
                  timeout server 20s  # defaults, a.cfg:4
                  timeout connect 3s  # defaults, a.cfg:7
                  option httpchk GET "/a b"  # a.cfg:12
                  http-check expect string "200 OK"  # a.cfg:13
                  server s 10.0.0.1:80  # a.cfg:14
                  # built-in: timeout queue 3s  as timeout connect
                  # built-in: retries 3
                  # built-in: balance roundrobin
                  # built-in: http-reuse safe
                  # built-in: option http-keep-alive
                  # built-in: default-server inter 2s rise 2 fall 3 weight 1  unless a line above says otherwise
                """);
    }

    @Test
    void anErroneousConfigurationHasNone() {
        assertThat(LOADER.effectiveText("a.cfg", "frontend\n").text()).isEmpty();
    }

    @Property(tries = 2000)
    void aQuotedWordIsReadAsItself(@ForAll String text) {
        String word = text.replace("\0", "");
        String line = ConfigurationDump.quote(word);
        assertThat(line).doesNotContain("\n", "\r");
        assertThat(new Tokenizer("t", new Variables(Map.of()), new Diagnostics()).read(line, 1).orElseThrow().words())
                .singleElement().satisfies(w -> assertThat(w.text()).isEqualTo(word));
    }

    @Test
    void theComparisonSeesASetting() {
        String text = "defaults\n timeout client 1s\n timeout server 1s\nlisten l\n bind :8080\n server s 10.0.0.1:80\n";
        Configuration one = LOADER.loadText("a.cfg", text).configuration().orElseThrow();
        Configuration other = LOADER.loadText("a.cfg", text.replace("client 1s", "client 2s")).configuration().orElseThrow();

        assertThatThrownBy(() -> assertThat(other).usingRecursiveComparison().ignoringFieldsOfTypes(SourceLocation.class).isEqualTo(one))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void everyGoldenLineComesBack() throws IOException {
        int compared = 0;
        for (GoldenTest.Case c : goldenCases()) {
            if (comesBack(c.text())) {
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(1000);
    }

    @Test
    void wholeExamplesComeBack() throws IOException {
        String guide = Files.readString(Path.of("src/test/resources/guide/5.1.1.cfg"));
        assertThat(comesBack(guide)).isTrue();
        try (Stream<Path> files = Files.list(Path.of("../conf-examples/verbatim"))) {
            List<Path> accepted = files.filter(f -> f.toString().endsWith(".cfg")).filter(f -> comesBackFrom(f)).toList();
            assertThat(accepted).hasSizeGreaterThan(5);
        }
        try (Stream<Path> files = Files.list(Path.of("../conf-examples"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".cfg")).toList()) {
                assertThat(comesBackFrom(file)).as(file.toString()).isTrue();
            }
        }
        for (String name : List.of("LBX013", "LBX018", "LBX019", "LBX023")) {
            assertThat(comesBack(Files.readString(Path.of("src/test/resources/lint/" + name + ".cfg")))).isTrue();
        }
    }

    /** With the certificates of these tests, wherever the file looks for its own. */
    private static boolean comesBackFrom(Path file) {
        try {
            return comesBack(Files.readString(file).replaceAll("(crt|ca-file) [A-Za-z0-9_./@-]*\\.pem", "$1 " + "site.pem").replace("/etc/lbd/certs/", "")
                    .replaceAll("(?m)^ *(crt|ca)-base .*$", "").replaceAll("crt [A-Za-z0-9_.-]+( |$)", "crt site.pem$1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Proxies of random lines, below defaults of random lines. */
    @Property(tries = 150)
    void randomSectionsComeBack(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        List<GoldenTest.Case> good = goldenCases().stream()
                .filter(c -> c.expected().stream().noneMatch(e -> e.contains(" ERROR ")) && !c.line().startsWith(".")).toList();
        StringBuilder text = new StringBuilder("defaults\n mode http\n timeout client 1s\n timeout server 1s\n");
        lines(text, good, "defaults", random);
        text.append("defaults other\n mode http\n");
        lines(text, good, "named defaults", random);
        text.append("frontend f\n bind :8080\n");
        lines(text, good, "frontend", random);
        text.append("listen l from other\n bind :8081\n");
        lines(text, good, "listen", random);
        text.append("backend b\n");
        lines(text, good, "backend", random);
        text.append("backend be\n mode http\n server s 10.0.0.1:80\n stick-table type ip size 1k\nbackend bt\n mode tcp\n"
                + "userlist u\n user bob insecure-password x\nmailers x\nresolvers rs\ncache x\nhttp-errors x\n");
        comesBack(text.toString());
    }

    private static void lines(StringBuilder text, List<GoldenTest.Case> good, String section, Random random) {
        List<String> lines = good.stream().filter(c -> c.section().equals(section)).map(GoldenTest.Case::line).toList();
        for (int i = random.nextInt(6); i > 0 && !lines.isEmpty(); i--) {
            text.append(' ').append(lines.get(random.nextInt(lines.size()))).append('\n');
        }
    }

    /** Whether the text was accepted, and so could be compared. */
    private static boolean comesBack(String text) {
        ConfigurationLoader.Effective first = LOADER.effectiveText("a.cfg", text);
        if (first.text().isEmpty()) {
            return false;
        }
        LoadResult again = LOADER.loadText("b.cfg", first.text().get());
        assertThat(again.configuration()).as("%s%n%s", first.text().get(), again.diagnostics()).isPresent();
        Configuration before = first.result().configuration().orElseThrow();
        assertThat(again.configuration().get()).as(first.text().get()).usingRecursiveComparison()
                .ignoringFieldsOfTypes(SourceLocation.class).isEqualTo(before);
        return true;
    }

    private static List<GoldenTest.Case> goldenCases() throws IOException {
        List<GoldenTest.Case> cases = new ArrayList<>();
        for (Path file : GoldenTest.files()) {
            cases.addAll(GoldenTest.cases(file));
        }
        return cases;
    }
}
