package net.lbd.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.lbd.testkit.Mutations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BodyReaderTest {

    private static final int TRAILER_LIMIT = 200;

    /** What came of reading a body. */
    private record Outcome(String state, Defect defect, String taken, String data) { }

    // ---- chunked bodies: text, the decoded data, and what follows the body

    static Stream<Arguments> goodBodies() {
        return Stream.of(
                arguments("0\r\n\r\n", "", ""),
                arguments("5\r\nhello\r\n0\r\n\r\n", "hello", ""),
                arguments("5\r\nhello\r\n0\r\n\r\n", "hello", "GET / HTTP/1.1\r\n\r\n"),
                arguments("00\r\n\r\n", "", "0\r\n\r\n"),
                arguments("000000000000005\r\nhello\r\n000000000000000\r\n\r\n", "hello", ""),
                arguments("a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n", "01234567890123456789", "x"),
                arguments("1\r\n\r\r\n2\r\n\r\n\r\n0\r\n\r\n", "\r\r\n", ""),
                arguments("5;a\r\nhello\r\n0;b=c;d=\"e;f\"\r\n\r\n", "hello", ""),
                arguments("5 \t;a\t=\tb\r\nhello\r\n0;\r\n\r\n", "hello", ""),
                arguments("5;" + "x".repeat(255) + "\r\nhello\r\n0\r\n\r\n", "hello", ""),
                arguments("5;\u00e9\u0080\r\nhello\r\n0\r\n\r\n", "hello", ""),
                arguments("5\r\nhello\r\n0\r\nX: y\r\n\r\n", "hello", "rest"),
                arguments("0\r\nX:\r\nY-1:\ta\u00e9\tb \r\n\r\n", "", "rest"),
                arguments("0\r\nX: " + "y".repeat(TRAILER_LIMIT - 7) + "\r\n\r\n".substring(0, 2) + "\r\n", "", ""));
    }

    static Stream<Arguments> badBodies() {
        return Stream.of(
                arguments("\r\n", Defect.BAD_CHUNK_SIZE),
                arguments(";a\r\n", Defect.BAD_CHUNK_SIZE),
                arguments("g\r\n", Defect.BAD_CHUNK_SIZE),
                arguments(" 5\r\nhello", Defect.BAD_CHUNK_SIZE),
                arguments("0x5\r\nhello", Defect.BAD_CHUNK_SIZE),
                arguments("+5\r\nhello", Defect.BAD_CHUNK_SIZE),
                arguments("-5\r\nhello", Defect.BAD_CHUNK_SIZE),
                arguments("5 \r\nhello", Defect.BAD_CHUNK_SIZE),
                arguments("5 5\r\nhello", Defect.BAD_CHUNK_SIZE),
                arguments("5\0\r\nhello", Defect.BAD_CHUNK_SIZE),
                arguments("5\nhello", Defect.BAD_CHUNK_SIZE),
                arguments("5\r\rhello", Defect.BAD_CHUNK_SIZE),
                arguments("5\rhello", Defect.BAD_CHUNK_SIZE),
                arguments("5\u00b2\r\nhello", Defect.BAD_CHUNK_SIZE),
                arguments("0000000000000005\r\nhello", Defect.BAD_CHUNK_SIZE),
                arguments("7fffffffffffffff\r\n", Defect.BAD_CHUNK_SIZE),
                arguments("8000000000000000\r\n", Defect.BAD_CHUNK_SIZE),
                arguments("10000000000000005\r\nhello", Defect.BAD_CHUNK_SIZE),
                arguments("ffffffffffffffff\r\n", Defect.BAD_CHUNK_SIZE),
                arguments("5;a\nhello", Defect.BAD_CHUNK_EXTENSION),
                arguments("5;a\0b\r\nhello", Defect.BAD_CHUNK_EXTENSION),
                arguments("5;a\177\r\nhello", Defect.BAD_CHUNK_EXTENSION),
                arguments("5;" + "x".repeat(257) + "\r\nhello", Defect.BAD_CHUNK_EXTENSION),
                arguments("5" + " ".repeat(300) + ";a\r\nhello", Defect.BAD_CHUNK_EXTENSION),
                arguments("5;a\rb\r\nhello", Defect.BAD_CHUNK_SIZE),
                arguments("5\r\nhello0\r\n\r\n", Defect.BAD_CHUNK_END),
                arguments("5\r\nhello\n0\r\n\r\n", Defect.BAD_CHUNK_END),
                arguments("5\r\nhello\r0\r\n\r\n", Defect.BAD_CHUNK_END),
                arguments("5\r\nhelloo\r\n0\r\n\r\n", Defect.BAD_CHUNK_END),
                arguments("5\r\nhello\r\n\r\n0\r\n\r\n", Defect.BAD_CHUNK_SIZE),
                arguments("0\r\n\n", Defect.BAD_TRAILER),
                arguments("0\r\nX: y\n\r\n", Defect.BAD_TRAILER),
                arguments("0\r\nX\r\n\r\n", Defect.BAD_TRAILER),
                arguments("0\r\n: y\r\n\r\n", Defect.BAD_TRAILER),
                arguments("0\r\nX : y\r\n\r\n", Defect.BAD_TRAILER),
                arguments("0\r\n X: y\r\n\r\n", Defect.BAD_TRAILER),
                arguments("0\r\nX: y\r\n z\r\n\r\n", Defect.BAD_TRAILER),
                arguments("0\r\nX: a\0b\r\n\r\n", Defect.BAD_TRAILER),
                arguments("0\r\nX: a\rb\r\n\r\n", Defect.BAD_TRAILER),
                arguments("0\r\nX: a\177\r\n\r\n", Defect.BAD_TRAILER),
                arguments("0\r\nContent-Length: 1\r\n\r\n", Defect.BAD_TRAILER),
                arguments("0\r\nTransfer-Encoding: chunked\r\n\r\n", Defect.BAD_TRAILER),
                arguments("0\r\nhost: a\r\n\r\n", Defect.BAD_TRAILER),
                arguments("0\r\nAuthorization: Basic a\r\n\r\n", Defect.BAD_TRAILER),
                arguments("0\r\nConnection: close\r\n\r\n", Defect.BAD_TRAILER),
                arguments("0\r\nGET / HTTP/1.1\r\n\r\n", Defect.BAD_TRAILER),
                arguments("0\r\nX: " + "y".repeat(TRAILER_LIMIT) + "\r\n\r\n", Defect.BAD_TRAILER),
                arguments("0\r\n" + "y".repeat(TRAILER_LIMIT + 1), Defect.BAD_TRAILER));
    }

    @ParameterizedTest
    @MethodSource("goodBodies")
    void followsChunksAtEverySplitPoint(String body, String data, String rest) {
        Outcome expected = new Outcome("DONE", Defect.NONE, body, data);
        assertThat(read(MessageFraming.CHUNKED, body + rest)).isEqualTo(expected);
        int length = body.length() + rest.length();
        for (int a = 1; a < length; a++) {
            assertThat(read(MessageFraming.CHUNKED, body + rest, a)).as("split at %d", a).isEqualTo(expected);
            assertThat(read(MessageFraming.CHUNKED, body + rest, a, Math.min(length, a + 1))).isEqualTo(expected);
        }
        assertThat(read(MessageFraming.CHUNKED, body + rest, IntStream.range(1, length).toArray())).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("badBodies")
    void refusesBadChunksAtEverySplitPoint(String body, Defect defect) {
        for (int a = 1; a <= body.length(); a++) {
            Outcome outcome = read(MessageFraming.CHUNKED, body, a);
            assertThat(outcome.state()).as("split at %d", a).isEqualTo("BAD");
            assertThat(outcome.defect()).as("split at %d", a).isEqualTo(defect);
        }
        assertThat(read(MessageFraming.CHUNKED, body, IntStream.range(1, body.length()).toArray()).defect()).isEqualTo(defect);
    }

    @Test
    void theBytesOfABadPieceOfFramingAreNotPassedOn() {
        Outcome outcome = read(MessageFraming.CHUNKED, "5\r\nhello\r\nX\r\n");
        assertThat(outcome.taken()).isEqualTo("5\r\nhello");
    }

    @Test
    void aTrailerSectionIsHeldBackUntilItIsWhole() {
        Outcome outcome = read(MessageFraming.CHUNKED, "5\r\nhello\r\n0\r\nX: y\r\n");
        assertThat(outcome).isEqualTo(new Outcome("MORE", Defect.NONE, "5\r\nhello\r\n0\r\n", "hello"));
    }

    @Test
    void theLargestChunkIsCountedInFull() {
        BodyReader reader = new BodyReader(TRAILER_LIMIT);
        reader.begin(MessageFraming.CHUNKED);
        ByteBuf in = Unpooled.copiedBuffer("fffffffffffffff\r\n" + "x".repeat(100), StandardCharsets.US_ASCII);
        assertThat(reader.all(in, 0)).isEqualTo(in.readableBytes());
        assertThat(reader.isDone() || reader.isBad()).isFalse();
    }

    // ---- the other framings

    @Test
    void aLengthIsTakenExactly() {
        for (int split = 1; split < 12; split++) {
            assertThat(read(10, "0123456789rest", split)).isEqualTo(new Outcome("DONE", Defect.NONE, "0123456789", "0123456789"));
        }
        assertThat(read(10, "012345678").state()).isEqualTo("MORE");
        assertThat(read(0, "rest")).isEqualTo(new Outcome("DONE", Defect.NONE, "", ""));
        assertThat(read(Long.MAX_VALUE, "abc")).isEqualTo(new Outcome("MORE", Defect.NONE, "abc", "abc"));
    }

    @Test
    void withoutFramingEverythingUpToTheEndBelongsToTheBody() {
        BodyReader reader = new BodyReader(TRAILER_LIMIT);
        reader.begin(MessageFraming.UNTIL_CLOSE);
        assertThat(reader.endsWithConnection()).isTrue();
        assertThat(read(MessageFraming.UNTIL_CLOSE, "abc\r\n\r\n")).isEqualTo(new Outcome("MORE", Defect.NONE, "abc\r\n\r\n", "abc\r\n\r\n"));
    }

    @Test
    void beginsAnewBehindABadBody() {
        BodyReader reader = new BodyReader(TRAILER_LIMIT);
        reader.begin(MessageFraming.CHUNKED);
        reader.all(Unpooled.copiedBuffer("x", StandardCharsets.US_ASCII), 0);
        assertThat(reader.isBad()).isTrue();
        reader.begin(3);
        assertThat(reader.isBad()).isFalse();
        assertThat(reader.defect()).isEqualTo(Defect.NONE);
        assertThat(reader.all(Unpooled.copiedBuffer("abcd", StandardCharsets.US_ASCII), 0)).isEqualTo(3);
    }

    @Test
    void piecesMakeNoDifferenceForRandomBodies() {
        Random random = new Random(4711);
        for (int i = 0; i < 20_000; i++) {
            String text = Mutations.chunks(random);
            if (text.isEmpty()) {
                continue;
            }
            Outcome whole = read(MessageFraming.CHUNKED, text);
            Outcome pieces = read(MessageFraming.CHUNKED, text, Mutations.splits(random, text.length()));
            assertThat(pieces.state()).as(text).isEqualTo(whole.state());
            assertThat(pieces.defect()).as(text).isEqualTo(whole.defect());
            assertThat(pieces.data()).as(text).isEqualTo(whole.data());
            assertThat(ReferenceChunks.decode(text, TRAILER_LIMIT)).as(text)
                    .isEqualTo(whole.state().equals("DONE") ? whole.data() + "|" + whole.taken().length() : whole.state());
        }
    }

    /** Reads a body that comes in pieces, as a connection does: what is not taken waits for the next piece. */
    private static Outcome read(long framing, String text, int... splits) {
        BodyReader reader = new BodyReader(TRAILER_LIMIT);
        reader.begin(framing);
        StringBuilder taken = new StringBuilder();
        StringBuilder data = new StringBuilder();
        ByteBuf in = Unpooled.buffer();
        int from = 0;
        for (int piece = 0; piece <= splits.length; piece++) {
            int to = piece < splits.length ? splits[piece] : text.length();
            in.writeBytes(text.substring(from, to).getBytes(StandardCharsets.ISO_8859_1));
            from = to;
            int run;
            while ((run = reader.next(in, in.readerIndex())) > 0) {
                String bytes = in.readCharSequence(run, StandardCharsets.ISO_8859_1).toString();
                taken.append(bytes);
                data.append(reader.lastRunIsData() ? bytes : "");
            }
        }
        String state = reader.isDone() ? "DONE" : reader.isBad() ? "BAD" : "MORE";
        return new Outcome(state, reader.defect(), taken.toString(), data.toString());
    }
}
