package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.BindSettings;
import net.lbd.config.model.BindSpec;
import net.lbd.config.model.DirectorSpec;
import net.lbd.config.model.FrontendSpec;
import net.lbd.config.model.PortSpec;
import net.lbd.testkit.Await;
import net.lbd.testkit.FarmCertificates;
import net.lbd.testkit.lab.Lab;
import net.lbd.testkit.lab.LabProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each mode of SMTP, IMAP and POP3, as its example says, in a network of its own with real Dovecots and Postfixes as servers and curl as the
 * client: a mail of 5 MB goes in through each port that takes mail, is filed and read through each port of IMAP, and is fetched whole
 * through each port of POP3; then a server is gone, and all of it works again.
 */
class MailModesIT {

    private static final int MAIL_LINES = 70_000;
    /** Most of it is waiting: for checks, and for curl to ask again. */
    private static final int AT_ONCE = 6;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Map<Integer, String> PROTOCOLS = new TreeMap<>(Map.of(25, "smtp", 587, "smtp", 465, "smtps", 110, "pop3", 143, "imap", 993, "imaps", 995, "pop3s"));

    @TempDir
    private static Path dir;
    private static FarmCertificates certificates;
    private static ExecutorService pool;
    private static final Map<String, Future<?>> RUNS = new LinkedHashMap<>();

    /** Those about mail; pairs are tried elsewhere. */
    static List<String> modes() throws IOException {
        return SourceTree.files("conf-examples", ".cfg").stream().map(p -> p.getFileName().toString()).filter(name -> name.matches(".*(imap|pop|smtp).*")).toList();
    }

    /** A port that users connect to. */
    private record Entry(String address, int port, boolean mustSayStartTls) {
        String url() {
            return PROTOCOLS.get(port) + "://" + address + ":" + port;
        }
    }

    @BeforeAll
    static void beginAll() throws IOException {
        Stream.of(Lab.missing(), missing(MailServer.DOVECOT, "dovecot-imapd dovecot-pop3d"), missing(MailServer.POSTFIX, "postfix"), missing(Path.of("/usr/bin/curl"), "curl"))
                .flatMap(Optional::stream).forEach(reason -> assumeTrue(false, reason));
        certificates = FarmCertificates.in(Files.createDirectories(dir.resolve("certificates")));
        // Mailboxes belong to nobody, who must reach them.
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
        pool = Executors.newFixedThreadPool(AT_ONCE);
        for (String mode : modes()) {
            RUNS.put(mode, pool.submit(() -> {
                carry(mode);
                return null;
            }));
        }
    }

    private static Optional<String> missing(Path file, String debianPackage) {
        return Files.exists(file) ? Optional.empty() : Optional.of(file + " is not there; on Debian: apt-get install " + debianPackage);
    }

