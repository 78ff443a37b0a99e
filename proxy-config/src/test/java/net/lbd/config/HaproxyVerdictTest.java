package net.lbd.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Small configurations, most of them wrong, and the verdicts of lbd and of HAProxy 2.6. The cases stand in
 * {@code src/test/resources/verdicts}: a header in brackets names the section that each line below is put into; before the
 * line stands
 *
 * <pre>
 * +   both accept it
 * -   both refuse it
 * &gt;   lbd accepts what HAProxy refuses
 * &lt;   lbd refuses what HAProxy accepts
 * ;   the reason for the lines with &gt; and &lt; that follow, up to the next line of another kind
 * </pre>
 */
class HaproxyVerdictTest {

    private static final Path FOLDER = Path.of("src/test/resources/verdicts");
    private static final int AT_A_TIME = 2;
    /** A run of HAProxy costs more than all of lbd's: one case of so many is put to it, all with {@code -Dlbd.haproxy.all=true}. */
    private static final int ONE_OF = Boolean.getBoolean("lbd.haproxy.all") ? 1 : 7;

    private static final String FRONT = " timeout client 1s\n bind :8080\n ";
    private static final String BACK = " timeout server 1s\n timeout connect 1s\n server s 10.0.0.1:80\n ";
    private static final Map<String, String> SECTIONS = Map.ofEntries(
            Map.entry("global", "global\n "), Map.entry("defaults", "defaults\n mode http\n "),
            Map.entry("frontend", "frontend f\n mode http\n" + FRONT), Map.entry("tcp frontend", "frontend f\n mode tcp\n" + FRONT),
            Map.entry("backend", "backend b\n mode http\n" + BACK), Map.entry("tcp backend", "backend b\n mode tcp\n" + BACK),
            Map.entry("userlist", "userlist z\n "), Map.entry("peers", "peers z\n "), Map.entry("resolvers", "resolvers z\n "),
            Map.entry("mailers", "mailers z\n "), Map.entry("cache", "cache z\n "), Map.entry("http-errors", "http-errors z\n "),
            Map.entry("ring", "ring z\n "), Map.entry("no section", ""));

    /** What the lines may refer to. */
    private static final String BEHIND = "\nbackend be\n mode http\n timeout server 1s\n timeout connect 1s\n server s 10.0.0.1:80\n"
            + " stick-table type ip size 1k store gpc0,conn_rate(10s)\n"
            + "backend bt\n mode tcp\n timeout server 1s\n timeout connect 1s\n server s 10.0.0.1:80\n"
            + "backend bc\n mode http\n timeout server 1s\n timeout connect 1s\n server s 10.0.0.1:80 check\n"
            + "backend bs\n stick-table type string size 1k store gpc0\nbackend bi\n stick-table type integer size 1k store gpt0\n"
            + "userlist u\n user bob insecure-password x\n group g users bob\nmailers x\n mailer m 10.0.0.9:25\n"
            + "resolvers rs\n nameserver n 10.0.0.2:53\ncache x\n total-max-size 4\nhttp-errors x\n";

    private record Case(String section, char kind, String line) {
        String text() {
            return SECTIONS.get(section) + line + BEHIND;
        }

        boolean lbdAccepts() {
            return kind == '+' || kind == '>';
        }

        boolean haproxyAccepts() {
            return kind == '+' || kind == '<';
        }

        @Override
        public String toString() {
            return "[" + section + "] " + line;
        }
    }

    @TempDir
    Path scratch;

    @Test
    void lbdsVerdictIsTheOneWritten() throws IOException {
        List<String> others = new ArrayList<>();
        for (Case c : cases()) {
            LoadResult result = new ConfigurationLoader(new Environment(Map.of("HOME", "/root"), scratch)).loadText("t.cfg", c.text());
            if (result.hasErrors() == c.lbdAccepts()) {
                others.add(c + (result.hasErrors() ? " is refused: " + result.diagnostics().stream()
                        .filter(d -> d.severity() == net.lbd.config.syntax.Severity.ERROR).findFirst().orElseThrow().message() : " is accepted"));
            }
        }
        assertThat(others).isEmpty();
    }

    @Test
    void haproxysVerdictIsTheOneWritten() throws IOException, InterruptedException {
        Haproxy26.assumeInstalled();
        Queue<String> others = new ConcurrentLinkedQueue<>();
        List<Case> all = cases();
        Queue<Case> left = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < all.size(); i += ONE_OF) {
            left.add(all.get(i));
        }
        List<Thread> threads = IntStream.range(0, AT_A_TIME).mapToObj(n -> new Thread(() -> run(left, others, scratch.resolve(n + ".cfg")))).toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(others).isEmpty();
        assertThat(left).as("asked about all of them").isEmpty();
    }

    private void run(Queue<Case> left, Queue<String> others, Path file) {
        for (Case c = left.poll(); c != null; c = left.poll()) {
            try {
                Haproxy26.Run run = Haproxy26.check(c.text(), scratch, file);
                if (run.accepts() != c.haproxyAccepts()) {
                    others.add(c + (run.accepts() ? " is accepted" : " is refused: " + run.text()));
                }
            } catch (IOException | RuntimeException e) {
                others.add(c + " could not be asked: " + e);
            } catch (InterruptedException e) {
                others.add(c + " was interrupted");
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        List<Path> files;
        try (Stream<Path> found = Files.list(FOLDER)) {
            files = found.sorted().toList();
        }
        for (Path file : files) {
            String section = "";
            boolean reason = false;
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                char kind = line.isEmpty() ? ' ' : line.charAt(0);
                switch (kind) {
                    case '[' -> section = line.substring(1, line.length() - 1);
                    case ';' -> reason = true;
                    case '+', '-', '<', '>' -> {
                        assertThat(SECTIONS).as(file.toString()).containsKey(section);
                        reason = reason && kind != '+' && kind != '-';
                        assertThat(reason || kind == '+' || kind == '-').as("'" + line + "' lacks its reason").isTrue();
                        cases.add(new Case(section, kind, line.substring(2)));
                    }
                    default -> assertThat(line).isBlank();
                }
            }
        }
        assertThat(cases).hasSizeGreaterThan(300);
        return cases;
    }
}
