package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import net.lbd.config.model.VrrpSpec;
import net.lbd.testkit.Await;
import net.lbd.testkit.FarmCertificates;
import net.lbd.testkit.lab.Lab;
import net.lbd.testkit.lab.LabProcess;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example of a pair on two machines with keepalived: all that users ask for is answered, by the one and, when its daemon is killed, by the other. */
class PairExamplesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Path ALIVE = SourceTree.TOP.resolve("packaging/vrrp-alive");

    @TempDir
    private static Path dir;
    private static FarmCertificates certificates;

    /** A pair of files is tried once. */
    static List<Path> examples() throws IOException {
        return SourceTree.files("conf-examples", ".cfg").stream().filter(p -> SourceTree.read("conf-examples/" + p.getFileName()).contains("\nvrrp ")
                && !p.toString().endsWith("-backup.cfg")).toList();
    }

    @BeforeAll
    static void makeCertificates() throws IOException {
        Optional<String> missing = Lab.missing();
        assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/keepalived")), "pairs are left out: keepalived is not there");
        certificates = FarmCertificates.in(dir);
        Files.copy(certificates.site(), dir.resolve("2013.haproxylab.net.pem"));
        Files.copy(certificates.ca(), dir.resolve("exchange-ca.pem"));
    }

    private static String network(String address) {
        return address.substring(0, address.lastIndexOf('.'));
    }

    private static void build(Lab lab, ExampleText example) {
        Set<String> networks = new TreeSet<>();
        VrrpSpec vrrp = example.configuration().vrrp().get(0);
        vrrp.addresses().forEach(a -> networks.add(network(a.address().getHostAddress())));
        example.servers().forEach(address -> networks.add(network(address)));
        lab.machine("lb1").machine("lb2").machine("client");
        int number = 0;
        for (String network : networks) {
            String there = "net" + number;
            lab.network(there);
            for (String node : List.of("lb1", "lb2")) {
                // The second is what 'peers' of the examples name.
                lab.cable(node, "eth" + number, there, network + ".25" + node.charAt(2) + "/24", network + ".1" + (node.charAt(2) + 4 - '0') + "/24");
            }
            for (String server : example.servers()) {
                if (network(server).equals(network)) {
                    lab.machine("s" + server.substring(server.lastIndexOf('.') + 1)).cable("s" + server.substring(server.lastIndexOf('.') + 1), "eth0", there, server + "/24");
                }
            }
            number++;
        }
        lab.cable("client", "eth0", "net0", network(vrrp.addresses().get(0).address().getHostAddress()) + ".77/24");
    }

    private static LabControl control(Lab lab, String node) {
        return new LabControl(lab, node, dir.resolve(node + ".sock"));
    }

    private static LabProcess daemon(Lab lab, String node, Path example) throws IOException {
        boolean first = node.equals("lb1");
        Path own = first ? example : example.resolveSibling(example.getFileName().toString().replace("-master.cfg", "-backup.cfg"));
        String text = new ExampleText(own, dir, certificates).text().replace(dir.resolve("serves").toString(), dir.resolve(node + ".serves").toString())
                .replace(dir.resolve("admin.sock").toString(), dir.resolve(node + ".admin.sock").toString())
                .replaceFirst("(?m)^global$", "global\n    stats socket " + dir.resolve(node + ".sock") + " level admin");
        Path file = Files.writeString(dir.resolve(node + ".cfg"), text);
        LabProcess daemon = lab.start(node, "env", "LBD_ROLE=" + (first ? "master" : "backup"), "LBD_JAVA_OPTS=-XX:TieredStopAtLevel=1",
                SourceTree.TOP.resolve("lbd").toString(), "-f", file.toString());
        daemon.awaitContaining(" is ready: ");
        Path conf = dir.resolve(node + ".conf");
        lab.on(node, "LBD_ROLE=" + (first ? "master" : "backup") + " " + SourceTree.TOP.resolve("lbctl") + " vrrp config -f " + file + " -o " + conf + " --alive " + ALIVE + " --user root");
        LabControl.keepalived(lab, node, conf);
        return daemon;
    }

    private static void awaitActive(Lab lab, String node) {
        LabControl control = control(lab, node);
        Await.until(node + " holds the addresses", PATIENCE, () -> control.ask("show vrrp").contains(",ACTIVE,"), () -> control.ask("show vrrp"));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void oneAnswersAndThenTheOther(Path path) throws IOException {
        ExampleText example = new ExampleText(path, dir, certificates);
        try (Lab lab = new Lab()) {
            build(lab, example);
            Map<String, LabProcess> servers = new LinkedHashMap<>();
            for (String server : example.servers()) {
                List<String> words = new ArrayList<>(List.of("java", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                        ExampleServers.class.getName(), dir.toString(), server, "0.0.0.0"));
                example.ports().forEach(port -> words.add(port.toString()));
                servers.put(server, lab.start("s" + server.substring(server.lastIndexOf('.') + 1), words.toArray(String[]::new)));
            }
            servers.values().forEach(server -> server.await("serving"));
            LabProcess user = lab.start("client", "java", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), ExampleClient.class.getName(),
                    dir.toString());
            user.await("ready");
            LabProcess first = daemon(lab, "lb1", path);
            LabProcess second = daemon(lab, "lb2", path);
            for (String node : List.of("lb1", "lb2")) {
                Await.until("every server is up for " + node, PATIENCE, control(lab, node)::allUp, () -> control(lab, node).ask("show stat"));
            }
            awaitActive(lab, "lb1");
            assertThat(user.line(path.toString())).startsWith("ok ");

            first.kill("KILL");
            awaitActive(lab, "lb2");
            assertThat(user.line(path.toString())).as("after the takeover").startsWith("ok ");
            second.kill("TERM");
            assertThat(second.seen()).noneMatch(l -> l.contains("ERROR"));
        }
    }
}
