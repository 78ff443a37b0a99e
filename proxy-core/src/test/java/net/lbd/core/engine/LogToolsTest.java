package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tools that read HAProxy's logs read ours, and find the same in them for the same traffic. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LogToolsTest {

    private static final String CONFIGURATION = """
            frontend fe
              bind @BIND
              option httplog
              capture request header User-Agent len 32
              capture response header Server len 16
              http-request deny if { path /deny }
              http-request redirect location /else if { path /redirect }
              http-request return status 404 if { path /missing }
              use_backend nobody if { path_beg /nobody }
              default_backend be
            backend be
              server s @SERVER
            backend nobody
              retries 0
              server n @NOBODY
            """;

    private static final List<String> REQUESTS = List.of(
            "GET / HTTP/1.1\nHost: a\nUser-Agent: one {|} \"two\"\n\n", "GET /page?a=b HTTP/1.1\nHost: a\n\n",
            "POST /form HTTP/1.1\nHost: a\nContent-Length: 3\n\nabc", "GET /deny HTTP/1.1\nHost: a\n\n",
            "GET /redirect HTTP/1.1\nHost: a\n\n", "GET /missing HTTP/1.1\nHost: a\n\n", "GET /nobody HTTP/1.1\nHost: a\n\n",
            "HEAD / HTTP/1.1\nHost: a\n\n");

    private Path folder;
    private Path haproxys;
    private Path ours;

    @BeforeAll
    void writeLogs(@TempDir Path temporary) throws Exception {
        folder = temporary;
        assumeTrue(Files.isExecutable(HaproxyOracle.PROGRAM), "haproxy is not installed; on Debian: apt-get install haproxy");
        haproxys = file("haproxy.log", HaproxyOracle.haproxy(CONFIGURATION, REQUESTS, folder));
        ours = file("lbd.log", HaproxyOracle.engine(CONFIGURATION, REQUESTS));
        assertThat(Files.readAllLines(ours)).hasSize(REQUESTS.size());
    }

    /** As a syslog daemon would have written the lines. */
    private Path file(String name, List<String> answers) throws Exception {
        List<String> lines = new ArrayList<>();
        for (String answer : answers) {
            String line = answer.substring(answer.lastIndexOf("log: ") + 5).strip();
            lines.add("Nov 26 00:00:00 host haproxy[1234]: " + line);
        }
        return Files.write(folder.resolve(name), lines);
    }

    private String run(Path input, String... command) throws Exception {
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command).redirectInput(input.toFile()).redirectErrorStream(true)
                .redirectOutput(output.toFile()).start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("%s ended", command[0]).isTrue();
        return Files.readString(output);
    }

    private static void wants(String program, String where) {
        assumeTrue(Files.exists(Path.of(where)), program + " is not installed");
    }

    @Test
    void theLinesDifferInTimesAndPortsOnly() throws Exception {
        assertThat(masked(Files.readString(ours))).isEqualTo(masked(Files.readString(haproxys)));
    }

    /** Bytes include the head, in which a local answer names other fields. */
    private static String masked(String lines) {
        return lines.replaceAll("127\\.0\\.0\\.1:[0-9]+ \\[[^]]+]", "CLIENT").replaceAll(" [0-9-]+/[0-9-]+/[0-9-]+/[0-9-]+/[0-9+-]+ ", " TIMES ")
                .replaceAll(" ([0-9-]+) [0-9]+ - - ", " $1 BYTES - - ");
    }

    @Test
    void halogCountsTheSame() throws Exception {
        wants("halog (of the package haproxy)", "/usr/bin/halog");
        for (String what : List.of("-st", "-tc", "-u")) {
            assertThat(numbersOfTimesOut(run(ours, "/usr/bin/halog", "-q", what))).as(what)
                    .isEqualTo(numbersOfTimesOut(run(haproxys, "/usr/bin/halog", "-q", what))).isNotBlank();
        }
        assertThat(run(ours, "/usr/bin/halog", "-q", "-e", "-c")).isEqualTo(run(haproxys, "/usr/bin/halog", "-q", "-e", "-c"));
    }

    /** Of halog -u only the counts and the URL: the rest are times and bytes. */
    private static String numbersOfTimesOut(String output) {
        return output.lines().filter(l -> !l.startsWith("#")).map(l -> {
            String[] words = l.strip().split("\\s+");
            return words.length > 4 ? words[0] + " " + words[1] + " " + words[words.length - 1] : l.strip();
        }).sorted().toList().toString();
    }

    @Test
    void goaccessReadsEveryLine() throws Exception {
        wants("goaccess", "/usr/bin/goaccess");
        String json = run(ours, "/usr/bin/goaccess", "-", "--no-global-config", "--no-progress", "-o", "json",
                "--log-format=%^]: %h:%^ [%d:%t.%^] %^ %v %^/%^/%^/%^/%L %s %b %^\"%r\"", "--date-format=%d/%b/%Y", "--time-format=%H:%M:%S");
        assertThat(json.replaceAll("\\s", "")).contains("\"valid_requests\":" + REQUESTS.size()).contains("\"failed_requests\":0");
    }

    @Test
    void haproxyLogAnalysisReadsEveryLine() throws Exception {
        wants("python3-haproxy-log-analysis", "/usr/lib/python3/dist-packages/haproxy/line.py");
        String program = "import sys\nfrom haproxy.line import Line\nfor l in sys.stdin:\n print(Line(l.rstrip()).valid)\n";
        assertThat(run(ours, "/usr/bin/python3", "-c", program).lines()).containsOnly("True").hasSize(REQUESTS.size());
    }
}
