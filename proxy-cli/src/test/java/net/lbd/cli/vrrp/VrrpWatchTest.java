package net.lbd.cli.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import net.lbd.cli.FakeEngine;
import net.lbd.cli.Fixtures;
import net.lbd.config.model.Configuration;
import net.lbd.testkit.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keepalived is told, and how its configuration looks. The two together are tried by {@code HighAvailabilityIT}. */
class VrrpWatchTest {

    @TempDir
    private Path folder;

    private final VrrpWatch watch = new VrrpWatch(new FakeEngine());

    @AfterEach
    void close() {
        watch.close();
    }

    private Configuration configuration(String address, String more) {
        return Fixtures.configuration("vrrp mail\n  cluster-id 51\n  role master\n  interface lo\n  virtual-address " + address + "\n  track-file " + file() + "\n"
                + more + "backend be\n  server s1 127.0.0.1:1\nlisten l\n  mode tcp\n  bind 127.0.0.1:18080\n  timeout client 1s\n  timeout server 1s\n"
                + "  timeout connect 1s\n");
    }

    private Path file() {
        return folder.resolve("serves");
    }

    @Test
    void theFileSaysWhetherTheDaemonServes() throws IOException {
        watch.prepare(configuration("127.0.0.1", "")).commit();
        Await.until("not yet", () -> Files.exists(file()) && Files.readString(file()).equals("1\n"));
        assertThat(watch.status()).singleElement().satisfies(s -> assertThat(s.reason()).isEqualTo("the daemon is starting"));
        watch.serve();
        assertThat(file()).hasContent("0");
        assertThat(watch.status()).singleElement().satisfies(s -> assertThat(s.state()).isEqualTo("ACTIVE"));

        assertThat(watch.stand("mail", true)).isTrue();
        assertThat(file()).hasContent("1");
        assertThat(watch.stand("mail", false)).isTrue();
        assertThat(watch.stand("other", true)).isFalse();
        assertThat(file()).hasContent("0");

        // Whoever writes something else is put right, and the file stays young.
        Files.writeString(file(), "1\n");
        Await.until("put right", () -> Files.readString(file()).equals("0\n"));
        Files.setLastModifiedTime(file(), FileTime.from(Instant.EPOCH));
        Await.until("young again", () -> Files.getLastModifiedTime(file()).toMillis() > 0);

        watch.leave("the daemon is draining");
        assertThat(file()).hasContent("1");
        watch.serve();
        assertThat(file()).hasContent("1");
    }

    @Test
    void standbyOutlivesTheDaemonAndAChangeOfTheFile() throws IOException {
        watch.prepare(configuration("127.0.0.1", "")).commit();
        watch.serve();
        assertThat(watch.stand("mail", true)).isTrue();
        assertThat(folder.resolve("serves.standby")).exists();
        watch.close();

        try (VrrpWatch next = new VrrpWatch(new FakeEngine())) {
            next.prepare(configuration("127.0.0.1", "")).commit();
            next.serve();
            assertThat(file()).hasContent("1");
            assertThat(next.status()).singleElement().satisfies(s -> assertThat(s.reason()).isEqualTo("standby, by command"));

            Path moved = folder.resolve("moved");
            next.prepare(Fixtures.configuration("vrrp mail\n  cluster-id 51\n  role master\n  interface lo\n  virtual-address 127.0.0.1\n  track-file " + moved
                    + "\nlisten l\n  mode tcp\n  bind 127.0.0.1:18080\n  timeout client 1s\n  timeout server 1s\n  timeout connect 1s\n")).commit();
            Await.until("the new file says so", () -> Files.exists(moved) && Files.readString(moved).equals("1\n"));
            assertThat(folder.resolve("moved.standby")).exists();
            assertThat(folder.resolve("serves.standby")).doesNotExist();
            assertThat(next.stand("mail", false)).isTrue();
            assertThat(moved).hasContent("0");
            assertThat(file()).hasContent("1");
        }
    }

    @Test
    void oneLateAnswerIsNoFault() throws IOException {
        FakeEngine engine = new FakeEngine();
        try (VrrpWatch one = new VrrpWatch(engine)) {
            one.prepare(configuration("127.0.0.1", "")).commit();
            one.serve();
            int before = engine.looks();
            engine.beLate();
            Await.until("it was late and on time again", () -> {
                assertThat(file()).hasContent("0");
                return engine.looks() > before + 2;
            });
        }
    }

