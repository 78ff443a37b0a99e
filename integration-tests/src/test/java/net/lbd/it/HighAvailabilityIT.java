package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import net.lbd.testkit.Await;
import net.lbd.testkit.lab.Lab;
import net.lbd.testkit.lab.LabProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two machines with keepalived that share addresses: whoever cannot serve gives them away. Prints the gaps that a client saw. */
class HighAvailabilityIT {

    private static final String VIP = "10.95.1.10";
    private static final String VIP6 = "fd95::10";
    private static final Path ALIVE = Paths.get("../packaging/vrrp-alive").toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path dir;

    private Lab lab;
    private final List<String> gaps = new ArrayList<>();
    private LabProcess watch;

    /** What is the same on both machines, and their roles. */
    private String configuration(String node, String more) {
        boolean first = node.equals("lb1");
        return "global\n  nbthread 1\n  stats socket " + socket(node) + " mode 600 level admin\n"
                + "vrrp mail\n  cluster-id 51\n  role " + (first ? "master" : "backup") + "\n  interface eth0\n  advert 100ms\n"
                + "  virtual-address " + VIP + "/24\n  virtual-address " + VIP6 + "/64\n  track-file " + dir.resolve(node + ".serves") + "\n" + more
                + "listen smtp\n  mode tcp\n  timeout client 10s\n  timeout server 10s\n  timeout connect 1s\n  bind " + VIP + ":25\n  bind [" + VIP6
                + "]:25\n  server local 127.0.0.1:2525\n";
    }

    private Path socket(String node) {
        return dir.resolve(node + ".sock");
    }

    private Path file(String node) {
        return dir.resolve(node + ".cfg");
    }

    private void build(String more) throws IOException {
        lab = new Lab();
        lab.network("front").machine("client").cable("client", "eth0", "front", "10.95.1.3/24", "fd95::3/64");
        for (String node : List.of("lb1", "lb2")) {
            String number = node.substring(2);
            lab.machine(node).cable(node, "eth0", "front", "10.95.1." + number + "/24", "fd95::" + number + "/64");
            lab.serve(node, 2525);
            Files.writeString(file(node), configuration(node, more));
        }
    }

    @AfterEach
    void tearDown() {
        if (lab != null) {
            lab.close();
        }
    }

    private LabProcess daemon(String node) {
        LabProcess daemon = lab.start(node, "java", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                "net.lbd.cli.process.Main", "-f", file(node).toString());
        daemon.awaitContaining("is ready");
        return daemon;
    }

    private String lbctl(String node, String... words) {
        return lab.on(node, "LBD_SOCKET=" + socket(node) + " java -XX:TieredStopAtLevel=1 -cp " + System.getProperty("java.class.path")
                + " net.lbd.cli.admin.Lbctl " + String.join(" ", words));
    }

    private String command(String node, String line) {
        return new LabControl(lab, node, socket(node)).ask(line);
    }

    private LabProcess keepalived(String node) {
        Path conf = dir.resolve(node + ".conf");
        lbctl(node, "vrrp", "config", "-f", file(node).toString(), "-o", conf.toString(), "--alive", ALIVE.toString(), "--user", "root");
        return LabControl.keepalived(lab, node, conf);
    }

    /** Waits until a machine answers, and notes the longest time that nobody did. */
    private int moved(String what, String node) {
        int[] longest = {0};
        Await.until(what + ": " + node + " answers", PATIENCE, () -> {
            String[] said = watch.line("").split(" ");
            longest[0] = Math.max(longest[0], Integer.parseInt(said[1]));
            return said[3].equals(node);
        });
        longest[0] = Math.max(longest[0], Integer.parseInt(watch.line("").split(" ")[1]));
        gaps.add(what + " " + longest[0] + " ms");
        return longest[0];
    }

    private void await(String node, Predicate<String> stateLine) {
        Await.until(node + " says so", PATIENCE, () -> command(node, "show vrrp").lines().anyMatch(l -> l.startsWith("mail,") && stateLine.test(l)));
    }

