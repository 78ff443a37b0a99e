package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Semaphore;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.testkit.Await;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Choices that depend on what happens meanwhile, beside HAProxy: weights that change, loads, draws, and keys of mode tcp. */
class BalanceOracleTest {

    @TempDir
    private Path folder;

    /** One of the two, while it runs. */
    private interface Side {
        RawClient connect();

        void weight(String server, int weight) throws Exception;
    }

    private interface Story<T> {
        T tell(Side side) throws Exception;
    }

    @BeforeEach
    void isInstalled() {
        HaproxyProcess.assumeInstalled();
    }

    private <T> T haproxy(String text, Story<T> story) throws Exception {
        Path socket = folder.resolve("haproxy.sock");
        try (HaproxyProcess haproxy = HaproxyProcess.start("global\n  nbthread 1\n  stats socket " + socket + " level admin\n" + text, folder)) {
            return story.tell(new Side() {
                @Override
                public RawClient connect() {
                    return RawClient.connect(haproxy.port());
                }

                @Override
                public void weight(String server, int weight) throws IOException {
                    assertThat(command(socket, "set server be/" + server + " weight " + weight)).isBlank();
                }
            });
        }
    }

    private static <T> T engine(String text, Story<T> story) throws Exception {
        try (EngineHarness proxy = EngineHarness.start("global\n  nbthread 1\n" + text)) {
            T told = story.tell(new Side() {
                @Override
                public RawClient connect() {
                    return proxy.client();
                }

                @Override
                public void weight(String server, int weight) {
                    Backend backend = proxy.backend("be");
                    backend.servers().stream().filter(s -> s.name().equals(server)).map(Server::state).forEach(s -> s.setWeight(weight));
                    backend.serverChanged();
                }
            });
            proxy.awaitIdle();
            return told;
        }
    }

