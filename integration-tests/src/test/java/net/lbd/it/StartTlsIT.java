package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.TestCertificates;
import net.lbd.testkit.TestCertificates.KeyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** STARTTLS with real mail servers (Dovecot, Postfix and its smtp-sink) and real clients (curl, swaks, openssl). */
class StartTlsIT {

    private static final Path DOVECOT = Path.of("/usr/sbin/dovecot");
    private static final Path SMTP_SINK = Path.of("/usr/sbin/smtp-sink");
    private static final Path POSTFIX = Path.of("/usr/sbin/postfix");
    private static final Path SWAKS = Path.of("/usr/bin/swaks");

    @TempDir
    private Path dir;

    private final List<Process> processes = new ArrayList<>();

    private void start(String... command) throws Exception {
        processes.add(new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(dir.resolve("server.log").toFile()).start());
    }

    private void endServers() throws Exception {
        for (Process process : processes) {
            process.destroy();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    private Path certificate() throws Exception {
        Path pem = dir.resolve("mail.pem");
        TestCertificates.create().server(KeyKind.ECDSA, "mail.example").writePem(pem);
        return pem;
    }

    /** Offers TLS by command on both ports; the password of everybody is "secret". */
    private void startDovecot(Path pem, int imap, int pop3) throws Exception {
        Path mail = Files.createDirectory(dir.resolve("mail"));
        // Mail is kept by "nobody"; the folder is thrown away.
        for (Path folder : List.of(dir, mail)) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        Path file = Files.writeString(dir.resolve("dovecot.conf"), """
                base_dir = %1$s/run
                log_path = %1$s/dovecot.log
                protocols = imap pop3
                listen = 127.0.0.1
                mail_location = maildir:%1$s/mail/%%u
                ssl = yes
                ssl_cert = <%2$s
                ssl_key = <%2$s
                disable_plaintext_auth = no
                default_internal_user = root
                default_internal_group = root
                default_login_user = nobody
                first_valid_uid = 1
                first_valid_gid = 1
                auth_mechanisms = plain
                passdb {
                  driver = static
                  args = password=secret
                }
                userdb {
                  driver = static
                  args = uid=65534 gid=65534 home=%1$s/mail
                }
                service imap-login {
                  chroot =
                  inet_listener imap {
                    port = %3$d
                  }
                  inet_listener imaps {
                    port = 0
                  }
                }
                service pop3-login {
                  chroot =
                  inet_listener pop3 {
                    port = %4$d
                  }
                  inet_listener pop3s {
                    port = 0
                  }
                }
                service anvil {
                  chroot =
                }
                """.formatted(dir, pem, imap, pop3));
        start(DOVECOT.toString(), "-F", "-c", file.toString());
        Await.until("dovecot to listen", () -> Ports.isListening(imap) && Ports.isListening(pop3));
    }

    private String curl(String... words) {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "-k", "--max-time", "10", "-u", "bob:secret"));
        command.addAll(List.of(words));
        CommandResult result = CommandResult.of(dir, command);
        assertThat(result.exitCode()).as("%s: %s", command, result).isZero();
        return result.output();
    }

    @Test
    void imapAndPop3WithDovecot() throws Exception {
        assumeTrue(Files.isExecutable(DOVECOT), "dovecot is not installed; on Debian: apt-get install dovecot-imapd dovecot-pop3d");
        assumeTrue(System.getProperty("user.name").equals("root"), "dovecot wants to be started by root");
        Path pem = certificate();
        int imap = Ports.free();
        int pop3 = Ports.free();
        int[] at = {Ports.free(), Ports.free(), Ports.free(), Ports.free(), Ports.free()};
        String tls = "ssl crt " + pem;
        String text = """
                global
                  nbthread 1
                defaults
                  mode tcp
                  timeout connect 5s
                  timeout client 20s
                  timeout server 20s
                listen offload-imap
                  bind 127.0.0.1:%1$d %8$s starttls imap
                  server d 127.0.0.1:%6$d
                listen offload-pop3
                  bind 127.0.0.1:%2$d %8$s starttls pop3
                  server d 127.0.0.1:%7$d
                listen bridge
                  bind 127.0.0.1:%3$d %8$s starttls imap
                  server d 127.0.0.1:%6$d ssl verify none starttls imap check
                listen to-tls
                  bind 127.0.0.1:%4$d
                  server d 127.0.0.1:%7$d ssl verify none starttls pop3
                listen wrapped
                  bind 127.0.0.1:%5$d %8$s
                  server d 127.0.0.1:%6$d ssl verify none starttls imap
                """.formatted(at[0], at[1], at[2], at[3], at[4], imap, pop3, tls);
        try {
            startDovecot(pem, imap, pop3);
            try (Daemon lbd = Daemon.start(dir, text, at)) {
                assertThat(curl("--ssl-reqd", "imap://127.0.0.1:" + at[0])).contains("INBOX");
                curl("--ssl-reqd", "pop3://127.0.0.1:" + at[1]);
                assertThat(curl("--ssl-reqd", "imap://127.0.0.1:" + at[2])).contains("INBOX");
                curl("pop3://127.0.0.1:" + at[3]);
                assertThat(curl("imaps://127.0.0.1:" + at[4])).contains("INBOX");
                CommandResult refused = CommandResult.of(dir, List.of("curl", "-sS", "--max-time", "10", "-u", "bob:secret",
                        "imap://127.0.0.1:" + at[0]));
                assertThat(refused.exitCode()).as("a login in the clear").isNotZero();
                for (String[] protocol : new String[][] {{"imap", Integer.toString(at[0])}, {"pop3", Integer.toString(at[1])}}) {
                    assertThat(CommandResult.of(dir, List.of("sh", "-c", "echo | openssl s_client -connect 127.0.0.1:" + protocol[1]
                            + " -starttls " + protocol[0] + " 2>&1")).output()).contains("CN = mail.example");
                }
            }
        } finally {
            endServers();
        }
    }