    private static void assume() {
        Optional<String> missing = Lab.missing();
        assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/keepalived")), "the pair is left out: keepalived is not there");
    }

    @Test
    void theAddressesAreWhereTheDaemonServes() throws IOException {
        assume();
        build("  track-backend smtp\n");
        LabProcess first = daemon("lb1");
        LabProcess second = daemon("lb2");
        LabProcess keepalived = keepalived("lb1");
        keepalived("lb2");
        await("lb1", l -> l.contains(",ACTIVE,"));
        watch = lab.watch("client", VIP, 25);
        moved("start", "lb1");
        gaps.clear();
        assertThat(lab.ask("client", VIP6, 25, 1).get(0)).startsWith("lb1");
        assertThat(lbctl("lb1", "vrrp", "status")).containsPattern("mail +ACTIVE +51 +200 +eth0");
        assertThat(lbctl("lb2", "vrrp", "status")).containsPattern("mail +STANDBY +51 +150 +eth0");

        first.kill("KILL");
        assertThat(moved("death of the daemon", "lb2")).isLessThan(3000);
        assertThat(lab.ask("client", VIP6, 25, 1).get(0)).startsWith("lb2");
        first = daemon("lb1");
        assertThat(moved("its return", "lb1")).isLessThan(3000);

        command("lb1", "set vrrp mail standby");
        assertThat(moved("standby by command", "lb2")).isLessThan(3000);
        await("lb1", l -> l.endsWith(",FAULT,51,200,eth0," + VIP + "/24 fd95:0:0:0:0:0:0:10/64,,standby; by command"));
        // It outlives the daemon: maintenance is when daemons are restarted.
        first.kill("TERM");
        first = daemon("lb1");
        await("lb1", l -> l.contains(",FAULT,") && l.endsWith(",standby; by command"));
        assertThat(watch.line("")).endsWith("from lb2");
        command("lb1", "set vrrp mail ready");
        assertThat(moved("ready by command", "lb1")).isLessThan(3000);

        command("lb1", "set server smtp/local state maint");
        moved("no server left", "lb2");
        await("lb1", l -> l.startsWith("mail,STANDBY,51,100,"));
        command("lb1", "set server smtp/local state ready");
        moved("a server again", "lb1");

        lab.sh("kill -STOP " + first.pid());
        assertThat(moved("a daemon that hangs", "lb2")).isLessThan(15_000);
        lab.sh("kill -CONT " + first.pid());
        moved("hangs no more", "lb1");

        lab.sh("ip -n " + lab.name("front") + " link set lb1.eth0 down");
        assertThat(moved("death of the node", "lb2")).isLessThan(3000);
        lab.sh("ip -n " + lab.name("front") + " link set lb1.eth0 up");
        moved("return of the node", "lb1");

        first.kill("TERM");
        assertThat(moved("stop of the daemon", "lb2")).isLessThan(3000);
        assertThat(first.seen()).noneMatch(l -> l.contains("ERROR"));
        assertThat(second.seen()).noneMatch(l -> l.contains("ERROR"));
        keepalived.kill("TERM");
        System.out.println("gaps: " + String.join(", ", gaps));
        assertThat(keepalived.seen().stream().filter(l -> l.contains("nknown keyword")).collect(Collectors.toList())).isEmpty();
    }

    @Test
    void whoComesBackLeavesTheAddressesWithNopreempt() throws IOException {
        assume();
        build("  nopreempt\n");
        LabProcess first = daemon("lb1");
        LabProcess second = daemon("lb2");
        keepalived("lb1");
        keepalived("lb2");
        await("lb1", l -> l.contains(",ACTIVE,"));
        watch = lab.watch("client", VIP, 25);
        moved("start", "lb1");
        first.kill("KILL");
        moved("death of the daemon", "lb2");
        daemon("lb1");
        await("lb1", l -> l.startsWith("mail,STANDBY,"));
        assertThat(watch.line("")).endsWith("from lb2");
        second.kill("KILL");
        moved("death of the other", "lb1");
    }
}
