package net.lbd.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import net.lbd.cli.Fixtures;
import net.lbd.cli.reload.CoreEngine;
import net.lbd.cli.reload.Engine;
import net.lbd.cli.reload.ReloadResult;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.core.runtime.EngineOptions;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands on certificates, authorities, revocation lists and ticket keys answer as HAProxy's do: the same lines through both sockets. */
@Timeout(120)
class CertificateCommandsTest {

    private static final Path HAPROXY = Path.of("/usr/sbin/haproxy");
    private static final String KEY = Base64.getEncoder().encodeToString(new byte[48]);

    /** {@code P} stands for the folder, {@code <x} for the content of file x as a payload. */
    private static final List<String> COMMANDS = List.of(
            "show ssl cert", "show ssl cert P/a.pem", "show ssl cert P/none.pem", "set ssl cert P/a.pem <a2.pem", "show ssl cert",
            "show ssl cert *P/a.pem", "abort ssl cert P/b.pem", "commit ssl cert P/a.pem", "show ssl cert P/a.pem", "commit ssl cert P/a.pem",
            "abort ssl cert P/a.pem", "set ssl cert P/a.pem <a2.crt", "commit ssl cert P/a.pem", "set ssl cert P/a.pem.key <a2.key",
            "commit ssl cert P/a.pem", "set ssl cert P/a.pem <mix.pem", "commit ssl cert P/a.pem", "abort ssl cert P/a.pem",
            "set ssl cert P/a.pem <keys.txt", "set ssl cert P/none.pem <a.pem", "set ssl cert P/none.pem", "set ssl cert", "commit ssl cert",
            "abort ssl cert", "new ssl cert", "new ssl cert P/c.pem", "new ssl cert P/c.pem", "show ssl cert P/c.pem", "set ssl cert P/c.pem <c.pem",
            "show ssl cert *P/c.pem", "show ssl cert P/c.pem", "del ssl cert P/a.pem", "del ssl cert",
            "show ssl crt-list", "show ssl crt-list P/list.txt", "show ssl crt-list -n P/list.txt", "show ssl crt-list none",
            "add ssl crt-list P/list.txt P/none.pem", "add ssl crt-list none P/a.pem", "add ssl crt-list P/list.txt P/a.pem",
            "add ssl crt-list P/list.txt P/a.pem", "add ssl crt-list", "show ssl crt-list -n P/list.txt", "del ssl crt-list P/list.txt P/a.pem",
            "del ssl crt-list P/list.txt P/a.pem:2", "show ssl crt-list -n P/list.txt", "del ssl crt-list P/list.txt P/none.pem", "del ssl crt-list",
            "show ssl ca-file P/ca.pem", "show ssl ca-file P/ca.pem:1", "show ssl ca-file P/ca.pem:2", "show ssl ca-file none",
            "set ssl ca-file P/ca.pem <ca.pem", "show ssl ca-file *P/ca.pem", "abort ssl ca-file none", "abort ssl ca-file P/ca.pem",
            "commit ssl ca-file P/ca.pem", "abort ssl ca-file P/ca.pem", "set ssl ca-file none <ca.pem", "set ssl ca-file P/ca.pem <keys.txt",
            "set ssl ca-file P/ca.pem", "new ssl ca-file", "new ssl ca-file nca", "new ssl ca-file nca", "show ssl ca-file nca",
            "set ssl ca-file nca <ca.pem", "show ssl ca-file *nca", "commit ssl ca-file nca", "show ssl ca-file nca", "del ssl ca-file nca",
            "del ssl ca-file nca", "del ssl ca-file P/ca.pem",
            "show ssl crl-file", "show ssl crl-file P/crl.pem", "show ssl crl-file none", "set ssl crl-file P/crl.pem <crl2.pem", "show ssl crl-file",
            "show ssl crl-file *P/crl.pem", "abort ssl crl-file P/crl.pem", "commit ssl crl-file P/crl.pem", "set ssl crl-file P/crl.pem <keys.txt",
            "set ssl crl-file none <crl.pem", "new ssl crl-file ncrl", "new ssl crl-file ncrl", "show ssl crl-file ncrl", "del ssl crl-file ncrl",
            "del ssl crl-file ncrl", "del ssl crl-file P/crl.pem",
            "show tls-keys", "show tls-keys *", "show tls-keys #0", "show tls-keys 7", "show tls-keys P/keys.txt", "set ssl tls-key #0 " + KEY,
            "set ssl tls-key P/keys.txt " + KEY, "set ssl tls-key 9 " + KEY, "set ssl tls-key #0 abc", "set ssl tls-key #0", "show tls-keys *",
            "show ssl ocsp-response", "show ssl ocsp-response 00", "set ssl ocsp-response", "set ssl ocsp-response abcd", "set ssl ocsp-response !!",
            "set ssl ocsp-response OCSP-OF-C", "set ssl ocsp-response OCSP-OF-B", "show ssl cert P/b.pem");

    @TempDir
    private static Path folder;

