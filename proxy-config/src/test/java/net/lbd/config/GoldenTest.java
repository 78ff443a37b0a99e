package net.lbd.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.lbd.config.syntax.Diagnostic;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * One line of configuration and exactly what is said about it, for every word of the language. The
 * cases stand in {@code src/test/resources/golden}: a header in brackets names the section that the
 * lines below are put into, a line that begins with {@code =>} holds what is expected of the line above.
 *
 * <p>After an intended change {@code -Dlbd.golden.update=true} writes the present answers into the
 * files, to be read through and committed.
 */
public class GoldenTest {

    static final Path FOLDER = Path.of("src/test/resources/golden");

    private static final Map<String, String> SECTIONS = Map.ofEntries(
            Map.entry("global", "global\n"),
            Map.entry("defaults", "defaults\n"),
            Map.entry("named defaults", "defaults d\n"),
            Map.entry("frontend", "frontend f\n mode http\n timeout client 1s\n bind :8080\n"),
            Map.entry("capturing frontend", "frontend f\n mode http\n timeout client 1s\n bind :8080\n"
                    + " capture request header Host len 32\n capture response header Server len 32\n"),
            Map.entry("denying frontend", "frontend f\n mode http\n timeout client 1s\n bind :8080\n http-request deny\n"
                    + " redirect prefix /x\n use_backend be\n"),
            Map.entry("tcp frontend", "frontend f\n mode tcp\n timeout client 1s\n bind :8080\n"),
            Map.entry("checking backend", "global\n external-check\nbackend b\n mode http\n timeout server 1s\n timeout connect 1s\n"
                    + " server s1 10.0.0.1:80\n"),
            Map.entry("backend", "backend b\n mode http\n timeout server 1s\n timeout connect 1s\n"),
            Map.entry("fcgi backend", "fcgi-app x\n docroot /x\nbackend b\n mode http\n timeout server 1s\n timeout connect 1s\n"
                    + " server s1 10.0.0.1:80 proto fcgi\n"),
            Map.entry("tcp backend", "backend b\n mode tcp\n timeout server 1s\n timeout connect 1s\n"),
            Map.entry("listen", "listen l\n mode http\n timeout client 1s\n timeout server 1s\n timeout connect 1s\n bind :8080\n"),
            Map.entry("limited listen", "listen l\n mode http\n timeout client 1s\n timeout server 1s\n timeout connect 1s\n bind :8080\n"
                    + " filter bwlim-out x default-limit 1m default-period 1s\n filter bwlim-in y limit 1m key src table be\n"),
            Map.entry("tcp listen", "listen l\n mode tcp\n timeout client 1s\n timeout server 1s\n timeout connect 1s\n bind :8080\n server s 10.0.0.1:25\n"),
            Map.entry("userlist", "userlist u\n"), Map.entry("peers", "peers p\n"), Map.entry("resolvers", "resolvers r\n"),
            Map.entry("mailers", "mailers m\n"), Map.entry("cache", "cache c\n"), Map.entry("http-errors", "http-errors h\n"),
            Map.entry("ring", "ring r\n"), Map.entry("fcgi-app", "fcgi-app a\n"), Map.entry("director", "director d 10.0.0.1:25 TCP\n"),
            Map.entry("gateway director", "director d 10.0.0.1:25 TCP\n mode gateway\n"),
            Map.entry("vrrp", "vrrp v\n cluster-id 1\n role backup\n interface eth0\n virtual-address 10.0.0.9/24\n"),
            Map.entry("namespace_list", "namespace_list\n"),
            Map.entry("no section", ""));

    /** What the lines may refer to. */
    private static final String BEHIND = "\nbackend be\n mode http\n timeout server 1s\n timeout connect 1s\n server s 10.0.0.1:80\n stick-table type ip size 1k\nbackend bt\n mode tcp\n"
            + "userlist u\n user bob insecure-password x\nmailers x\nresolvers rs\ncache x\n total-max-size 4\nhttp-errors x\n"
            + "backend bc\n mode http\n timeout server 1s\n timeout connect 1s\n server s 10.0.0.1:81 check\n";

    public record Case(String section, String line, List<String> expected) {
        /** A whole configuration with the line in it. */
        public String text() {
            return SECTIONS.get(section) + line + BEHIND;
        }

        List<String> actual() {
            int number = (int) SECTIONS.get(section).chars().filter(c -> c == '\n').count() + 1;
            LoadResult result = new ConfigurationLoader(new Environment(Map.of("HOME", "/root"), Path.of("src/test/resources/tls")))
                    .loadText("t.cfg", text());
            List<String> said = new ArrayList<>();
            for (Diagnostic d : result.diagnostics()) {
                // Advice has its own cases, in LintTest.
                if (d.location().line() == number && !d.code().startsWith("LBX")) {
                    said.add("=> " + d.location().column() + "+" + d.length() + " " + d.severity() + " " + d.code() + " " + d.message()
                            + d.hint().map(h -> " / " + h.replace("\n", " / ")).orElse(""));
                }
            }
            return said.isEmpty() ? List.of("=> ok") : said;
        }
    }

    @TestFactory
    Stream<DynamicTest> saysExactlyThis() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path file : files()) {
            if (Boolean.getBoolean("lbd.golden.update")) {
                update(file);
            }
            for (Case c : cases(file)) {
                tests.add(DynamicTest.dynamicTest(file.getFileName() + " [" + c.section() + "] " + c.line(),
                        () -> assertThat(c.actual()).isEqualTo(c.expected())));
            }
        }
        assertThat(tests).hasSizeGreaterThan(100);
        return tests.stream();
    }

    public static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(f -> f.toString().endsWith(".txt")).sorted().toList();
        }
    }

    public static List<Case> cases(Path file) throws IOException {
        List<Case> cases = new ArrayList<>();
        String section = "no section";
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            if (line.startsWith("[")) {
                section = line.substring(1, line.length() - 1);
                assertThat(SECTIONS).containsKey(section);
            } else if (line.startsWith("=>")) {
                cases.get(cases.size() - 1).expected().add(line);
            } else if (!line.isBlank()) {
                cases.add(new Case(section, line, new ArrayList<>()));
            }
        }
        return cases;
    }

    private static void update(Path file) throws IOException {
        StringBuilder out = new StringBuilder();
        String section = "";
        for (Case c : cases(file)) {
            if (!c.section().equals(section)) {
                section = c.section();
                out.append(out.isEmpty() ? "" : "\n").append('[').append(section).append("]\n");
            }
            out.append(c.line()).append('\n');
            c.actual().forEach(said -> out.append(said).append('\n'));
        }
        Files.writeString(file, out);
    }
}
