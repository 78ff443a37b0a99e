package net.lbd.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.VrrpSpec;
import net.lbd.config.syntax.Severity;
import org.junit.jupiter.api.Test;

/** Whole {@code vrrp} sections. */
class VrrpSectionTest {

    private static LoadResult load(String text) {
        return new ConfigurationLoader(new Environment(Map.of("LBD_ROLE", "backup"), Path.of("").toAbsolutePath())).loadText("t.cfg", text);
    }

    private static List<String> errors(String text) {
        return load(text).diagnostics().stream().filter(d -> d.severity() == Severity.ERROR).map(Object::toString).toList();
    }

    @Test
    void aSectionSaysAllThatKeepalivedWantsToKnow() throws UnknownHostException {
        Configuration configuration = load("""
                vrrp mail
                  cluster-id 51
                  role "${LBD_ROLE}"
                  interface eth0
                  virtual-address 192.168.13.4/24
                  virtual-address 10.0.2.1/24 interface eth1
                listen l
                  mode tcp
                  timeout client 1s
                  timeout server 1s
                  timeout connect 1s
                  bind 192.168.13.4:25
                  server s1 10.0.2.11:25
                """).configuration().orElseThrow();
        VrrpSpec spec = configuration.vrrp().get(0);
        assertThat(spec.priority()).isEqualTo(VrrpSpec.BACKUP_PRIORITY);
        assertThat(spec.file()).isEqualTo("/run/lbd/vrrp-mail");
        assertThat(spec.addresses()).extracting(a -> a + " " + spec.deviceOf(a)).containsExactly("192.168.13.4/24 eth0", "10.0.2.1/24 eth1");
        assertThat(configuration.isVirtual(InetAddress.getByName("10.0.2.1"))).isTrue();
        assertThat(configuration.isVirtual(InetAddress.getByName("10.0.2.11"))).isFalse();
    }

    @Test
    void whatLacksIsToldAtOnce() {
        assertThat(errors("vrrp mail\n  advert 1s\n")).containsExactly(
                "t.cfg:1:6: vrrp 'mail' wants cluster-id, role, interface, virtual-address");
    }

    @Test
    void twoSectionsAreTwoPairs() {
        String one = "vrrp a\n  cluster-id 5\n  role master\n  interface eth0\n  virtual-address 10.0.0.1\n";
        assertThat(errors(one + one.replace("vrrp a", "vrrp b"))).containsExactly(
                "t.cfg:6:6: vrrp 'b' has the cluster-id and the interface of 'a' at t.cfg:1",
                "t.cfg:10:19: 'virtual-address 10.0.0.1': the address is told already, as '10.0.0.1' at t.cfg:5");
        assertThat(errors(one + one.replace("10.0.0.1", "10.0.0.2").replace("eth0", "eth1"))).containsExactlyInAnyOrder(
                "t.cfg:6:6: vrrp 'a' has the track-file of 'a' at t.cfg:1", "t.cfg:6:6: a vrrp section is named 'a' already, at t.cfg:1");
    }

    @Test
    void whatNopreemptForbidsIsNotAskedFor() {
        assertThat(errors("vrrp a\n  cluster-id 5\n  role master\n  interface eth0\n  virtual-address 10.0.0.1\n  nopreempt\n"
                + "  preempt-delay 5\n  track-backend b\nbackend b\n  server s1 10.0.0.3:1\n"))
                .containsExactly("t.cfg:6:3: vrrp 'a': 'track-backend' lowers the priority, and with 'nopreempt' a machine that holds the addresses"
                        + " keeps them whatever its priority; use one of them",
                        "t.cfg:7:3: vrrp 'a': 'preempt-delay' waits for what 'nopreempt' forbids; use one of them");
    }

    @Test
    void filesBesideTrackFilesAreNoTrackFiles() {
        String one = "vrrp a\n  cluster-id 5\n  role master\n  interface eth0\n  virtual-address 10.0.0.1\n";
        assertThat(errors(one.replace("vrrp a", "vrrp a.standby"))).containsExactly("t.cfg:1:6: vrrp 'a.standby': the track-file /run/lbd/vrrp-a.standby"
                + " ends in '.standby', which files beside such a file do; choose another name");
        assertThat(errors(one + "  track-file /run/x.new\n")).containsExactly("t.cfg:6:14: vrrp 'a': the track-file /run/x.new ends in '.new', which files"
                + " beside such a file do; choose another name");
    }

    @Test
    void thisMachineSpeaksFromOneAddress() {
        String one = "vrrp a\n  cluster-id 5\n  role master\n  interface eth0\n  virtual-address 10.0.0.1\n";
        assertThat(errors(one + "  peer 10.0.0.3 from 10.0.0.2\n  peer 10.0.0.4 from 10.0.0.2\n")).isEmpty();
        assertThat(errors(one + "  peer 10.0.0.3 from 10.0.0.2\n  peer 10.0.0.4 from 10.0.0.5\n")).containsExactly(
                "t.cfg:7:22: 'from 10.0.0.5': this machine speaks from one address, which is told already: '10.0.0.2' at t.cfg:6");
        assertThat(errors(one + "  peer 10.0.0.3 from fd00::1\n")).containsExactly(
                "t.cfg:6:22: 'from fd00::1': the machines talk over IPv4, as the first virtual-address");
        assertThat(errors(one + "  peer 224.0.0.18\n")).containsExactly(
                "t.cfg:6:8: '224.0.0.18' is not an address of a machine; write a number such as 192.168.13.4/24");
    }

    @Test
    void whatKeepalivedCannotHoldIsRefused() {
        assertThat(errors("vrrp a\n  cluster-id 5\n  role master\n  interface -eth0\n  virtual-address 10.0.0.1\n  advert 105ms\n  preempt-delay 1001s\n"))
                .anyMatch(e -> e.contains("begins with one of the first three"))
                .anyMatch(e -> e.contains("'advert 105ms': 10ms to 40950ms are accepted, in steps of 10ms"))
                .anyMatch(e -> e.contains("'preempt-delay 1001s': at most 1000s are accepted"));
    }
}
