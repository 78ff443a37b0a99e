package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.lbd.config.model.DirectorSpec;
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
 * Every example of layer 4 and of transparent proxying, as it stands, in a network of its own: a client, the balancer, and each server on a machine.
 * What users ask for is answered, the servers see the sender that the guide's table 4.8 promises, and the end leaves nothing in the kernel.
 */
class NetworkExamplesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final List<Integer> PORTS = List.of(25, 80, 110, 143, 443, 587, 993, 995);

    @TempDir
    private static Path dir;
    private static FarmCertificates certificates;
    /** The machines of the example before: the next may want the same. */
    private static Optional<Machines> machines = Optional.empty();

    /** Those of a group stand behind each other. */
    static List<Path> examples() throws IOException {
        return SourceTree.files("conf-examples", ".cfg").stream().filter(p -> {
            String text = SourceTree.read("conf-examples/" + p.getFileName());
            return text.contains("\n    source 0.0.0.0 usesrc") || text.contains("\ndirector ");
        }).sorted(Comparator.comparing(p -> SourceTree.read("conf-examples/" + p.getFileName()).lines()
                .filter(l -> l.matches(" +(server .*|mode gateway|allow .*)")).map(l -> l.replaceAll("^ +server \\S+ ([0-9.]+).*", "$1")).distinct().sorted()
                .collect(Collectors.joining()))).toList();
    }

    @BeforeAll
    static void makeCertificates() throws IOException {
        Optional<String> missing = Lab.missing();
        assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
        certificates = FarmCertificates.in(dir);
        Files.copy(certificates.site(), dir.resolve("2013.haproxylab.net.pem"));
        Files.copy(certificates.ca(), dir.resolve("exchange-ca.pem"));
    }

    @AfterAll
    static void takeDown() {
        machines.ifPresent(m -> m.lab.close());
    }

    /** Client, balancer and servers on their networks, with what runs on them. */
    private static final class Machines {
        private final Set<String> key;
        private final Lab lab = new Lab();
        private final String client;
        private final Map<String, LabProcess> servers = new LinkedHashMap<>();
        private final LabProcess user;

        Machines(ExampleText example) throws IOException {
            key = key(example);
            client = ExampleNetwork.build(lab, example);
            for (String server : example.servers()) {
                List<String> words = new ArrayList<>(List.of("java", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                        ExampleServers.class.getName(), dir.toString(), server, "0.0.0.0"));
                PORTS.forEach(port -> words.add(port.toString()));
                servers.put(server, lab.start(ExampleNetwork.machine(server), words.toArray(String[]::new)));
            }
            user = lab.start("client", "java", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), ExampleClient.class.getName(),
                    dir.toString());
            servers.values().forEach(server -> server.await("serving"));
            user.await("ready");
        }

        static Set<String> key(ExampleText example) {
            Set<String> key = new TreeSet<>(ExampleNetwork.addresses(example));
            key.addAll(example.servers());
            example.configuration().directors().forEach(d -> key.add("allowed " + d.allowed()));
            key.add(ExampleNetwork.isDirect(example) ? "direct" : "through");
            return key;
        }

        /** Who has connected to the servers since the question before. */
        Set<String> senders() {
            Set<String> all = new TreeSet<>();
            for (LabProcess server : servers.values()) {
                for (String line = server.line("asked"); !line.equals("asked"); line = server.await("")) {
                    all.add(line);
                }
            }
            return all;
        }
    }

    private static Machines machinesFor(ExampleText example) throws IOException {
        if (machines.isEmpty() || !machines.get().key.equals(Machines.key(example))) {
            takeDown();
            machines = Optional.of(new Machines(example));
        }
        return machines.get();
    }

    /** Who the servers must see on each of their ports. */
    private static Map<Integer, String> senders(ExampleText example, String client) {
        Map<Integer, String> senders = new LinkedHashMap<>();
        for (DirectorSpec director : example.configuration().directors()) {
            String sender = director.source().map(source -> source.getHostAddress()).orElse(client);
            director.ports().forEach(port -> senders.put(port, sender));
        }
        return senders;
    }

    @ParameterizedTest
    @MethodSource("examples")
    void carriesTrafficAndShowsTheSender(Path path) throws IOException {
        ExampleText example = new ExampleText(path, dir, certificates);
        Path file = Files.writeString(dir.resolve("network.cfg"), example.text().replaceFirst("(?m)^global$", "global\n    stats socket " + dir.resolve("it.sock") + " level admin"));
        Machines group = machinesFor(example);
        Lab lab = group.lab;
        LabControl control = new LabControl(lab, "lb", dir.resolve("it.sock"));
        lab.on("lb", SourceTree.TOP.resolve("lbctl") + " preflight --apply -f " + file);
        try (LabProcess daemon = lab.start("lb", "env", "LBD_JAVA_OPTS=-XX:TieredStopAtLevel=1", SourceTree.TOP.resolve("lbd").toString(), "-f", file.toString())) {
            daemon.awaitContaining(" is ready: ");
            Await.until("every server is up", PATIENCE, control::allUp, () -> control.ask("show stat"));
            group.senders();
            for (int round = 0; round < 3; round++) {
                assertThat(group.user.line(path.toString())).startsWith("ok ");
            }
            if (ExampleNetwork.isDirect(example)) {
                assertThat(control.ask("show l4").lines().filter(l -> l.contains(",Route,")).map(l -> l.split(",")[10])).as("packets of answers here").containsOnly("0");
            }
            daemon.kill("TERM");
            assertThat(daemon.seen()).noneMatch(l -> l.contains("ERROR"));
        }
        assertThat(lab.on("lb", "ip rule list; ip -6 rule list").lines().filter(l -> l.contains("0x4c42"))).isEmpty();
        assertThat(lab.on("lb", "nft list ruleset")).isBlank();

        Set<String> seen = group.senders();
        Map<Integer, String> senders = senders(example, group.client);
        senders.forEach((port, sender) -> assertThat(seen).as("who connected").contains("from " + sender + " on " + port));
        if (senders.isEmpty()) {
            assertThat(seen).as("who connected").anyMatch(l -> l.startsWith("from " + group.client + " on "));
        }
        if (!senders.containsValue(group.client) && !senders.isEmpty()) {
            assertThat(seen).noneMatch(l -> l.startsWith("from " + group.client + " "));
        }
    }
}