    @BeforeAll
    static void makeFiles() throws Exception {
        assumeTrue(Files.isExecutable(HAPROXY) && Files.isExecutable(Path.of("/usr/bin/openssl")), "haproxy and openssl are not installed");
        Process process = new ProcessBuilder("sh", "-ec", """
                new='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
                openssl req -x509 $new -keyout ca.key -out ca.pem -days 3650 -subj '/CN=Oracle CA' -addext keyUsage=keyCertSign,cRLSign
                for n in a a2 b c; do
                  openssl req $new -keyout $n.key -out $n.csr -subj "/O=Example/CN=$n.example"
                  echo "subjectAltName=DNS:$n.example,DNS:www.$n.example" >ext
                  openssl x509 -req -in $n.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 365 -out $n.crt -extfile ext
                  cat $n.crt $n.key >$n.pem
                done
                cat b.crt a.key >mix.pem
                touch index; echo 01 >crlnumber
                printf '[ca]\\ndefault_ca=d\\n[d]\\ndatabase=index\\ncrlnumber=crlnumber\\ndefault_md=sha256\\ndefault_crl_days=10\\n' >ca.cnf
                openssl ca -config ca.cnf -gencrl -keyfile ca.key -cert ca.pem -out crl.pem
                openssl ca -config ca.cnf -revoke a.crt -keyfile ca.key -cert ca.pem
                openssl ca -config ca.cnf -gencrl -keyfile ca.key -cert ca.pem -out crl2.pem
                for i in 1 2 3; do openssl rand -base64 48 | tr -d '\\n'; echo; done >keys.txt
                for n in b c; do
                  printf 'V\\t%s\\t\\t%s\\tunknown\\t/CN=x\\n' $(date -u -d '+300 days' +%y%m%d%H%M%SZ) $(openssl x509 -in $n.crt -noout -serial | cut -d= -f2) >idx
                  openssl ocsp -index idx -rsigner ca.pem -rkey ca.key -CA ca.pem -issuer ca.pem -cert $n.crt -respout $n.ocsp -ndays 7
                done
                cp b.ocsp b.pem.ocsp; cp ca.pem b.pem.issuer
                echo "$PWD/b.pem [alpn http/1.1] b.example !x.b.example" >list.txt
                """).directory(folder.toFile()).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }

    private static String configuration(int port) {
        return """
                defaults
                  mode http
                  timeout connect 1s
                  timeout client 3s
                  timeout server 3s
                frontend f
                  bind 127.0.0.1:%1$d ssl crt %2$s/a.pem crt-list %2$s/list.txt ca-file %2$s/ca.pem crl-file %2$s/crl.pem verify optional tls-ticket-keys %2$s/keys.txt
                """.formatted(port, folder);
    }

    @Test
    void answersAreHaproxys() throws Exception {
        List<String> expected = haproxy(configuration(Ports.free()));
        List<String> actual = daemon(configuration(Ports.free()));

        SoftAssertions.assertSoftly(all -> {
            for (int i = 0; i < COMMANDS.size(); i++) {
                all.assertThat(actual.get(i)).as(COMMANDS.get(i)).isEqualTo(expected.get(i));
            }
        });
    }

    private List<String> haproxy(String configuration) throws Exception {
        Path socket = folder.resolve("h");
        Path file = folder.resolve("haproxy.cfg");
        Files.writeString(file, "global\n  stats socket " + socket + " level admin\n" + configuration);
        Process process = new ProcessBuilder(HAPROXY.toString(), "-db", "-f", file.toString())
                .redirectErrorStream(true).redirectOutput(folder.resolve("haproxy.log").toFile()).start();
        try {
            Await.until("haproxy's socket", () -> Files.exists(socket) || !process.isAlive());
            return ask(UnixDomainSocketAddress.of(socket));
        } finally {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    private List<String> daemon(String configuration) throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("d"));
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        socket.bind(address);
        try (CoreEngine engine = CoreEngine.create(new EngineOptions());
                CommandServer server = new CommandServer(socket, Level.ADMIN, new CommandTable(), new Serving(engine),
                        new CommandServer.Limits(4096, 5, Duration.ofSeconds(5)), timer)) {
            assertThat(engine.apply(Fixtures.configuration(configuration)).problems()).isEmpty();
            server.start();
            return ask(address);
        } finally {
            timer.shutdownNow();
        }
    }

    /** A daemon that serves, and does nothing else. */
    private record Serving(Engine engine) implements DaemonControl {
        @Override
        public ReloadResult reload() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void stop() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void softStop() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isStopping() {
            return false;
        }

        @Override
        public Instant startedAt() {
            return Instant.EPOCH;
        }
    }

    /** The last blank lines are of the way the answers end; HAProxy 2.6 has a NUL behind the options of a line. */
    private List<String> ask(UnixDomainSocketAddress address) throws IOException {
        List<String> answers = new ArrayList<>();
        for (String command : COMMANDS) {
            int payload = command.indexOf(" <");
            String line = (payload < 0 ? command : command.substring(0, payload)).replace(" P/", " " + folder + "/").replace("*P/", "*" + folder + "/")
                    .replace("OCSP-OF-B", base64("b.ocsp")).replace("OCSP-OF-C", base64("c.ocsp"));
            if (payload >= 0) {
                line += " <<\n" + Files.readString(folder.resolve(command.substring(payload + 2)));
            }
            try (UnixClient client = new UnixClient(address)) {
                client.send(line + "\n");
                answers.add(client.readAll().replace("\0]", "]").stripTrailing());
            }
        }
        return answers;
    }

    private static String base64(String file) throws IOException {
        return Base64.getEncoder().encodeToString(Files.readAllBytes(folder.resolve(file)));
    }
}
