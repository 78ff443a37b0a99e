package net.lbd.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
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
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.lbd.testkit.Await;
import net.lbd.testkit.FarmCertificates;

/**
 * Runs an example as it stands, in a machine of the laboratory that has all the example's addresses: the servers that it names, the daemon, and
 * a client that speaks to each bind as its users do. For each line of input, a file, it prints {@code ok FILE: …} or {@code FAILED FILE: …}.
 */
final class ExampleDriver {

    private static final Pattern ADDRESSES = Pattern.compile("\\b(?!127|0|255)[0-9]{1,3}(\\.[0-9]{1,3}){3}\\b(?!/)");
    private static final Pattern ACCEPTS = Pattern.compile("(?m)^accept = ([0-9.]+):([0-9]+)$");
    private static final int PATIENCE_MILLIS = 30_000;
    private static final Path OUTPUT = Path.of("daemon.log");

    private final ExampleText example;
    private final Path dir;

    private ExampleDriver(ExampleText example, Path dir) {
        this.example = example;
        this.dir = dir;
    }

    public static void main(String[] words) throws Exception {
        Path dir = Path.of(words[0]);
        FarmCertificates certificates = new FarmCertificates(dir);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Path example = Path.of(line);
            ExampleText text = new ExampleText(example, dir, certificates);
            ExampleClient client = new ExampleClient(text);
            try {
                new ExampleDriver(text, dir).run(certificates, client);
                System.out.println("ok " + example.getFileName() + ": " + String.join(", ", client.done()));
            } catch (IOException | RuntimeException | AssertionError e) {
                System.out.println("FAILED " + example.getFileName() + ": " + e.getMessage() + "; before that " + client.done() + "; the daemon said "
                        + (Files.exists(dir.resolve(OUTPUT)) ? Files.readString(dir.resolve(OUTPUT)).replace('\n', '|') : "nothing"));
            }
        }
    }

    private void run(FarmCertificates certificates, ExampleClient client) throws IOException, InterruptedException {
        Matcher addresses = ADDRESSES.matcher(example.text());
        while (addresses.find()) {
            // It is there already where an example before this has it, too.
            new ProcessBuilder("ip", "addr", "add", addresses.group() + "/32", "dev", "lo").redirectErrorStream(true).start().waitFor();
        }
        Path file = Files.writeString(dir.resolve("example.cfg"), example.text());
        try (ExampleServers farm = new ExampleServers(certificates.serverContext())) {
            for (String address : example.servers()) {
                for (int port : example.ports()) {
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
                client.drive();
                behindStunnel(client);
            } finally {
                daemon.destroy();
                if (!daemon.waitFor(20, TimeUnit.SECONDS)) {
                    daemon.destroyForcibly().waitFor();
                }
            }
        }
    }

    /** An example that wants stunnel has its configuration beside it. */
    private void behindStunnel(ExampleClient client) throws IOException, InterruptedException {
        Path beside = SourceTree.TOP.resolve("conf-examples").resolve(example.name().replace(".cfg", ".stunnel.conf"));
        if (!Files.exists(beside) || SourceTree.program("stunnel4").isEmpty()) {
            return;
        }
        String text = Files.readString(beside).replaceAll("(?m)^set[ug]id.*$", "").replace("/etc/lbd/certs", dir.toString()).replace("/run/lbd", dir.toString());
        Path file = Files.writeString(dir.resolve("stunnel.conf"), "foreground = yes\npid =\n" + text);
        Path log = dir.resolve("stunnel.log");
        Process stunnel = new ProcessBuilder(SourceTree.program("stunnel4").orElseThrow().toString(), file.toString()).redirectErrorStream(true)
                .redirectOutput(log.toFile()).start();
        try {
            Await.until("stunnel listens", () -> Files.readString(log).contains("Configuration successful"));
            Matcher accept = ACCEPTS.matcher(text);
            while (accept.find()) {
                client.behindTls(new InetSocketAddress(accept.group(1), Integer.parseInt(accept.group(2))));
            }
        } finally {
            stunnel.destroyForcibly().waitFor();
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
}
