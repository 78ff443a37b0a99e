package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code persist rdp-cookie}: the server whose address and port a Remote Desktop client's cookie names, beside HAProxy. */
class RdpPersistenceTest {

    @TempDir
    private Path folder;

    private static String packet(String cookie) {
        String text = "Cookie: " + cookie + "\r\n";
        int length = 11 + text.length();
        char[] head = {3, 0, (char) (length >> 8), (char) (length & 0xff), (char) (length - 5), 0xe0, 0, 0, 0, 0, 0};
        return new String(head) + text;
    }

    /** 127.0.0.1 with its lowest byte first. */
    private static String token(int port) {
        return 0x0100007f + "." + ((port & 0xff) << 8 | port >> 8) + ".0000";
    }

    /** Tells its name and the number of bytes that it got. */
    private static Script named(String name) {
        return connection -> {
            if (connection.hasMore()) {
                connection.readAvailable();
                connection.send(name);
            }
        };
    }

    private static String text(ScriptedOrigin one, ScriptedOrigin two, String lines) {
        return """
                defaults
                  mode tcp
                  timeout connect 5s
                  timeout client 5s
                  timeout server 5s
                listen fe
                  bind 127.0.0.1:@1
                  tcp-request inspect-delay 5s
                  tcp-request content accept if RDP_COOKIE
                  tcp-request content accept if { req.len gt 0 }
                  balance first
                  %s
                  server s1 127.0.0.1:%d
                  server s2 127.0.0.1:%d
                """.formatted(lines, one.port(), two.port());
    }

    private static List<String> packets(int one, int two) {
        return List.of(packet("msts=" + token(two)), packet("msts=" + token(one)), packet("msts=" + token(1)), packet("msts=16777343"),
                packet("msts=99999999999999." + token(two)), packet("msts=x" + token(two)), packet("other=" + token(two)),
                packet("mstshash=" + token(two)), packet("msts=" + token(two).replace(".0000", ".9")),
                packet("MSTS=" + token(two)), "something else");
    }

    private interface Connect {
        RawClient connect();
    }

    private static List<String> answers(Connect to, List<String> packets) {
        List<String> answers = new ArrayList<>();
        for (String packet : packets) {
            try (RawClient client = to.connect()) {
                client.send(packet.getBytes(StandardCharsets.ISO_8859_1)).shutdownOutput();
                answers.add(new String(client.readToEnd(), StandardCharsets.ISO_8859_1));
            }
        }
        return answers;
    }

    @Test
    void namesTheServerAsInHaproxy() {
        HaproxyProcess.assumeInstalled();
        for (String lines : List.of("persist rdp-cookie", "persist rdp-cookie(msts)", "persist rdp-cookie(other)")) {
            try (ScriptedOrigin one = ScriptedOrigin.start(named("one")); ScriptedOrigin two = ScriptedOrigin.start(named("two"))) {
                List<String> packets = packets(one.port(), two.port());
                List<String> theirs;
                try (HaproxyProcess haproxy = HaproxyProcess.start(text(one, two, lines), folder)) {
                    theirs = answers(() -> RawClient.connect(haproxy.port()), packets);
                }
                try (EngineHarness proxy = EngineHarness.start(text(one, two, lines))) {
                    assertThat(answers(proxy::client, packets)).as(lines).isEqualTo(theirs).contains("one", "two");
                }
            }
        }
    }
}
