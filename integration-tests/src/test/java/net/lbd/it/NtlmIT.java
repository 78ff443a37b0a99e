package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real NTLM: two Apache servers with mod_auth_gssapi and gss-ntlmssp that authenticate connections, and curl with the tokens of the same
 * library, through a daemon that shares every connection it may. Nobody ever gets another's identity, and every login succeeds
 * although the balancing wants each request on another server.
 */
class NtlmIT {

    private static final int USERS = 6;
    private static final int REQUESTS = 8;
    private static final Path MODULE = Path.of("/usr/lib/apache2/modules/mod_auth_gssapi.so");
    private static final Path MECHANISM = Path.of("/etc/gss/mech.d/mech.ntlmssp.conf");
    private static final Pattern STATUS = Pattern.compile("(?m)^HTTP/1.1 ([0-9]+) ");
    private static final Pattern USER = Pattern.compile("(?m)^X-User: (\\S*)");

    private static final String APACHE = """
            ServerName localhost
            PidFile @DIR@/pid
            DefaultRuntimeDir @DIR@
            ErrorLog @DIR@/error.log
            LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
            LoadModule authn_core_module /usr/lib/apache2/modules/mod_authn_core.so
            LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
            LoadModule authz_user_module /usr/lib/apache2/modules/mod_authz_user.so
            LoadModule auth_gssapi_module /usr/lib/apache2/modules/mod_auth_gssapi.so
            LoadModule headers_module /usr/lib/apache2/modules/mod_headers.so
            Listen 127.0.0.1:@PORT@
            ThreadsPerChild 32
            MaxRequestWorkers 32
            MaxKeepAliveRequests 0
            KeepAliveTimeout 60
            DocumentRoot @DIR@
            <Directory @DIR@>
              Require all granted
            </Directory>
            <Location /in>
              AuthType GSSAPI
              AuthName "Exchange"
              GssapiConnectionBound On
              GssapiAllowedMech ntlmssp
              Require valid-user
              Header always set X-User "expr=%{REMOTE_USER}"
            </Location>
            """;

    @TempDir
    private Path dir;

    private final List<Process> servers = new ArrayList<>();

    @BeforeEach
    void programs() {
        assumeTrue(SourceTree.program("curl").isPresent(), "curl is not installed; on Debian: apt-get install curl");
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/apache2")), "apache2 is not installed; on Debian: apt-get install apache2");
        assumeTrue(Files.exists(MODULE), "mod_auth_gssapi is not installed; on Debian: apt-get install libapache2-mod-auth-gssapi");
        assumeTrue(Files.exists(MECHANISM), "gss-ntlmssp is not installed; on Debian: apt-get install gss-ntlmssp");
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Process server : servers) {
            server.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    private int apache(String name, Path users) throws IOException {
        int port = Ports.free();
        Path folder = Files.createDirectories(dir.resolve(name));
        Files.writeString(Files.createDirectories(folder.resolve("in")).resolve("page"), "of " + name + "\n");
        Files.writeString(folder.resolve("open"), "open\n");
        Path configuration = folder.resolve("server.conf");
        Files.writeString(configuration, APACHE.replace("@DIR@", folder.toString()).replace("@PORT@", Integer.toString(port)));
        ProcessBuilder builder = new ProcessBuilder("/usr/sbin/apache2", "-X", "-d", folder.toString(), "-f", configuration.toString())
                .redirectErrorStream(true).redirectOutput(folder.resolve("output.log").toFile());
        builder.environment().put("NTLM_USER_FILE", users.toString());
        builder.environment().put("NETBIOS_DOMAIN_NAME", "EXAMPLE");
        builder.environment().put("NETBIOS_COMPUTER_NAME", name);
        Process process = builder.start();
        servers.add(process);
        Await.until(name + " to listen", () -> !process.isAlive() || Ports.isListening(port));
        assertThat(process.isAlive()).as("%s runs: %s", name, Files.readString(folder.resolve("output.log"))).isTrue();
        return port;
    }

    @Test
    void nobodyGetsAnothersIdentityAndEveryLoginSucceeds() throws Exception {
        Path users = dir.resolve("users");
        StringBuilder accounts = new StringBuilder();
        for (int i = 0; i < USERS; i++) {
            accounts.append("EXAMPLE:user").append(i).append(":secret").append(i).append('\n');
        }
        Files.writeString(users, accounts);
        int port = Ports.free();
        String text = """
                global
                  nbthread 2
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 30s
                  timeout server 30s
                listen exchange
                  bind 127.0.0.1:%d
                  balance roundrobin
                  http-reuse always
                  server ex1 127.0.0.1:%d
                  server ex2 127.0.0.1:%d
                """.formatted(port, apache("EX1", users), apache("EX2", users));
        try (Daemon lbd = Daemon.start(dir.resolve("lbd"), text, port)) {
            List<Callable<Void>> all = new ArrayList<>();
            for (int i = 0; i < USERS; i++) {
                String user = "user" + i;
                String secret = "secret" + i;
                all.add(() -> browse(port, user, secret));
                all.add(() -> browse(port, user, "wrong"));
                all.add(() -> browseWithoutLogin(port));
            }
            ExecutorService pool = Executors.newFixedThreadPool(all.size());
            try {
                for (Future<Void> each : pool.invokeAll(all)) {
                    each.get();
                }
            } finally {
                pool.shutdownNow();
            }
            assertThat(lbd.isAlive()).isTrue();
        }
    }

    /** One curl, one connection, several requests; with a wrong password none of them succeeds. */
    private Void browse(int port, String user, String secret) throws Exception {
        boolean wrong = secret.equals("wrong");
        Path credentials = dir.resolve(user + (wrong ? ".wrong" : ".right"));
        Files.writeString(credentials, "EXAMPLE:" + user + ":" + secret + "\n");
        List<String> command = new ArrayList<>(List.of("env", "NTLM_USER_FILE=" + credentials, "curl", "-sS", "-i", "--max-time", "30",
                "--negotiate", "-u", ":"));
        for (int i = 0; i < REQUESTS; i++) {
            command.add("http://127.0.0.1:" + port + "/in/page");
        }
        String output = run(command);
        List<String> successes = new ArrayList<>();
        Matcher status = STATUS.matcher(output);
        while (status.find()) {
            assertThat(status.group(1)).as(output).isIn("200", "401");
            successes.addAll(status.group(1).equals("200") ? List.of("200") : List.of());
        }
        assertThat(successes).as(output).hasSize(wrong ? 0 : REQUESTS);
        Matcher seen = USER.matcher(output);
        while (seen.find()) {
            assertThat(seen.group(1)).as(output).matches("|.*" + user + ".*");
        }
        assertThat(wrong || output.contains(user)).as(output).isTrue();
        return null;
    }

    /** Who does not log in is nobody, whoever has used the connections. */
    private Void browseWithoutLogin(int port) throws Exception {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "-i", "--max-time", "30"));
        for (int i = 0; i < REQUESTS; i++) {
            command.add("http://127.0.0.1:" + port + (i % 2 == 0 ? "/in/page" : "/open"));
        }
        String output = run(command);
        assertThat(STATUS.matcher(output).results().map(m -> m.group(1)).toList()).as(output)
                .containsExactly("401", "200", "401", "200", "401", "200", "401", "200");
        assertThat(USER.matcher(output).results().map(m -> m.group(1)).toList()).as(output).allMatch(String::isEmpty);
        return null;
    }

    private String run(List<String> command) {
        CommandResult result = CommandResult.of(dir, command);
        assertThat(result.exitCode()).as(result.output()).isZero();
        return result.output().replace("\r", "");
    }
}
