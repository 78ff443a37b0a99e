package net.lbd.core.stream;

import net.lbd.core.sample.Sample;
import java.util.List;
import net.lbd.config.model.CaptureSpec;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.HttpMessage;

/**
 * What the {@code capture} lines of a frontend kept of one message. The arrays are made once for each
 * client connection, when first needed. Event-loop confined. Source: HAProxy manual, "capture request
 * header".
 */
final class Captures {

    private static final byte[] NONE = {};

    private final List<CaptureSpec> specs;
    private final byte[][] values;
    private final int[] lengths;
    private final byte[][] lowerNames;

    Captures(List<CaptureSpec> specs) {
        this.specs = specs;
        this.values = new byte[specs.size()][];
        this.lengths = new int[specs.size()];
        this.lowerNames = new byte[specs.size()][];
        clear();
    }

    void clear() {
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = -1;
        }
    }

    /** Takes the last header of each name, cut to the length that its line gives. */
    void take(HttpMessage message) {
        for (int i = 0; i < values.length; i++) {
            if (specs.get(i).header().isEmpty()) {
                continue;
            }
            if (lowerNames[i] == null) {
                values[i] = new byte[specs.get(i).lengthBytes()];
                byte[] lower = Ascii.bytes(specs.get(i).header());
                for (int k = 0; k < lower.length; k++) {
                    lower[k] = Ascii.lower(lower[k]);
                }
                lowerNames[i] = lower;
            }
            int last = -1;
            for (int h = message.find(lowerNames[i], 0); h >= 0; h = message.find(lowerNames[i], h + 1)) {
                last = h;
            }
            if (last >= 0) {
                lengths[i] = Math.min(message.valueLength(last), values[i].length);
                System.arraycopy(message.bytes(), message.valueOffset(last), values[i], 0, lengths[i]);
            }
        }
    }

    /** Keeps a value that a rule has made, cut to the length of its slot. */
    void put(int n, Sample value) {
        if (n >= values.length) {
            return;
        }
        if (values[n] == null) {
            values[n] = new byte[specs.get(n).lengthBytes()];
        }
        lengths[n] = Math.min(value.length(), values[n].length);
        System.arraycopy(value.bytes(), value.offset(), values[n], 0, lengths[n]);
    }

    byte[] bytes(int n) {
        return values[n] == null ? NONE : values[n];
    }

    /** -1: the message had no such header. */
    int length(int n) {
        return lengths[n];
    }
}
