package net.lbd.core.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import net.lbd.config.model.AddressFamily;
import net.lbd.config.model.ResolversSpec;
import net.lbd.config.model.ResolversSpec.Holds;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.NoLeaks;
import net.lbd.core.dns.DnsAnswer.Status;
import net.lbd.testkit.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a section makes of answers of every kind, and of none, byte by byte. */
@ExtendWith(NoLeaks.class)
class ResolversTest {

    private static final int A = 1;
    private static final int AAAA = 28;
    private static final int CNAME = 5;
    private static final int SRV = 33;
    private static final int NXDOMAIN = 3;
    private static final int REFUSED = 5;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<Script> servers = new ArrayList<>();

    @AfterEach
    void stop() {
        servers.forEach(Script::close);
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
    }

    /** A name server that answers the n-th question, from 1 on, with these datagrams. */
    private Script server(BiFunction<Integer, Query, List<byte[]>> answers) {
        try {
            Script script = new Script(answers);
            servers.add(script);
            return script;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static final class Script {
        private final DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        private final List<Query> asked = new CopyOnWriteArrayList<>();

        Script(BiFunction<Integer, Query, List<byte[]>> answers) throws IOException {
            Thread thread = new Thread(() -> {
                byte[] buffer = new byte[4096];
                while (true) {
                    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                    try {
                        socket.receive(packet);
                        Query query = new Query(Arrays.copyOf(buffer, packet.getLength()));
                        asked.add(query);
                        for (byte[] answer : answers.apply(asked.size(), query)) {
                            socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                        }
                    } catch (IOException closed) {
                        return;
                    }
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        void close() {
            socket.close();
        }
    }

    /** A question as it came. */
    private record Query(byte[] bytes) {
        int questionEnd() {
            int at = 12;
            while (bytes[at] != 0) {
                at += bytes[at] + 1;
            }
            return at + 5;
        }

        int type() {
            return bytes[questionEnd() - 3] & 0xff;
        }

        /** @param answers records behind the question */
        byte[] answer(int flags, byte[]... answers) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(bytes, 0, 2);
            out.write(0x81 | flags >> 8);
            out.write(0x80 | flags & 0xff);
            out.writeBytes(new byte[] {0, 1, 0, (byte) answers.length, 0, 0, 0, 0});
            out.write(bytes, 12, questionEnd() - 12);
            for (byte[] answer : answers) {
                out.writeBytes(answer);
            }
            return out.toByteArray();
        }
    }

    private static byte[] name(String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String label : name.split("\\.")) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.write(0);
        return out.toByteArray();
    }

    private static byte[] record(String owner, int type, byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(name(owner));
        out.writeBytes(new byte[] {0, (byte) type, 0, 1, 0, 0, 0, 0, (byte) (data.length >> 8), (byte) data.length});
        out.writeBytes(data);
        return out.toByteArray();
    }

    private static byte[] a(String owner, int last) {
        return record(owner, A, new byte[] {127, 0, 0, (byte) last});
    }

    private Resolvers section(int retries, Duration retry, Script... scripts) {
        List<ResolversSpec.NameServer> nameServers = new ArrayList<>();
        for (Script script : scripts) {
            nameServers.add(new ResolversSpec.NameServer("ns" + (nameServers.size() + 1), InetAddress.getLoopbackAddress(),
                    script.socket.getLocalPort(), false));
        }
        return new Resolvers(new ResolversSpec("d", SourceLocation.BUILT_IN, nameServers, retries, Duration.ofMillis(20), retry,
                Holds.DEFAULT, 512), new Resolvers.Sockets(loops.next(), NioDatagramChannel::new, NioSocketChannel::new));
    }

    private static DnsAnswer ask(Resolvers section, String name) {
        return ask(section, DnsQuestion.addresses(name, AddressFamily.IPV4).orElseThrow());
    }

    private static DnsAnswer ask(Resolvers section, DnsQuestion question) {
        CompletableFuture<DnsAnswer> done = new CompletableFuture<>();
        section.ask(question, done::complete);
        return done.orTimeout(30, TimeUnit.SECONDS).join();
    }

    private static long count(Resolvers section, DnsCounter counter) {
        return section.statistics().stream().mapToLong(s -> s.counters().get(counter)).sum();
    }

    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void aValidAnswerCounts() throws Exception {
        Script dns = server((n, q) -> List.of(q.answer(0, a("x.test", 1), a("X.TEST", 2), a("other.test", 3))));
        Resolvers section = section(3, LONG, dns);
        DnsAnswer answer = ask(section, "X.test.");
        assertThat(answer.status()).isEqualTo(Status.VALID);
        assertThat(answer.addresses()).containsExactly(InetAddress.getByName("127.0.0.1"), InetAddress.getByName("127.0.0.2"));
        assertThat(answer.nameServer()).isEqualTo("d/ns1");
        assertThat(section.known(DnsQuestion.addresses("x.test", AddressFamily.IPV4).orElseThrow())).isPresent();
        assertThat(count(section, DnsCounter.VALID)).isEqualTo(1);
    }

    @Test
    void aliasesAreFollowed() throws Exception {
        Script dns = server((n, q) -> List.of(q.answer(0, a("c.test", 9), record("b.test", CNAME, name("c.test")),
                record("a.test", CNAME, name("b.test")))));
        assertThat(ask(section(1, LONG, dns), "a.test").addresses()).containsExactly(InetAddress.getByName("127.0.0.9"));
    }

    @Test
    void anAliasOfItselfEnds() {
        Script dns = server((n, q) -> List.of(q.answer(0, record("a.test", CNAME, name("b.test")), record("b.test", CNAME, name("a.test")))));
        Resolvers section = section(1, LONG, dns);
        assertThat(ask(section, "a.test").status()).isEqualTo(Status.OTHER);
        assertThat(count(section, DnsCounter.CNAME_ERROR)).isEqualTo(2);
    }

    @Test
    void theOtherFamilyIsAskedForWhereThereIsNoneOfTheFirst() throws Exception {
        byte[] six = InetAddress.getByName("::5").getAddress();
        Script dns = server((n, q) -> List.of(q.type() == A ? q.answer(0)
                : q.answer(0, record("x.test", AAAA, six))));
        Resolvers section = section(3, LONG, dns);
        assertThat(ask(section, "x.test").addresses()).containsExactly(InetAddress.getByName("::5"));
        assertThat(dns.asked).extracting(Query::type).containsExactly(A, AAAA);
        assertThat(count(section, DnsCounter.ANY_ERR)).isEqualTo(1);
    }

    @Test
    void anUnknownNameIsBelieved() {
        Script dns = server((n, q) -> List.of(q.answer(NXDOMAIN)));
        Resolvers section = section(3, LONG, dns);
        assertThat(ask(section, "x.test").status()).isEqualTo(Status.NX);
        assertThat(dns.asked).hasSize(2);
    }

    @Test
    void theFirstValidAnswerOfSeveralServersCounts() {
        Script bad = server((n, q) -> List.of(q.answer(REFUSED)));
        Script good = server((n, q) -> List.of(q.answer(0, a("x.test", 4))));
        Script silent = server((n, q) -> List.of());
        Resolvers section = section(3, LONG, bad, good, silent);
        DnsAnswer answer = ask(section, "x.test");
        assertThat(answer.status()).isEqualTo(Status.VALID);
        assertThat(answer.nameServer()).isEqualTo("d/ns2");
    }

    @Test
    void whoDoesNotAnswerIsAskedAgain() {
        Script dns = server((n, q) -> n < 3 ? List.of() : List.of(q.answer(0, a("x.test", 4))));
        Resolvers section = section(3, Duration.ofMillis(100), dns);
        assertThat(ask(section, "x.test").status()).isEqualTo(Status.VALID);
        assertThat(dns.asked).extracting(Query::type).containsExactly(A, A, A);
        assertThat(count(section, DnsCounter.TIMEOUT)).isEqualTo(2);
    }

    @Test
    void whoNeverAnswersIsGivenUp() {
        Script dns = server((n, q) -> List.of());
        Resolvers section = section(2, Duration.ofMillis(50), dns);
        assertThat(ask(section, "x.test").status()).isEqualTo(Status.TIMEOUT);
        assertThat(dns.asked).hasSize(2);
    }

    @Test
    void aCutAnswerIsNone() {
        Script dns = server((n, q) -> List.of(q.answer(0x200, a("x.test", 4))));
        Resolvers section = section(1, LONG, dns);
        assertThat(ask(section, "x.test").status()).isEqualTo(Status.OTHER);
        assertThat(count(section, DnsCounter.TRUNCATED)).isEqualTo(2);
    }

    @Test
    void answersToOtherQuestionsAreNotTaken() throws Exception {
        Script dns = server((n, q) -> {
            byte[] wrongNumber = q.answer(0, a("x.test", 66));
            wrongNumber[0] ^= 0x55;
            byte[] wrongName = q.answer(0, a("y.test", 66));
            wrongName[13] = 'y';
            return List.of(wrongNumber, wrongName, new byte[] {1, 2, 3}, q.answer(0, a("x.test", 4)), q.answer(0, a("x.test", 5)));
        });
        Resolvers section = section(1, LONG, dns);
        assertThat(ask(section, "x.test").addresses()).containsExactly(InetAddress.getByName("127.0.0.4"));
        Await.until("what is too late is counted", () -> count(section, DnsCounter.OUTDATED) >= 2);
        assertThat(count(section, DnsCounter.INVALID)).isGreaterThanOrEqualTo(1);
    }

    @Test
    void recordsThatAreNotWhatTheySayAreErrors() {
        Script dns = server((n, q) -> List.of(q.answer(0, record("x.test", q.type(), new byte[] {1, 2, 3}))));
        Resolvers section = section(1, LONG, dns);
        assertThat(ask(section, "x.test").status()).isEqualTo(Status.OTHER);
        assertThat(count(section, DnsCounter.INVALID)).isEqualTo(2);
    }

    @Test
    void anAnswerThatIsTooLongIsNotTaken() {
        Script dns = server((n, q) -> {
            byte[] answer = q.answer(0, a("x.test", 4));
            return List.of(Arrays.copyOf(answer, 600));
        });
        Resolvers section = section(1, Duration.ofMillis(300), dns);
        assertThat(ask(section, "x.test").status()).isEqualTo(Status.TIMEOUT);
        assertThat(count(section, DnsCounter.TOO_BIG)).isEqualTo(1);
    }

    @Test
    void recordsOfServicesAreRead() {
        byte[] srv = {0, 1, 0, 7, 31, (byte) 144, 2, 's', '1', 4, 't', 'e', 's', 't', 0};
        Script dns = server((n, q) -> List.of(q.answer(0, record("_a._tcp.test", SRV, srv))));
        DnsAnswer answer = ask(section(1, LONG, dns), DnsQuestion.services("_a._tcp.test").orElseThrow());
        assertThat(answer.services()).containsExactly(new DnsAnswer.Service("s1.test", 8080, 7));
        assertThat(answer.services().get(0).serverWeight()).isEqualTo(1);
    }

    @Test
    void recordsAreKeptUntilTheyAreObsolete() throws Exception {
        Script dns = server((n, q) -> List.of(q.answer(0, a("x.test", n == 1 ? 1 : 2))));
        Resolvers section = section(1, LONG, dns);
        ResolversSpec spec = section.spec();
        Resolvers keeping = new Resolvers(new ResolversSpec("d", SourceLocation.BUILT_IN, spec.nameServers(), 1, spec.resolve(), LONG,
                new Holds(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ofHours(1)), 512),
                new Resolvers.Sockets(loops.next(), NioDatagramChannel::new, NioSocketChannel::new));
        List<DnsAnswer> heard = new CopyOnWriteArrayList<>();
        loops.next().execute(() -> keeping.follow(DnsQuestion.addresses("x.test", AddressFamily.IPV4).orElseThrow(), heard::add));
        Await.until("two answers", () -> heard.size() >= 2);
        assertThat(heard.get(1).addresses()).containsExactlyInAnyOrder(InetAddress.getByName("127.0.0.1"), InetAddress.getByName("127.0.0.2"));
    }

    @Test
    void whatIsNoNameIsNotAskedFor() {
        assertThat(DnsQuestion.addresses("", AddressFamily.IPV4)).isEmpty();
        assertThat(DnsQuestion.addresses("a..b", AddressFamily.IPV4)).isEmpty();
        assertThat(DnsQuestion.addresses("a b", AddressFamily.IPV4)).isEmpty();
        assertThat(DnsQuestion.addresses("x".repeat(64) + ".test", AddressFamily.IPV4)).isEmpty();
        assertThat(DnsQuestion.addresses("a.".repeat(130), AddressFamily.IPV4)).isEmpty();
        assertThat(DnsQuestion.addresses("münchen.test", AddressFamily.IPV4).orElseThrow().name()).isEqualTo("xn--mnchen-3ya.test");
    }
}
