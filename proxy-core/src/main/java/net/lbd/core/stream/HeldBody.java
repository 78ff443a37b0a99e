package net.lbd.core.stream;

import io.netty.buffer.ByteBuf;
import net.lbd.core.http.BodyReader;
import net.lbd.core.http.Defect;
import net.lbd.core.sample.ByteSink;

/**
 * Looks at the bytes of a body that are held before they go on: how much is there, and what. The bytes stay as they
 * are. Event-loop confined.
 */
final class HeldBody {

    private final BodyReader reader;

    HeldBody(int limitBytes) {
        this.reader = new BodyReader(limitBytes);
    }

    /** Bytes of data in {@code held}, chunks taken apart; all of them if {@link #isWhole}. */
    int length(ByteBuf held, long framing) {
        return walk(held, framing, null);
    }

    /** Whether the last look came to the end of the body, or to what makes it a bad one, which no waiting mends. */
    boolean isWhole() {
        return reader.isDone() || reader.isBad();
    }

    /** What the last look found wrong. */
    Defect defect() {
        return reader.defect();
    }

    void copy(ByteBuf held, long framing, ByteSink out) {
        walk(held, framing, out);
    }

    private int walk(ByteBuf held, long framing, ByteSink out) {
        reader.begin(framing);
        int at = held.readerIndex();
        int length = 0;
        for (int run = reader.next(held, at); run > 0; run = reader.next(held, at)) {
            if (reader.lastRunIsData()) {
                length += run;
                if (out != null) {
                    for (int i = at; i < at + run; i++) {
                        out.put(held.getByte(i));
                    }
                }
            }
            at += run;
        }
        return length;
    }
}
