package net.lbd.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.BindSettings;
import net.lbd.config.model.BindSpec;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.FrontendSpec;
import net.lbd.config.model.PortSpec;
import net.lbd.config.model.ProxyMode;
import net.lbd.testkit.ClientTls;
import net.lbd.testkit.FarmCertificates;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ReceivedMessage;

/**
 * Runs an example as it stands, in a machine of the laboratory that has all the example's addresses: the servers that it names, the daemon, and
 * a client that speaks to each bind as its users do. For each line of input, a file, it prints {@code ok FILE: …} or {@code FAILED FILE: …}.
 */
final class ExampleDriver {

    private static final List<String> SERVICES = List.of("/owa/", "/ecp/", "/ews/exchange.asmx", "/autodiscover/autodiscover.xml", "/oab/x",
            "/mapi/emsmdb/", "/rpc/rpcproxy.dll", "/Microsoft-Server-ActiveSync?Cmd=Ping");
    /** What an example keeps from an address. */
    private static final Map<String, Set<String>> DENIED =
            Map.of("ex2013-https-mixed-namespace.cfg 192.168.13.4", Set.of("/mapi/emsmdb/", "/rpc/rpcproxy.dll"));
    private static final Pattern HOST_NAMES = Pattern.compile("hdr(?:_dom|_beg)?\\(.*?[Hh]ost.*? -i ([a-z][a-z0-9.-]+)");
    private static final Pattern PORTS = Pattern.compile("\\bport ([0-9]+)");
    private static final Pattern ADDRESSES = Pattern.compile("\\b(?!127|0|255)[0-9]{1,3}(\\.[0-9]{1,3}){3}\\b(?!/)");
    private static final int PATIENCE_MILLIS = 30_000;
    private static final Path OUTPUT = Path.of("daemon.log");

    private final Path example;
    private final Path dir;
    private final FarmCertificates certificates;
    private final String text;
    private final Configuration configuration;
    private final Set<String> servers = new TreeSet<>();
    private final List<String> done = new ArrayList<>();

    private ExampleDriver(Path example, Path dir, FarmCertificates certificates) throws IOException {
        this.example = example;
        this.dir = dir;
        this.certificates = certificates;
        this.text = Files.readString(example).replace("/etc/lbd/certs", dir.toString()).replace("/run/lbd", dir.toString())
                .replace("@system-ca", certificates.ca().toString())
                // The servers have the same ports on this machine.
                .replaceAll("(?m)^(\\s+bind )\\*?:(?=[0-9])", "$110.99.9.9:");
        this.configuration = new ConfigurationLoader(Environment.ofProcess()).loadText(example.toString(), text).configuration()
                .orElseThrow(() -> new IOException("is not valid"));
    }