    @Test
    void smtpWithSwaks() throws Exception {
        assumeTrue(Files.isExecutable(SMTP_SINK), "smtp-sink is not installed; on Debian: apt-get install postfix");
        assumeTrue(Files.isExecutable(SWAKS), "swaks is not installed; on Debian: apt-get install swaks");
        assumeTrue(CommandResult.of(dir, List.of("perl", "-MNet::SSLeay", "-e", "1")).exitCode() == 0,
                "swaks cannot speak TLS here; on Debian: apt-get install libnet-ssleay-perl");
        Path pem = certificate();
        int sink = Ports.free();
        int port = Ports.free();
        String text = """
                global
                  nbthread 1
                listen smtp
                  mode tcp
                  timeout connect 5s
                  timeout client 20s
                  timeout server 20s
                  bind 127.0.0.1:%d ssl crt %s starttls smtp
                  server s 127.0.0.1:%d
                """.formatted(port, pem, sink);
        try {
            start(SMTP_SINK.toString(), "-u", System.getProperty("user.name").equals("root") ? "nobody" : System.getProperty("user.name"),
                    "127.0.0.1:" + sink, "100");
            Await.until("smtp-sink to listen", () -> Ports.isListening(sink));
            try (Daemon lbd = Daemon.start(dir, text, port)) {
                CommandResult sent = CommandResult.of(dir, List.of(SWAKS.toString(), "--server", "127.0.0.1:" + port, "--tls",
                        "--from", "a@example.com", "--to", "b@example.com", "--timeout", "10"));
                assertThat(sent.exitCode()).as("%s", sent).isZero();
                assertThat(sent.output()).contains("=== TLS started", "<~  250");
                CommandResult clear = CommandResult.of(dir, List.of(SWAKS.toString(), "--server", "127.0.0.1:" + port,
                        "--from", "a@example.com", "--to", "b@example.com", "--timeout", "10"));
                assertThat(clear.output()).as("mail in the clear").contains("530 5.7.0 Must issue a STARTTLS command first");
            }
        } finally {
            endServers();
        }
    }

    /** One that takes mail for example.com and throws it away; on the second port only behind STARTTLS. */
    private Path startPostfix(Path pem, int smtp, int submission) throws Exception {
        Path conf = Files.createDirectory(dir.resolve("conf"));
        Path data = Files.createDirectory(dir.resolve("data"));
        Files.createDirectories(dir.resolve("queue/pid"));
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(CommandResult.of(dir, List.of("chown", "postfix", data.toString())).exitCode()).isZero();
        Files.writeString(conf.resolve("main.cf"), """
                compatibility_level = 3.6
                queue_directory = %1$s/queue
                data_directory = %1$s/data
                command_directory = /usr/sbin
                daemon_directory = /usr/lib/postfix/sbin
                mail_owner = postfix
                setgid_group = postdrop
                inet_interfaces = 127.0.0.1
                myhostname = mail.example
                mydestination = example.com
                mynetworks = 127.0.0.0/8
                local_recipient_maps =
                local_transport = discard:
                default_transport = discard:
                smtpd_tls_cert_file = %2$s
                smtpd_tls_key_file = %2$s
                smtpd_tls_security_level = may
                maillog_file = /dev/stdout
                """.formatted(dir, pem));
        StringBuilder master = new StringBuilder("127.0.0.1:%d inet n - n - - smtpd%n".formatted(smtp))
                .append("127.0.0.1:%d inet n - n - - smtpd -o smtpd_tls_security_level=encrypt%n".formatted(submission))
                .append("qmgr unix n - n 300 1 qmgr\ntlsmgr unix - - n 1000? 1 tlsmgr\nrewrite unix - - n - - trivial-rewrite\n")
                .append("postlog unix-dgram n - n - 1 postlogd\nflush unix n - n 1000? 0 flush\nproxymap unix - - n - - proxymap\n")
                .append("discard unix - - n - - discard\nerror unix - - n - - error\nretry unix - - n - - error\ncleanup unix n - n - 0 cleanup\n")
                .append("anvil unix - - n - 1 anvil\nscache unix - - n - 1 scache\nverify unix - - n - 1 verify\n");
        for (String service : List.of("bounce", "defer", "trace")) {
            master.append(service).append(" unix - - n - 0 bounce\n");
        }
        Files.writeString(conf.resolve("master.cf"), master);
        start(POSTFIX.toString(), "-c", conf.toString(), "start-fg");
        Await.until("postfix to listen", java.time.Duration.ofSeconds(60), () -> Ports.isListening(smtp) && Ports.isListening(submission),
                () -> CommandResult.of(dir, List.of("cat", "server.log")).output());
        return conf;
    }