    private static String command(Path socket, String line) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer answer = ByteBuffer.allocate(4096);
            while (channel.read(answer) >= 0) {
                assertThat(answer.hasRemaining()).isTrue();
            }
            return new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
        }
    }

    private static String text(String mode, String backend, List<ScriptedOrigin> origins, int... weights) {
        StringBuilder text = new StringBuilder("defaults\n  mode " + mode + "\n  timeout connect 5s\n  timeout client 30s\n  timeout server 30s\n"
                + "frontend fe\n  bind 127.0.0.1:@1\n"
                + (mode.equals("tcp") ? "  tcp-request inspect-delay 10s\n  tcp-request content accept if RDP_COOKIE\n" : "")
                + "  default_backend be\nbackend be\n  " + backend.replace("\n", "\n  ") + "\n");
        for (int i = 0; i < origins.size(); i++) {
            text.append("  server s").append(i + 1).append(" 127.0.0.1:").append(origins.get(i).port()).append(" weight ").append(weights[i]).append('\n');
        }
        return text.toString();
    }

    private static List<ScriptedOrigin> origins(int count, java.util.function.IntFunction<Script> script) {
        List<ScriptedOrigin> origins = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            origins.add(ScriptedOrigin.start(script.apply(i)));
        }
        return origins;
    }

    private static Script named(int i) {
        return Script.answering(Messages.ok(Integer.toString(i + 1)));
    }

    private static String sequence(RawClient client, int length) {
        StringBuilder sequence = new StringBuilder();
        for (int i = 0; i < length; i++) {
            sequence.append(client.send(Messages.get("/")).readResponse().bodyText());
        }
        return sequence.toString();
    }

    /**
     * Runs of requests, and between two of them a server gets another weight. Until then the sequences are the same; afterwards the
     * shares are, and the turn may be another server's.
     */
    @ParameterizedTest
    @ValueSource(strings = {"roundrobin", "leastconn", "first"})
    void weightsThatChangeAtRunTimeChangeTheSequenceAlike(String algorithm) throws Exception {
        List<ScriptedOrigin> origins = origins(4, BalanceOracleTest::named);
        String text = text("http", "balance " + algorithm, origins, 10, 20, 30, 40);
        Story<List<String>> story = side -> {
            List<String> runs = new ArrayList<>();
            Random random = new Random(20261126);
            try (RawClient client = side.connect()) {
                runs.add(sequence(client, 40));
                for (int change = 0; change < 12; change++) {
                    String server = "s" + (1 + random.nextInt(4));
                    int weight = change % 5 == 4 ? 0 : 1 + random.nextInt(60);
                    side.weight(server, weight);
                    runs.add(server + "=" + weight + " " + sequence(client, 1 + random.nextInt(60)));
                }
            }
            return runs;
        };
        List<String> ours = engine(text, story);
        List<String> theirs = haproxy(text, story);
        assertThat(ours.get(0)).isEqualTo(theirs.get(0));
        for (int run = 0; run < theirs.size(); run++) {
            for (char server = '1'; server <= '4'; server++) {
                assertThat(count(ours.get(run), server)).as("server %s in %s beside %s", server, ours.get(run), theirs.get(run))
                        .isCloseTo(count(theirs.get(run), server), within(2L));
            }
        }
        origins.forEach(ScriptedOrigin::close);
    }

    private static long count(String run, char server) {
        return run.substring(run.indexOf(' ') + 1).chars().filter(c -> c == server).count();
    }

    /** Requests that are held: whoever has more than its share is passed over. */
    @ParameterizedTest
    @ValueSource(ints = {125, 150, 200, 400})
    void loadsPassTheKeyOnAlike(int factor) throws Exception {
        Semaphore released = new Semaphore(0);
        List<ScriptedOrigin> origins = origins(4, i -> connection -> {
            while (connection.hasMore()) {
                connection.readRequest();
                released.acquire();
                connection.send(Messages.ok("x"));
            }
        });
        String text = text("http", "balance hash req.hdr(x-key)\nhash-type consistent\nhash-balance-factor " + factor, origins, 1, 2, 3, 1);
        Story<String> story = side -> {
            StringBuilder chosen = new StringBuilder();
            List<RawClient> clients = new ArrayList<>();
            int[] before = origins.stream().mapToInt(o -> o.requests().size()).toArray();
            for (int i = 0; i < 24; i++) {
                RawClient client = side.connect();
                clients.add(client);
                client.send(Messages.get("/").replaceFirst("\r\n", "\r\nX-Key: " + (i % 3 == 0 ? "all" : "key" + i % 5) + "\r\n"));
                int sum = java.util.Arrays.stream(before).sum();
                Await.until("request " + i + " at a server", () -> origins.stream().mapToInt(o -> o.requests().size()).sum() == sum + 1);
                for (int s = 0; s < before.length; s++) {
                    if (origins.get(s).requests().size() > before[s]) {
                        chosen.append(s + 1);
                        before[s]++;
                    }
                }
            }
            released.release(24);
            for (RawClient client : clients) {
                client.readResponse();
                client.close();
            }
            return chosen.toString();
        };
        String theirs = haproxy(text, story);
        assertThat(engine(text, story)).isEqualTo(theirs);
        released.release(1000);
        origins.forEach(ScriptedOrigin::close);
    }

    /** What is drawn depends on chance, how often each server comes does not: the shares of 2,000 draws are close. */
    @ParameterizedTest
    @ValueSource(strings = {"random(1)", "random", "random(3)"})
    void drawsAreSharedOutAlike(String algorithm) throws Exception {
        List<ScriptedOrigin> origins = origins(3, BalanceOracleTest::named);
        String text = text("http", "balance " + algorithm, origins, 10, 20, 70);
        Story<Map<Character, Double>> story = side -> {
            Map<Character, Double> shares = new HashMap<>();
            try (RawClient client = side.connect()) {
                for (char server : sequence(client, 2_000).toCharArray()) {
                    shares.merge(server, 100.0 / 2_000, Double::sum);
                }
            }
            return shares;
        };
        Map<Character, Double> theirs = haproxy(text, story);
        Map<Character, Double> ours = engine(text, story);
        theirs.forEach((server, share) -> assertThat(ours.get(server)).as("share of server %s", server).isCloseTo(share, within(8.0)));
        origins.forEach(ScriptedOrigin::close);
    }

    @Test
    void rdpCookiesGoToTheSameServers() throws Exception {
        List<ScriptedOrigin> origins = origins(4, i -> connection -> {
            if (connection.hasMore()) {
                connection.readAvailable();
                connection.send(Integer.toString(i + 1));
            }
        });
        String text = text("tcp", "balance rdp-cookie", origins, 3, 5, 1, 10);
        Story<String> story = side -> {
            StringBuilder chosen = new StringBuilder();
            Random random = new Random(20261126);
            for (int i = 0; i < 600; i++) {
                String cookie = "Cookie: mstshash=" + Long.toString(random.nextLong(1L << random.nextInt(1, 62)), 36) + "\r\n";
                int length = 11 + cookie.length();
                char[] head = {3, 0, (char) (length >> 8), (char) (length & 0xff), (char) (length - 5), 0xe0, 0, 0, 0, 0, 0};
                try (RawClient client = side.connect()) {
                    client.send((new String(head) + cookie).getBytes(StandardCharsets.ISO_8859_1)).shutdownOutput();
                    chosen.append(new String(client.readToEnd(), StandardCharsets.ISO_8859_1));
                }
            }
            return chosen.toString();
        };
        String theirs = haproxy(text, story);
        assertThat(theirs).hasSize(600).contains("1", "2", "3", "4");
        assertThat(engine(text, story)).isEqualTo(theirs);
        origins.forEach(ScriptedOrigin::close);
    }
}
