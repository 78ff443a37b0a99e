package net.lbd.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import net.lbd.cli.command.SocketLocations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that need no daemon. */
class ConfigurationCommandsTest {

    private static final String DAMAGED = """
            defaults
              timeout connect 1s
              timeout client 1s
              timeout server 1s
            listen l
              bind 127.0.0.1:18080
              no option forceclose
              server s 10.0.16:80
            """;

    @TempDir
    private Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... words) {
        return Lbctl.run(SocketLocations.only(folder.resolve("none.sock")),
                new Terminal(new PrintWriter(out), new PrintWriter(err), false), words);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("lbd.cfg"), text);
    }

    @Test
    void fixShowsTheDiffAndWritesNothing() throws IOException {
        Path file = file(DAMAGED);

        assertThat(run("check", "--fix", "-f", file.toString())).isZero();

        assertThat(out.toString()).contains("-  no option forceclose\n", "+  server s 10.0.0.16:80\n", "2 lines to mend; --write does it");
        assertThat(file).content().isEqualTo(DAMAGED);
    }

    @Test
    void fixWritesOnDemandAndKeepsPermissions() throws IOException {
        Path file = file(DAMAGED);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertThat(run("check", "--fix", "--write", "-f", file.toString())).isZero();

        assertThat(file).content().isEqualTo(DAMAGED.replace("  no option forceclose\n", "").replace("10.0.16", "10.0.0.16"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-r-----");
        List<String> names = new ArrayList<>();
        try (var files = Files.list(folder)) {
            files.forEach(f -> names.add(f.getFileName().toString()));
        }
        assertThat(names).containsExactly("lbd.cfg");
    }

    @Test
    void anotherCharacterSetIsKept() throws IOException {
        byte[] latin = ("# \u00e9t\u00e9\n" + DAMAGED).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        Path file = Files.write(folder.resolve("latin.cfg"), latin);

        assertThat(run("check", "--fix", "--write", "-f", file.toString())).isZero();

        assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1)).startsWith("# \u00e9t\u00e9\n");
    }

    @Test
    void writeAloneIsWrongUsage() throws IOException {
        assertThat(run("check", "--write", "-f", file(DAMAGED).toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("stand with --fix only");
    }

    @Test
    void dumpPrintsTheEffectiveConfiguration() throws IOException {
        Path file = file(DAMAGED);

        assertThat(run("config", "dump", "-f", file.toString())).isZero();

        assertThat(out.toString()).startsWith("listen l  # " + file + ":5\n  timeout connect 1s  # defaults, " + file + ":2\n");
    }

    @Test
    void dumpOfAnErroneousConfigurationIsOne() throws IOException {
        assertThat(run("config", "dump", "-f", file("frontend\n").toString())).isEqualTo(ExitCode.ERROR);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void keywordsAreListed() {
        assertThat(run("config", "keywords")).isZero();
        assertThat(out.toString()).contains("bind\t-\tyes\tssl\n");
    }

    private static final String ROUTED = """
            defaults
              mode http
              timeout connect 1s
              timeout client 1s
              timeout server 1s
            frontend f
              bind 127.0.0.1:18080
              acl owa path_beg -i /owa
              http-request deny if { src 10.0.0.0/8 } owa
              http-request set-header X-Seen %[src]
              use_backend b if owa
            backend b
              server s1 nowhere.example:80
              server s2 10.0.0.2:80 backup
            """;

    @Test
    void explainTellsEveryStep() throws IOException {
        String file = file(ROUTED).toString();

        assertThat(run("explain", "GET", "http://mail:18080/owa/", "-f", file, "--from", "192.0.2.7", "-H", "User-Agent: x")).isZero();

        assertThat(out.toString()).contains("(bind " + file + ":7)", "no  { src }  ", "yes owa  ", "* " + file + ":10  http-request set-header",
                "* " + file + ":11  use_backend b", "server s1  nowhere.example:80", "+ X-Seen: 192.0.2.7", "result: sent to s1\n");
    }

    @Test
    void explainOfADeniedRequest() throws IOException {
        assertThat(run("explain", "GET", "http://mail:18080/owa/", "-f", file(ROUTED).toString(), "--from", "10.1.2.3")).isZero();
        assertThat(out.toString()).contains("result: answered here with 403\n").doesNotContain("use_backend");
    }

    @Test
    void explainOfWhatNothingLeadsTo() throws IOException {
        assertThat(run("explain", "GET", "/elsewhere", "-f", file(ROUTED).toString())).isZero();
        assertThat(out.toString()).contains("no bind fits", "result: answered here with 503\n");
    }

    @Test
    void explainSaysWhatIsWrongWithTheCommandLine() throws IOException {
        String file = file(ROUTED).toString();
        assertThat(run("explain", "GET", "ftp://x/", "-f", file)).isEqualTo(ExitCode.USAGE);
        assertThat(run("explain", "GET", "/", "--from", "mail.example", "-f", file)).isEqualTo(ExitCode.USAGE);
        assertThat(run("explain", "GET", "/", "-H", "nonsense", "-f", file)).isEqualTo(ExitCode.USAGE);
        assertThat(run("explain", "GET", "/", "--frontend", "g", "-f", file)).isEqualTo(ExitCode.USAGE);
        assertThat(run("explain", "G(T", "/", "-f", file)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("'ftp://x/' is no URL", "'mail.example' is no IP address", "'nonsense' is no header",
                "no frontend is named 'g'", "the request is not valid");
    }

    @Test
    void casesAreComparedOneByOne() throws IOException {
        Path cases = Files.writeString(folder.resolve("cases.yaml"), """
                cases:
                  - name: owa
                    request: GET http://mail:18080/owa/
                    expect: {backend: b, servers: [s1], status: none}
                  - request: http://mail:18080/owa/
                    from: 10.1.1.1
                    headers: {X: y}
                    expect: {status: 200, backend: none}
                """);

        assertThat(run("test", cases.toString(), "-f", file(ROUTED).toString())).isEqualTo(ExitCode.ERROR);

        assertThat(out.toString()).isEqualTo("""
                ok    owa
                FAIL  case 2: http://mail:18080/owa/
                      status: expected 200, got 403
                1 of 2 cases as expected
                """);
    }

    @Test
    void aFileThatHoldsNoCasesIsTold() throws IOException {
        String file = file(ROUTED).toString();
        for (String text : List.of("cases: []", "a: b", "cases:\n - {request: /, expect: {x: y}}", "cases:\n - {request: /}", "cases: [\n",
                "cases:\n - !!java.net.URL [http://x]\n")) {
            Path cases = Files.writeString(folder.resolve("bad.yaml"), text);
            assertThat(run("test", cases.toString(), "-f", file)).as(text).isEqualTo(ExitCode.USAGE);
        }
        assertThat(err.toString()).contains("unknown word 'x'; use backend, location, server, servers, status");
    }
}