    @AfterAll
    static void endAll() {
        if (pool != null) {
            pool.shutdownNow();
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void carriesMail(String mode) throws Throwable {
        try {
            RUNS.get(mode).get();
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }

    private static void carry(String mode) throws IOException {
        Path own = Files.createDirectories(dir.resolve(mode.replace(".cfg", "")));
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path mail = Files.createDirectories(own.resolve("mail"));
        Files.setPosixFilePermissions(mail, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.copy(certificates.site(), own.resolve("2013.haproxylab.net.pem"));
        Files.copy(certificates.ca(), own.resolve("exchange-ca.pem"));
        ExampleText example = new ExampleText(SourceTree.TOP.resolve("conf-examples").resolve(mode), own, certificates);
        try (Lab lab = new Lab()) {
            ExampleNetwork.build(lab, example);
            if (example.text().contains("acl allowed src 192.168.0.0/24")) {
                // Who else may not send mail; the refusal is seen from the outside.
                assertThat(example.servers()).allMatch(server -> server.startsWith("192.168.0."));
                lab.cable("client", "inside", "net0", "192.168.0.77/24");
            }
            List<MailServer> servers = new ArrayList<>();
            try {
                for (String server : example.servers()) {
                    String machine = ExampleNetwork.machine(server);
                    servers.add(new MailServer(lab, machine, Files.createDirectories(own.resolve(machine)), certificates, mail));
                }
                carry(lab, example, own, servers);
            } catch (AssertionError e) {
                StringBuilder logs = new StringBuilder();
                for (MailServer server : servers) {
                    logs.append(server.log());
                }
                throw new AssertionError(mode + ": " + e.getMessage() + "\n" + logs, e);
            } finally {
                servers.forEach(MailServer::stop);
            }
        }
    }

    private static void carry(Lab lab, ExampleText example, Path own, List<MailServer> servers) throws IOException {
        Path file = Files.writeString(own.resolve("mode.cfg"), example.text().replaceFirst("(?m)^global$", "global\n    stats socket " + own.resolve("it.sock") + " level admin"));
        lab.on("lb", SourceTree.TOP.resolve("lbctl") + " preflight --apply -f " + file + " || true");
        LabProcess daemon = lab.start("lb", "env", "LBD_JAVA_OPTS=-XX:TieredStopAtLevel=1", SourceTree.TOP.resolve("lbd").toString(), "-f", file.toString());
        daemon.awaitContaining(" is ready: ");
        List<Entry> entries = entries(example);
        assertThat(entries).as("ports of mail in %s", example.name()).isNotEmpty();
        Round round = new Round(new LabControl(lab, "lb", own.resolve("it.sock")), own, entries);
        round.go();
        if (servers.size() > 1) {
            servers.get(0).vanish();
            round.go();
            servers.get(0).comeBack();
        }
        assertThat(daemon.isAlive()).isTrue();
    }

    private static List<Entry> entries(ExampleText example) {
        List<Entry> entries = new ArrayList<>();
        for (FrontendSpec frontend : example.configuration().frontends()) {
            for (BindSpec bind : frontend.binds()) {
                if (bind.address() instanceof AddressSpec.Ip ip && ip.port() instanceof PortSpec.Fixed fixed && PROTOCOLS.containsKey(fixed.port())) {
                    entries.add(new Entry(ip.address().getHostAddress(), fixed.port(), bind.settings().find(BindSettings.STARTTLS).isPresent()));
                }
            }
        }
        for (DirectorSpec director : example.configuration().directors()) {
            director.ports().stream().filter(PROTOCOLS::containsKey).forEach(port -> entries.add(new Entry(director.address().getHostAddress(), port, false)));
        }
        return entries;
    }

    /** Everything that users do, once. */
    private record Round(LabControl control, Path dir, List<Entry> entries) {

        void go() throws IOException {
            for (Entry entry : entries) {
                switch (PROTOCOLS.get(entry.port())) {
                    case "smtp", "smtps" -> send(entry);
                    case "imap", "imaps" -> file(entry);
                    default -> fetch(entry);
                }
            }
        }

        private CommandResult curl(Entry entry, String path, String... words) {
            List<String> command = new ArrayList<>(List.of("curl", "-sS", "-k", "--max-time", "30"));
            if (entry.mustSayStartTls()) {
                command.add("--ssl-reqd");
            }
            command.addAll(List.of(words));
            command.add(entry.url() + path);
            return CommandResult.of(dir, control.lab().command("client", command.toArray(String[]::new)));
        }

        /** Until checks have found the servers, and again when one is gone. */
        private String awaitDone(Entry entry, String path, String... words) {
            String[] said = {""};
            Await.until(entry.url() + " does what is asked", PATIENCE, () -> {
                CommandResult result = curl(entry, path, words);
                said[0] = result.output();
                return result.exitCode() == 0;
            }, () -> said[0] + control.ask("show stat"));
            return said[0];
        }

        private Path mail(String mark) throws IOException {
            StringBuilder text = new StringBuilder("From: a@example.com\r\nTo: bob@example.com\r\nSubject: " + mark + "\r\n\r\n");
            for (int i = 0; i < MAIL_LINES; i++) {
                text.append("line ").append(i).append(" of ").append(mark).append(", which nobody will read before it has come\r\n");
            }
            return Files.writeString(dir.resolve("mail.eml"), text);
        }

        private Path mailbox() {
            return dir.resolve("mail").resolve(MailServer.USER);
        }

        private String mark(Entry entry) {
            return "mark-" + entry.port() + "-" + System.nanoTime();
        }

        /** The body as it lies in the mailbox, without what servers put in front and how they end lines. */
        private void awaitDelivered(String mark, Path sent) throws IOException {
            Path box = mailbox().resolve("new");
            Path read = mailbox().resolve("cur");
            String body = Files.readString(sent, StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
            String wanted = body.substring(body.indexOf("\n\n"));
            Await.until("the mail " + mark + " lies in the mailbox", PATIENCE, () -> {
                for (Path folder : List.of(box, read)) {
                    if (Files.isDirectory(folder)) {
                        for (Path file : Files.list(folder).toList()) {
                            String text = Files.readString(file, StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
                            if (text.contains("Subject: " + mark)) {
                                assertThat(text.endsWith(wanted) || text.endsWith(wanted + "\n")).as("the mail %s is whole", mark).isTrue();
                                Files.delete(file);
                                return true;
                            }
                        }
                    }
                }
                return false;
            }, () -> mailbox().toString());
        }

        private void send(Entry entry) throws IOException {
            String mark = mark(entry);
            Path sent = mail(mark);
            awaitDone(entry, "/client.example", "--mail-from", "a@example.com", "--mail-rcpt", MailServer.USER + "@example.com", "-T", sent.toString());
            awaitDelivered(mark, sent);
        }

        private void file(Entry entry) throws IOException {
            String mark = mark(entry);
            Path sent = mail(mark);
            awaitDone(entry, "/INBOX", "-u", MailServer.USER + ":" + MailServer.PASSWORD, "-T", sent.toString());
            assertThat(awaitDone(entry, "/INBOX", "-u", MailServer.USER + ":" + MailServer.PASSWORD, "-X", "SEARCH SUBJECT " + mark)).containsPattern("\\* SEARCH [0-9]+");
            awaitDelivered(mark, sent);
        }

        private void fetch(Entry entry) throws IOException {
            String mark = mark(entry);
            Path sent = mail(mark);
            Path box = mailbox();
            control.lab().sh("mkdir -p " + box + "/new " + box + "/cur " + box + "/tmp; cp " + sent + " " + box + "/new/" + mark + "; chown -R 65534:65534 " + box);
            String whole = awaitDone(entry, "/1", "-u", MailServer.USER + ":" + MailServer.PASSWORD);
            assertThat(whole.replace("\r\n", "\n").strip()).isEqualTo(Files.readString(sent).replace("\r\n", "\n").strip());
            awaitDelivered(mark, sent);
        }
    }
}
