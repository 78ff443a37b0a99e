package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.PortSpec;
import net.lbd.config.model.ServerSpec;
import net.lbd.testkit.Await;
import net.lbd.testkit.FarmCertificates;
import net.lbd.testkit.lab.Lab;
import net.lbd.testkit.lab.LabProcess;

/**
 * One mode, from its first check to the death of a server: NTLM and Kerberos logins that never mix, 50 MB both ways, long polls of 70 s that
 * outlive the drain of their servers, health pages that fail, a server that dies and comes back. Used by one thread.
 */
final class FarmMode implements AutoCloseable {

    static final int ATTACHMENT_BYTES = 50 << 20;

    private static final String SITE = FarmCertificates.SITE_NAME;
    private static final int USERS = 3;
    private static final int REQUESTS = 6;
    private static final int POLL_SECONDS = 70;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Pattern STATUS = Pattern.compile("(?m)^HTTP/1.1 ([2-5][0-9]+) ");
    private static final Pattern SERVER = Pattern.compile("(?m)^X-Server: (\\S+)");
    private static final Pattern USER = Pattern.compile("(?m)^X-User: (\\S*)");
    /** More at once would be a test of this machine. */
    private static final Semaphore HEAVY = new Semaphore(2);

    /** What all modes share. */
    record Common(Path dir, FarmCertificates certificates, Path attachment, KerberosRealm realm) { }

    private final Common common;
    private final Path dir;
    private final ExampleText example;
    private final Lab lab = new Lab();
    private final LabControl control;
    private final List<FarmServer> servers = new ArrayList<>();
    private final boolean sticky;
    private final String site;

    /** The users of all modes. */
    static KerberosRealm realm(Path dir) throws IOException {
        Map<String, String> users = new LinkedHashMap<>();
        StringBuilder accounts = new StringBuilder();
        for (int i = 0; i < USERS; i++) {
            users.put("user" + i, "secret" + i);
            accounts.append("EXAMPLE:user").append(i).append(":secret").append(i).append('\n');
        }
        Files.writeString(dir.resolve("accounts"), accounts);
        return new KerberosRealm(dir.resolve("realm"), SITE, users);
    }

    FarmMode(Common common, String name) throws IOException {
        this.common = common;
        this.dir = Files.createDirectories(common.dir().resolve(name));
        Files.copy(common.certificates().site(), dir.resolve("2013.haproxylab.net.pem"));
        Files.copy(common.certificates().ca(), dir.resolve("exchange-ca.pem"));
        this.example = new ExampleText(SourceTree.TOP.resolve("conf-examples").resolve(name + ".cfg"), dir, common.certificates());
        this.sticky = Pattern.compile("(?m)^ +(stick on|option persistence|balance source|cookie) ").matcher(example.text()).find();
        this.control = new LabControl(lab, "lb", dir.resolve("it.sock"));
        this.site = address();
    }

    private String address() {
        return example.configuration().frontends().stream().flatMap(f -> f.binds().stream())
                .filter(b -> b.address() instanceof AddressSpec.Ip ip && ip.port() instanceof PortSpec.Fixed fixed && fixed.port() == 443)
                .map(b -> ((AddressSpec.Ip) b.address()).address().getHostAddress()).findFirst()
                .orElseGet(() -> example.configuration().directors().get(0).address().getHostAddress());
    }

    void run() throws Exception {
        ExampleNetwork.build(lab, example);
        for (String server : example.servers()) {
            String machine = ExampleNetwork.machine(server);
            servers.add(new FarmServer(lab, machine, dir.resolve(machine), common.certificates(), common.attachment(), common.dir().resolve("accounts"),
                    common.realm().keytab()));
        }
        // A check of eight steps with TLS may take longer than half a second while all modes do everything at once.
        Path file = Files.writeString(dir.resolve("mode.cfg"), example.text().replace("inter 500ms", "inter 2s")
                .replaceFirst("(?m)^global$", "global\n    stats socket " + control.socket() + " level admin"));
        lab.on("lb", SourceTree.TOP.resolve("lbctl") + " preflight --apply -f " + file + " || true");
        LabProcess daemon = lab.start("lb", "env", "LBD_JAVA_OPTS=-XX:TieredStopAtLevel=1", SourceTree.TOP.resolve("lbd").toString(), "-f", file.toString());
        daemon.awaitContaining(" is ready: ");
        awaitServing(names());

        List<Process> polls = List.of(poll("Ping&User=a"), poll("Ping&User=b"));
        logIns();
        attachments();
        drain();
        for (Process poll : polls) {
            assertThat(poll.waitFor(POLL_SECONDS + 60, TimeUnit.SECONDS)).as("a long poll ends").isTrue();
            assertThat(new String(poll.getInputStream().readAllBytes())).as("a long poll").endsWith("polled for " + POLL_SECONDS + " s");
        }
        if (Pattern.compile("(?i)^ *(http-check send|tcp-check send).*HealthCheck.htm", Pattern.MULTILINE).matcher(example.text()).find()) {
            servers.get(0).ail();
            awaitServing(others());
            servers.get(0).heal();
            awaitServing(names());
        }
        die();
        assertThat(daemon.isAlive()).isTrue();
    }