    /** A mail through TLS by openssl; what the server said. Each command waits for the answer to the one before. */
    private String mail(int port) throws Exception {
        Process client = new ProcessBuilder("openssl", "s_client", "-connect", "127.0.0.1:" + port, "-starttls", "smtp", "-quiet", "-ign_eof")
                .redirectErrorStream(true).start();
        StringBuilder said = new StringBuilder();
        try (var answers = new java.io.BufferedReader(new java.io.InputStreamReader(client.getInputStream(), java.nio.charset.StandardCharsets.ISO_8859_1))) {
            String[][] steps = {{"", "250 "}, {"EHLO me", "250 "}, {"MAIL FROM:<a@example.com>", "250 "}, {"RCPT TO:<b@example.com>", "250 "},
                {"DATA", "354 "}, {"Subject: x\r\n\r\nhello\r\n.", "250 "}, {"QUIT", "221 "}};
            for (String[] step : steps) {
                if (!step[0].isEmpty()) {
                    client.getOutputStream().write((step[0] + "\r\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                    client.getOutputStream().flush();
                }
                String line;
                do {
                    line = answers.readLine();
                    said.append(line).append('\n');
                    assertThat(line).as("behind '%s': %s", step[0], said).isNotNull();
                } while (!line.startsWith(step[1]));
            }
        } finally {
            client.destroy();
        }
        return said.toString();
    }

    @Test
    void smtpAndSubmissionWithPostfix() throws Exception {
        assumeTrue(Files.isExecutable(POSTFIX), "postfix is not installed; on Debian: apt-get install postfix");
        assumeTrue(System.getProperty("user.name").equals("root"), "postfix wants to be started by root");
        Path pem = certificate();
        int smtp = Ports.free();
        int submission = Ports.free();
        int offload = Ports.free();
        int bridge = Ports.free();
        String text = """
                defaults
                  mode tcp
                  timeout connect 5s
                  timeout client 20s
                  timeout server 20s
                listen offload
                  bind 127.0.0.1:%d ssl crt %s starttls smtp
                  server p 127.0.0.1:%d
                listen bridge
                  bind 127.0.0.1:%d ssl crt %s starttls smtp
                  server p 127.0.0.1:%d ssl verify none starttls smtp
                """.formatted(offload, pem, smtp, bridge, pem, submission);
        try {
            startPostfix(pem, smtp, submission);
            try (Daemon lbd = Daemon.start(dir.resolve("lbd"), text, offload, bridge)) {
                for (int port : new int[] {offload, bridge}) {
                    assertThat(mail(port)).contains("250 2.0.0 Ok: queued as");
                    try (RawClient attacker = RawClient.connect(port)) {
                        // What comes in the clear behind STARTTLS must not be taken for something said behind TLS.
                        attacker.send("EHLO me\r\nSTARTTLS\r\nMAIL FROM:<evil@example.com>\r\nRCPT TO:<b@example.com>\r\n");
                        assertThat(new String(attacker.readToEnd(), java.nio.charset.StandardCharsets.ISO_8859_1)).doesNotContain("220 2.0.0", "250 2.1");
                    }
                    if (Files.isExecutable(SWAKS) && CommandResult.of(dir, List.of("perl", "-MNet::SSLeay", "-e", "1")).exitCode() == 0) {
                        CommandResult sent = CommandResult.of(dir, List.of(SWAKS.toString(), "--server", "127.0.0.1:" + port, "--tls",
                                "--from", "a@example.com", "--to", "b@example.com", "--timeout", "10"));
                        assertThat(sent.output()).contains("=== TLS started", "<~  250");
                    }
                }
                assertThat(lbd.output()).doesNotContain("evil");
            }
            assertThat(Files.readString(dir.resolve("server.log"))).contains("to=<b@example.com>").doesNotContain("evil");
        } finally {
            endServers();
        }
    }
}