    public static void main(String[] words) throws Exception {
        Path dir = Path.of(words[0]);
        FarmCertificates certificates = new FarmCertificates(dir);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Path example = Path.of(line);
            ExampleDriver driver = new ExampleDriver(example, dir, certificates);
            try {
                driver.run();
                System.out.println("ok " + example.getFileName() + ": " + String.join(", ", driver.done));
            } catch (IOException | RuntimeException | AssertionError e) {
                System.out.println("FAILED " + example.getFileName() + ": " + e.getMessage() + "; before that " + driver.done + "; the daemon said "
                        + (Files.exists(dir.resolve(OUTPUT)) ? Files.readString(dir.resolve(OUTPUT)).replace('\n', '|') : "nothing"));
            }
        }
    }

    private void run() throws IOException, InterruptedException {
        Set<Integer> ports = new TreeSet<>(List.of(25, 80, 110, 135, 143, 443, 587, 993, 995));
        Matcher named = PORTS.matcher(text);
        while (named.find()) {
            ports.add(Integer.parseInt(named.group(1)));
        }
        configuration.serverGroups().stream().flatMap(b -> b.servers().stream()).forEach(server -> {
            if (server.address() instanceof AddressSpec.Ip ip && !ip.address().isLoopbackAddress()) {
                servers.add(ip.address().getHostAddress());
                if (ip.port() instanceof PortSpec.Fixed fixed) {
                    ports.add(fixed.port());
                }
            }
        });
        Matcher addresses = ADDRESSES.matcher(text);
        while (addresses.find()) {
            // It is there already where an example before this has it, too.
            new ProcessBuilder("ip", "addr", "add", addresses.group() + "/32", "dev", "lo").redirectErrorStream(true).start().waitFor();
        }
        Path file = Files.writeString(dir.resolve("example.cfg"), text);
        try (ExampleServers farm = new ExampleServers(certificates.serverContext())) {
            for (String address : servers) {
                for (int port : ports) {
                    farm.serve(InetAddress.getByName(address), port);
                }
            }
            ProcessBuilder builder = new ProcessBuilder(SourceTree.TOP.resolve("lbd").toString(), "-f", file.toString()).redirectErrorStream(true)
                    .redirectOutput(dir.resolve(OUTPUT).toFile());
            builder.environment().put("LBD_SOCKET", socket().toString());
            builder.environment().put("LBD_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
            Process daemon = builder.start();
            try {
                awaitServers(daemon);
                for (FrontendSpec frontend : configuration.frontends()) {
                    for (BindSpec bind : frontend.binds()) {
                        drive(frontend, bind);
                    }
                }
            } finally {
                daemon.destroy();
                if (!daemon.waitFor(20, TimeUnit.SECONDS)) {
                    daemon.destroyForcibly().waitFor();
                }
            }
        }
    }

    private Path socket() {
        return dir.resolve("example.sock");
    }

    // ---- the daemon

    /** Waits until every check has found its server well. */
    private void awaitServers(Process daemon) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        String waiting = "the daemon";
        while (!waiting.isEmpty()) {
            if (!daemon.isAlive()) {
                throw new IOException("the daemon has ended");
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("not up in time: " + waiting);
            }
            TimeUnit.MILLISECONDS.sleep(100);
            waiting = Files.readString(dir.resolve(OUTPUT)).contains(" is ready: ") ? notYetUp() : waiting;
        }
    }

    private String notYetUp() throws IOException {
        List<String[]> rows = command("show stat").lines().filter(l -> !l.isBlank()).map(l -> l.split(",", -1)).toList();
        List<String> titles = Arrays.asList(rows.get(0));
        int status = titles.indexOf("status");
        int check = titles.indexOf("check_status");
        List<String> waiting = new ArrayList<>();
        for (String[] row : rows.subList(1, rows.size())) {
            boolean server = !row[1].equals("FRONTEND") && !row[1].equals("BACKEND");
            if (server && !row[status].equals("no check") && !(row[status].equals("UP") && row[check].endsWith("OK"))) {
                waiting.add(row[0] + "/" + row[1] + " " + row[status] + " " + row[check] + " " + row[titles.indexOf("last_chk")]);
            }
        }
        return String.join(", ", waiting);
    }

    private String command(String line) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
            channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
            StringBuilder answer = new StringBuilder();
            ByteBuffer bytes = ByteBuffer.allocate(65_536);
            while (channel.read(bytes) >= 0) {
                answer.append(StandardCharsets.UTF_8.decode(bytes.flip()));
                bytes.clear();
            }
            return answer.toString();
        }
    }

    // ---- clients

    private void drive(FrontendSpec frontend, BindSpec bind) throws IOException {
        if (!(bind.address() instanceof AddressSpec.Ip ip) || !(ip.port() instanceof PortSpec.Fixed fixed) || ip.address().isLoopbackAddress()) {
            return;
        }
        InetAddress address = ip.address().isAnyLocalAddress() ? Inet4Address.getByName("127.0.0.1") : ip.address();
        int port = fixed.port();
        boolean ends = bind.settings().get(BindSettings.SSL) && bind.settings().find(BindSettings.STARTTLS).isEmpty();
        boolean tls = ends || frontend.mode() == ProxyMode.TCP && ExampleServers.TLS.contains(port);
        InetSocketAddress to = new InetSocketAddress(address, port);
        if (frontend.mode() == ProxyMode.HTTP || port == 443 || port == 80) {
            for (String service : SERVICES) {
                http(frontend, to, tls, service);
            }
        } else {
            try (RawClient client = connect(to, tls)) {
                boolean greets = ExampleServers.GREETINGS.containsKey(port);
                if (!greets) {
                    client.send("hello\n");
                }
                String answer = client.readUntil("\n").strip();
                boolean own = bind.settings().find(BindSettings.STARTTLS).isPresent();
                String expected = greets ? ExampleServers.GREETINGS.get(port) : "";
                if (!answer.startsWith(expected) || !own && !servers.contains(answer.substring(expected.length()).split(" ")[0])) {
                    throw new IOException(to + " answered '" + answer + "'");
                }
                done.add(port + (tls ? " over TLS" : "") + " by " + (own ? "lbd" : answer.substring(expected.length()).split(" ")[0]));
            }
        }
    }

    private void http(FrontendSpec frontend, InetSocketAddress to, boolean tls, String target) throws IOException {
        Matcher names = HOST_NAMES.matcher(text);
        String host = names.find() ? names.group(1) : "mail.example.com";
        try (RawClient client = connect(to, tls)) {
            client.send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: Basic dTpw\r\nConnection: close\r\n\r\n");
            ReceivedMessage answer = client.readResponse();
            String status = Integer.toString(answer.status());
            String body = answer.bodyText();
            boolean served = answer.status() == 200 && servers.contains(body.split(" ")[0]) && body.contains(" " + target + "\r\n");
            boolean redirected = !tls && status.startsWith("30") && answer.header("Location").orElse("").startsWith("https://");
            boolean denied = status.equals("403") && DENIED.getOrDefault(example.getFileName() + " " + to.getHostString(), Set.of()).contains(target);
            if (!served && !redirected && !denied) {
                throw new IOException(to + (tls ? " over TLS" : "") + " answered " + target + " with " + status + " (" + frontend.name() + ") "
                        + body.lines().findFirst().orElse(""));
            }
            done.add(to.getPort() + target.split("[/?]")[1] + " " + (served ? body.split(" ")[0] : status));
        }
    }

    private static RawClient connect(InetSocketAddress to, boolean tls) {
        return tls ? RawClient.connectTls(to, ClientTls.trustAll().sni(FarmCertificates.SITE_NAME)) : RawClient.connect(to);
    }
}