    private Set<String> names() {
        Set<String> names = new TreeSet<>();
        servers.forEach(server -> names.add(server.name()));
        return names;
    }

    private Set<String> others() {
        Set<String> names = names();
        names.remove(servers.get(0).name());
        return names;
    }

    /** Waits until these serve, and nobody else; of a mode that keeps users where they are, one of these. */
    private void awaitServing(Set<String> wanted) {
        List<String> last = new ArrayList<>();
        Await.until(wanted + " serve in " + example.name(), PATIENCE, () -> {
            List<String> seen = askedServers(2 * servers.size() + 2);
            last.clear();
            last.addAll(seen);
            return sticky ? wanted.containsAll(seen) : new TreeSet<>(seen).equals(wanted);
        }, () -> last + "\n" + control.ask("show stat"));
    }

    /** Who answers new connections; a failure is told as its status. */
    private List<String> askedServers(int connections) throws IOException {
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            CommandResult answer = curl(List.of(), "https://" + SITE + "/ews/page");
            List<String> statuses = all(STATUS, answer.output());
            seen.add(statuses.equals(List.of("200")) ? all(SERVER, answer.output()).get(0) : answer.exitCode() + " " + statuses);
        }
        return seen;
    }

    private static List<String> all(Pattern pattern, String text) {
        List<String> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    private List<String> curlCommand(List<String> environment, String... words) {
        List<String> command = new ArrayList<>(List.of("env"));
        command.addAll(environment);
        command.addAll(List.of("curl", "-sS", "--http1.1", "--max-time", Integer.toString(POLL_SECONDS + 30), "--cacert", common.certificates().ca().toString(),
                "--resolve", SITE + ":443:" + site));
        command.addAll(List.of(words));
        return lab.command("client", command.toArray(String[]::new));
    }

    private CommandResult curl(List<String> environment, String... words) {
        List<String> command = new ArrayList<>(curlCommand(environment, words));
        command.add("-i");
        CommandResult result = CommandResult.of(dir, Duration.ofSeconds(POLL_SECONDS + 60), command);
        return new CommandResult(result.exitCode(), result.output().replace("\r", ""));
    }

    // ---- what users do

    private Process poll(String command) throws IOException {
        return new ProcessBuilder(curlCommand(List.of(), "-X", "POST", "-d", "x", "https://" + SITE + "/Microsoft-Server-ActiveSync?Cmd=" + command
                + "&seconds=" + POLL_SECONDS)).redirectErrorStream(true).start();
    }

    private void logIns() throws Exception {
        List<Callable<Void>> all = new ArrayList<>();
        for (int i = 0; i < USERS; i++) {
            String user = "user" + i;
            all.add(() -> browse("ntlm", user, ntlm(user, "secret" + user.substring(4)), true));
            all.add(() -> browse("ntlm", user, ntlm(user, "wrong"), false));
            all.add(() -> browse("kerberos", user, List.of("KRB5_CONFIG=" + common.realm().configuration(), "KRB5CCNAME=" + common.realm().tickets(user)), true));
        }
        all.add(() -> browse("ntlm", "nobody", List.of("KRB5_CONFIG=" + common.realm().configuration(), "KRB5CCNAME=FILE:/nonexistent"), false));
        ExecutorService pool = Executors.newFixedThreadPool(all.size());
        try {
            for (Future<Void> each : pool.invokeAll(all)) {
                each.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private List<String> ntlm(String user, String secret) throws IOException {
        Path file = Files.writeString(dir.resolve(user + "-" + secret), "EXAMPLE:" + user + ":" + secret + "\n");
        return List.of("NTLM_USER_FILE=" + file);
    }

    /** One connection, several requests: all of them are the user's own, or none succeeds. */
    private Void browse(String way, String user, List<String> environment, boolean may) {
        List<String> words = new ArrayList<>(List.of("--negotiate", "-u", ":"));
        words.addAll(Collections.nCopies(REQUESTS, "https://" + SITE + "/ews/" + way + "/page"));
        String output = curl(environment, words.toArray(String[]::new)).output();
        assertThat(all(STATUS, output)).as("%s by %s: %s", user, way, output).isSubsetOf("200", "401");
        assertThat(Collections.frequency(all(STATUS, output), "200")).as("%s by %s: %s", user, way, output).isEqualTo(may ? REQUESTS : 0);
        List<String> seen = all(USER, output).stream().filter(u -> !u.isEmpty()).toList();
        assertThat(seen).as("%s by %s: %s", user, way, output).allMatch(u -> u.equals("EXAMPLE\\" + user) || u.equals(user + "@EXAMPLE.COM"));
        assertThat(seen.size() >= REQUESTS).as("%s by %s: %s", user, way, output).isEqualTo(may);
        return null;
    }

    private void attachments() throws IOException, InterruptedException {
        HEAVY.acquire();
        try {
            Path got = dir.resolve("got");
            CommandResult download = curl(List.of(), "https://" + SITE + "/oab/attachment", "-o", got.toString());
            assertThat(download.exitCode()).as(download.output()).isZero();
            // curl -i puts the head in front.
            long head = Files.size(got) - ATTACHMENT_BYTES;
            assertThat(head).as("bytes that are not the attachment").isBetween(1L, 2000L);
            assertThat(tail(got, (int) head)).isEqualTo(Files.readAllBytes(common.attachment()));
            Files.delete(got);
            CommandResult upload = curl(List.of(), "-T", common.attachment().toString(), "https://" + SITE + "/ews/up/mail");
            assertThat(all(STATUS, upload.output())).as(upload.output()).containsExactly("201");
            String taker = all(SERVER, upload.output()).get(0);
            Path taken = servers.stream().filter(s -> s.name().equals(taker)).findFirst().orElseThrow().uploaded("mail");
            assertThat(Files.mismatch(common.attachment(), taken)).as("the first byte that differs").isEqualTo(-1);
            Files.delete(taken);
        } finally {
            HEAVY.release();
        }
    }

    private static byte[] tail(Path file, int from) throws IOException {
        byte[] all = Files.readAllBytes(file);
        return java.util.Arrays.copyOfRange(all, from, all.length);
    }

    // ---- what happens to servers

    /** No new user comes to a server that is drained; where users stay with their server, to one in maintenance. */
    private void drain() throws IOException {
        set(sticky ? "maint" : "drain");
        if (!example.configuration().directors().isEmpty()) {
            // The kernel has its new rules some milliseconds behind the answer to the command.
            awaitServing(others());
        }
        assertThat(askedServers(8)).as("servers of new users in %s", example.name()).isSubsetOf(others());
        set("ready");
        awaitServing(names());
    }

    private void set(String state) {
        firstServer().forEach(name -> assertThat(control.ask("set server " + name + " state " + state).strip()).isEmpty());
    }

    /** What the example calls the first server, as {@code GROUP/SERVER}. */
    private List<String> firstServer() {
        String own = example.servers().stream().filter(s -> ExampleNetwork.machine(s).equals(servers.get(0).name())).findFirst().orElseThrow();
        List<String> names = new ArrayList<>();
        for (BackendSpec group : example.configuration().serverGroups()) {
            for (ServerSpec server : group.servers()) {
                if (server.address() instanceof AddressSpec.Ip ip && ip.address().getHostAddress().equals(own)) {
                    names.add(group.name() + "/" + server.name());
                }
            }
        }
        return names;
    }

    /** The kernel goes on to a dead server until a check has told. */
    private void awaitDown() {
        List<String> names = firstServer();
        Await.until(names + " are down", PATIENCE, () -> control.ask("show stat").lines().map(l -> l.split(",", -1))
                .filter(row -> row.length > 17 && names.contains(row[0] + "/" + row[1])).allMatch(row -> row[17].startsWith("DOWN")), () -> control.ask("show stat"));
    }

    private void die() throws IOException {
        servers.get(0).kill();
        if (example.configuration().directors().isEmpty()) {
            // Whoever comes before a check has noticed is sent on to another server.
            assertThat(askedServers(10)).as("right after the death of a server in %s", example.name()).isSubsetOf(others());
        } else {
            awaitDown();
        }
        awaitServing(others());
        assertThat(askedServers(10)).isSubsetOf(others());
        servers.get(0).start();
        awaitServing(names());
    }

    @Override
    public void close() {
        lab.close();
    }
}
