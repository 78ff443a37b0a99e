package net.lbd.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import net.lbd.cli.FakeDaemon;
import net.lbd.cli.Fixtures;
import net.lbd.cli.Version;
import net.lbd.cli.reload.Participant.Change;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.ControlSockets;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.testkit.Ports;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ControlSocketSetTest {

    private static final String VERSION_ANSWER = Version.CURRENT.number() + "\n\n";

    @TempDir
    private Path folder;
    private Path own;
    private ControlSocketSet set;

    @BeforeEach
    void create() {
        own = folder.resolve("own.sock");
        set = newSet();
    }

    @AfterEach
    void close() {
        set.close();
    }

    private ControlSocketSet newSet() {
        return new ControlSocketSet(new FakeDaemon(), SocketLocations.only(own));
    }

    private static Configuration with(String... lines) {
        StringBuilder text = new StringBuilder("global\n");
        for (String line : lines) {
            text.append("  stats socket ").append(line).append('\n');
        }
        return Fixtures.configuration(text + "defaults\n  mode http\n  timeout connect 1s\n  timeout client 1s\n"
                + "  timeout server 1s\nlisten l\n  bind 127.0.0.1:18080\n");
    }

    private static String ask(Path socket, String line) throws IOException {
        return UnixClient.ask(UnixDomainSocketAddress.of(socket), line + "\n");
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void withoutALineTheOwnSocketIsServed() throws IOException {
        set.prepare(with()).commit();

        assertThat(ask(own, "show version")).isEqualTo(VERSION_ANSWER);
        assertThat(permissions(own)).isEqualTo("rw-------");
        assertThat(set.addresses()).containsExactly(own.toString());
    }

    @Test
    void configuredSocketsAreServedBesideIt() throws IOException {
        Path configured = folder.resolve("stats.sock");

        set.prepare(with(configured + " mode 660 level user")).commit();

        assertThat(permissions(configured)).isEqualTo("rw-rw----");
        assertThat(ask(configured, "show version")).isEqualTo(VERSION_ANSWER);
        assertThat(ask(configured, "stop")).startsWith("Permission denied");
        assertThat(ask(own, "stop")).isEqualTo("\n");
    }

    @Test
    void theSocketOfTheCommandLineIsServedWhateverTheConfigurationHas() throws IOException {
        Path master = folder.resolve("master.sock");
        String group = Files.readAttributes(folder, PosixFileAttributes.class).group().getName();
        set.close();
        set = new ControlSocketSet(new FakeDaemon(), SocketLocations.only(own), Optional.of(new ControlSockets.Socket(SourceLocation.BUILT_IN,
                new AddressSpec.Unix(master.toString(), master.toString(), false), ControlSockets.Level.ADMIN, Optional.of(0640), Optional.empty(), Optional.of(group))), false);
        set.prepare(with()).commit();
        set.prepare(with()).commit();
        long pid = ProcessHandle.current().pid();
        assertThat(permissions(master)).isEqualTo("rw-r-----");
        assertThat(Files.readAttributes(master, PosixFileAttributes.class).group().getName()).isEqualTo(group);
        assertThat(ask(master, "@1 show version")).isEqualTo(VERSION_ANSWER);
        assertThat(ask(master, "@!" + pid + " show version")).isEqualTo(VERSION_ANSWER);
        assertThat(ask(master, "@2 show version")).isEqualTo("Can't find the target PID matching the prefix '@2'\n\n");
        assertThat(ask(master, "show proc")).startsWith("#<PID> ").contains("\n" + pid + " ", " master ", "# workers\n", " worker ", "# programs\n");
    }

    @Test
    void anOwnerThatIsNotThereIsToldInWords() {
        assertThatThrownBy(() -> set.prepare(with(folder.resolve("x.sock") + " user nosuchuser"))).isInstanceOf(IOException.class).hasMessageContaining("nosuchuser");
    }

    @Test
    void tcpSocketIsServed() throws IOException {
        int port = Ports.free();

        set.prepare(with("ipv4@127.0.0.1:" + port + " level operator")).commit();

        assertThat(UnixClient.ask(new InetSocketAddress("127.0.0.1", port), "show version\n"))
                .isEqualTo(VERSION_ANSWER);
    }

    @Test
    void reloadOpensClosesAndKeeps() throws IOException {
        Path kept = folder.resolve("kept.sock");
        Path gone = folder.resolve("gone.sock");
        Path fresh = folder.resolve("fresh.sock");
        set.prepare(with(kept + " level user", gone.toString())).commit();
        Object keptFile = Files.readAttributes(kept, BasicFileAttributes.class).fileKey();

        set.prepare(with(kept + " mode 600 level admin", fresh.toString())).commit();

        assertThat(gone).doesNotExist();
        assertThat(ask(fresh, "show version")).isEqualTo(VERSION_ANSWER);
        assertThat(Files.readAttributes(kept, BasicFileAttributes.class).fileKey())
                .isEqualTo(keptFile);
        assertThat(ask(kept, "stop")).as("its level follows").isEqualTo("\n");
        assertThat(permissions(kept)).isEqualTo("rw-------");
    }

    @Test
    void rollbackLeavesWhatWasThere() throws IOException {
        Path kept = folder.resolve("kept.sock");
        Path fresh = folder.resolve("fresh.sock");
        set.prepare(with(kept.toString())).commit();

        Change change = set.prepare(with(fresh.toString()));
        change.rollback();

        assertThat(fresh).doesNotExist();
        assertThat(ask(kept, "show version")).isEqualTo(VERSION_ANSWER);
        assertThat(ask(own, "show version")).isEqualTo(VERSION_ANSWER);
    }

    @Test
    void socketThatCannotBeBoundFailsAndLeavesNothingBehind() throws IOException {
        Path fresh = folder.resolve("fresh.sock");

        assertThatThrownBy(() -> set.prepare(with(fresh.toString(), folder.resolve("missing/x.sock").toString())))
                .isInstanceOf(IOException.class).hasMessageContaining("missing/x.sock: cannot listen");

        assertThat(fresh).doesNotExist();
        assertThat(own).doesNotExist();
    }

    @Test
    void staleFileIsReplaced() throws IOException {
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(own));
        }
        assertThat(own).as("closing leaves the file").exists();

        set.prepare(with()).commit();

        assertThat(ask(own, "show version")).isEqualTo(VERSION_ANSWER);
    }

    @Test
    void fileThatIsNoSocketIsNotTouched() throws IOException {
        Files.writeString(own, "precious");

        assertThatThrownBy(() -> set.prepare(with())).hasMessageContaining("it is no socket");

        assertThat(own).hasContent("precious");
    }

    @Test
    void secondDaemonOnTheSameSocketIsRefused() throws IOException {
        set.prepare(with()).commit();
        try (ControlSocketSet second = newSet()) {
            assertThatThrownBy(() -> second.prepare(with())).isInstanceOf(IOException.class)
                    .hasMessage("control socket " + own + ": another process answers on it already; stop that one,"
                            + " or give this one a socket of its own with LBD_SOCKET or"
                            + " 'stats socket PATH level admin' in global");
        }
        assertThat(ask(own, "show version")).as("the first goes on").isEqualTo(VERSION_ANSWER);
    }

    @Test
    void secondDaemonWithAnAdminSocketOfItsOwnGoesWithoutTheCommonOne() throws IOException {
        Path other = folder.resolve("other.sock");
        set.prepare(with()).commit();
        try (ControlSocketSet second = newSet()) {
            second.prepare(with(other + " level admin")).commit();

            assertThat(second.addresses()).containsExactly(other.toString());
        }
        assertThat(ask(own, "show version")).as("the first keeps its file").isEqualTo(VERSION_ANSWER);
    }

    @Test
    void closeTakesTheFilesAway() throws IOException {
        Path configured = folder.resolve("stats.sock");
        set.prepare(with(configured.toString())).commit();

        set.close();

        assertThat(own).doesNotExist();
        assertThat(configured).doesNotExist();
        assertThatThrownBy(() -> set.prepare(with())).hasMessage("the daemon is stopping");
    }

    @Test
    void closeLeavesTheFileOfASuccessor() throws IOException {
        set.prepare(with()).commit();
        Files.delete(own);
        Files.writeString(own, "the successor's");

        set.close();

        assertThat(own).exists();
    }

    @Test
    void abstractNamesAreRefusedInWords() {
        assertThatThrownBy(() -> set.prepare(with("abns@lbd level admin")))
                .hasMessageContaining("not supported yet").hasMessageContaining("abns@lbd");
    }
}
