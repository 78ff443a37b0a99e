package net.lbd.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyslogSinkTest {

    @Test
    void receivesDatagramsOverUdp() throws Exception {
        try (SyslogSink sink = SyslogSink.udp(); DatagramSocket socket = new DatagramSocket()) {
            for (String text : new String[] {"<134>one", "<134>two"}) {
                byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
                socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), sink.port()));
            }
            sink.awaitContaining("two");
            assertThat(sink.messages()).containsExactly("<134>one", "<134>two");
        }
    }

    @Test
    void receivesDatagramsOverAUnixSocket(@TempDir Path dir) throws Exception {
        Path path = dir.resolve("log");
        try (SyslogSink sink = SyslogSink.unix(path)) {
            Process socat = new ProcessBuilder("bash", "-c", "exec logger --socket \"$0\" --tag t hello", path.toString())
                    .redirectErrorStream(true).start();
            assertThat(socat.waitFor()).as(new String(socat.getInputStream().readAllBytes())).isZero();
            assertThat(sink.awaitContaining("hello")).startsWith("<13>");
        }
        assertThat(Files.exists(path)).isFalse();
    }
}
