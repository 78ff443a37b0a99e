package net.lbd.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import net.lbd.core.http.HeadParser.Result;
import net.lbd.testkit.Mutations;
import org.junit.jupiter.api.Test;

/**
 * Nothing that a peer can send makes these classes throw, and what they let pass reads the same to the
 * next reader. Seeded: the same messages each time.
 */
class HttpFuzzTest {

    /** {@code -Dlbd.fuzz.messages=1000000} for a long run by hand. */
    private static final int MESSAGES = Integer.getInteger("lbd.fuzz.messages", 50_000);
    private static final long KEPT_BYTES = 16 << 20;

    private final BytePool pool = new BytePool();

    @Test
    void whateverPassesReadsTheSameBehindTheProxy() {
        long before = usedBytes();
        Random random = new Random(2026);
        int passed = 0;
        for (int i = 0; i < MESSAGES; i++) {
            boolean request = random.nextInt(3) > 0;
            String text = random.nextInt(3) == 0
                    ? Mutations.head(random, request)
                    : Mutations.mutate(random, Mutations.wellFormedHead(random, request) + "rest");
            if (!text.isEmpty() && judge(request, text, Mutations.splits(random, text.length()))) {
                passed++;
            }
        }
        // The fuzz would prove nothing if everything were refused at once, or nothing.
        assertThat(passed).isBetween(MESSAGES / 20, MESSAGES / 2);
        assertThat(usedBytes() - before).as("bytes that are still held").isLessThan(KEPT_BYTES);
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Takes a message through all steps; false if one of them refused it. */
    private boolean judge(boolean request, String text, int[] splits) {
        Heads.Parsed parsed = Heads.parse(request, 4096, 20, text, splits);
        HttpMessage m = parsed.message();
        if (parsed.result() != Result.COMPLETE) {
            assertThat(parsed.result() == Result.NEED_MORE || parsed.defect() != Defect.NONE).isTrue();
            return false;
        }
        HttpMessage asked = Heads.goodRequest("GET / HTTP/1.1\r\n\r\n");
        long framing = request ? MessageFraming.ofRequest(m) : MessageFraming.ofResponse(m, asked);
        if (request && RequestCheck.host(m) != Defect.NONE) {
            return false;
        }
        if (framing == MessageFraming.REFUSED) {
            assertThat(MessageFraming.defect(m)).as(text).isNotEqualTo(Defect.NONE);
            return false;
        }
        int tokens = HopByHop.strip(m);
        boolean binds = ConnectionAuth.binds(m);
        String written = HeadWriterTest.write(m);
        assertThat(written.length()).isLessThanOrEqualTo(HeadWriter.sizeBound(m));
        assertThat(written).doesNotContainPattern("(?i)\r\n(connection|keep-alive|te|proxy-connection|http2-settings):");
        Heads.Parsed again = Heads.parse(request, 8192, 20, written + parsed.rest());
        assertThat(again.result()).as(text).isEqualTo(Result.COMPLETE);
        assertThat(again.rest()).as(text).isEqualTo(parsed.rest());
        long framingAgain = request ? MessageFraming.ofRequest(again.message()) : MessageFraming.ofResponse(again.message(), asked);
        assertThat(framingAgain).as(text).isEqualTo(framing);
        if (request) {
            assertThat(RequestCheck.host(again.message())).as(text).isEqualTo(Defect.NONE);
            assertThat(binds || !ConnectionAuth.binds(again.message())).as(text).isTrue();
        }
        assertThat(HopByHop.strip(again.message()) & ~HopByHop.UPGRADE).as(text).isZero();
        assertThat(tokens).isBetween(0, 7);
        pool.give(m.takeBytes());
        return true;
    }

    @Test
    void bodiesOfEveryKindOfBytesAreFollowedOrRefused() {
        Random random = new Random(99);
        for (int i = 0; i < MESSAGES / 4; i++) {
            byte[] bytes = random.nextInt(4) == 0 ? noise(random)
                    : Mutations.chunks(random).getBytes(StandardCharsets.ISO_8859_1);
            BodyReader reader = new BodyReader(100);
            long[] framings = {MessageFraming.CHUNKED, MessageFraming.CHUNKED, MessageFraming.UNTIL_CLOSE, random.nextInt(40)};
            long framing = framings[random.nextInt(framings.length)];
            reader.begin(framing);
            ByteBuf in = Unpooled.wrappedBuffer(bytes);
            int taken = reader.all(in, 0);
            assertThat(taken).isBetween(0, bytes.length);
            if (framing >= 0) {
                assertThat(taken).isEqualTo((int) Math.min(framing, bytes.length));
            }
            assertThat(reader.isBad()).isEqualTo(reader.defect() != Defect.NONE);
            assertThat(reader.next(in, taken) == 0 || framing == MessageFraming.UNTIL_CLOSE).isTrue();
        }
    }

    private static byte[] noise(Random random) {
        byte[] bytes = new byte[random.nextInt(60)];
        random.nextBytes(bytes);
        return bytes;
    }
}