    @Test
    void aSectionThatIsTakenOutGivesItsAddressesAway() throws IOException {
        watch.prepare(configuration("192.0.2.7", "")).commit();
        watch.serve();
        assertThat(file()).hasContent("0");
        assertThat(watch.status()).singleElement().satisfies(s -> assertThat(s.state()).isEqualTo("STANDBY"));
        watch.prepare(Fixtures.configuration("listen l\n  mode tcp\n  bind 127.0.0.1:18080\n  timeout client 1s\n  timeout server 1s\n  timeout connect 1s\n")).commit();
        assertThat(file()).hasContent("1");
        assertThat(watch.status()).isEmpty();
    }

    @Test
    void aFolderThatIsNotThereIsTold() {
        Configuration elsewhere = Fixtures.configuration("vrrp mail\n  cluster-id 51\n  role master\n  interface lo\n  virtual-address 192.0.2.7\n  track-file /nosuch/folder/x\n"
                + "listen l\n  mode tcp\n  bind 127.0.0.1:18080\n  timeout client 1s\n  timeout server 1s\n  timeout connect 1s\n");
        assertThatThrownBy(() -> watch.prepare(elsewhere)).hasMessage("vrrp: the track-file /nosuch/folder/x cannot be written: there is no folder /nosuch/folder");
    }

    @Test
    void theGuardSpeaksOnlyOfDeath() throws IOException {
        Files.writeString(file(), "0\n");
        DeathGuard.over(List.of(file())).close();
        Path dead = Files.writeString(folder.resolve("dead"), "0\n");
        // The pipe ends without a line, as when the process that holds it dies.
        Process shell = new ProcessBuilder(DeathGuard.command(List.of(dead))).start();
        shell.getOutputStream().close();
        shell.onExit().join();
        assertThat(dead).hasContent("1");
        assertThat(file()).hasContent("0");
    }

    @Test
    void keepalivedIsToldEverything() {
        Configuration configuration = Fixtures.configuration("vrrp mail\n  cluster-id 51\n  role backup\n  priority 120\n  interface eth0\n  advert 100ms\n  preempt-delay 1500ms\n"
                + "  virtual-address 192.0.2.7/24\n  virtual-address 198.51.100.1/25 interface eth1\n  virtual-address 2001:db8::7/64\n  peer 192.0.2.3 from 192.0.2.2\n"
                + "  track-interface eth1\n  track-backend l\nlisten l\n  mode tcp\n  bind 192.0.2.7:18080\n  timeout client 1s\n  timeout server 1s\n  timeout connect 1s\n");
        assertThat(KeepalivedText.of(configuration.vrrp(), "/usr/share/lbd/vrrp-alive", "lbd")).isEqualTo("""
                # Written by 'lbctl vrrp config' from the vrrp sections of lbd's configuration: change it there.
                global_defs {
                    router_id lbd
                    vrrp_version 3
                    dynamic_interfaces
                    enable_script_security
                    script_user lbd
                    vrrp_garp_lower_prio_repeat 1
                    vrrp_garp_master_refresh 60
                }

                track_file mail_serves {
                    file "/run/lbd/vrrp-mail"
                    weight 0
                    init_file 1
                }
                track_file mail_backends {
                    file "/run/lbd/vrrp-mail.backends"
                    weight 1
                    init_file 0
                }
                vrrp_script mail_alive {
                    script "/usr/share/lbd/vrrp-alive /run/lbd/vrrp-mail"
                    interval 1
                    timeout 2
                    fall 2
                    rise 1
                    weight 0
                }
                vrrp_instance mail {
                    state BACKUP
                    interface eth0
                    virtual_router_id 51
                    priority 120
                    advert_int 0.1
                    preempt_delay 1.5
                    unicast_src_ip 192.0.2.2
                    unicast_peer {
                        192.0.2.3
                    }
                    virtual_ipaddress {
                        192.0.2.7/24 dev eth0
                        198.51.100.1/25 dev eth1
                    }
                    virtual_ipaddress_excluded {
                        2001:db8:0:0:0:0:0:7/64 dev eth0 preferred_lft 0
                    }
                    track_file {
                        mail_serves
                        mail_backends
                    }
                    track_script {
                        mail_alive
                    }
                    track_interface {
                        eth1
                    }
                }
                """);
    }
}
