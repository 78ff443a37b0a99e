package net.lbd.core.http;

import io.netty.buffer.ByteBuf;

/**
 * Follows the body of one message through the bytes as they come and tells how many of them belong to
 * it. The bytes are not copied or decoded: chunk framing is checked and passed on as it is, unless only
 * the data is wanted, as for an HTTP/1.0 client. A trailer section is held back until it is complete
 * and has been judged.
 *
 * <table><caption>Limits</caption>
 * <tr><td>chunk size</td><td>15 hexadecimal digits</td></tr>
 * <tr><td>extensions of one chunk</td><td>256 bytes, no control characters</td></tr>
 * <tr><td>trailer section</td><td>{@code trailerLimitBytes}</td></tr>
 * </table>
 *
 * Event-loop confined. Source: RFC 9112 §6 and §7.1.
 */
public final class BodyReader {

    private static final int MAX_SIZE_DIGITS = 15;
    private static final int MAX_EXTENSION_BYTES = 256;

    private enum State { LENGTH, UNTIL_CLOSE, SIZE, SIZE_BLANK, EXTENSION, SIZE_LF, DATA, DATA_CR, DATA_LF, TRAILER, DONE, BAD }

    private final int trailerLimitBytes;
    private State state = State.DONE;
    private long left;
    private int digits;
    private int extensionBytes;
    private boolean lastRunIsData;
    private int trailerBytes;
    private boolean lastRunIsTrailer;
    private Defect defect = Defect.NONE;
    private int defectOffset;

    public BodyReader(int trailerLimitBytes) {
        this.trailerLimitBytes = trailerLimitBytes;
    }

    /** Begins a body; {@code framing} is a length or a constant of {@link MessageFraming}. */
    public void begin(long framing) {
        defect = Defect.NONE;
        trailerBytes = 0;
        if (framing >= 0) {
            left = framing;
            state = framing == 0 ? State.DONE : State.LENGTH;
        } else if (framing == MessageFraming.CHUNKED) {
            beginChunk();
        } else {
            state = State.UNTIL_CLOSE;
        }
    }

    /** Whether the body is complete. */
    public boolean isDone() {
        return state == State.DONE;
    }

    public boolean isBad() {
        return state == State.BAD;
    }

    public Defect defect() {
        return defect;
    }

    /** Where the defect was found, from the index that {@link #next} was last given. */
    public int defectOffset() {
        return defectOffset;
    }

    /** Whether the end of the connection is the end of this body. */
    public boolean endsWithConnection() {
        return state == State.UNTIL_CLOSE;
    }

    /** Whether the run that {@link #next} returned last, which is no data, is the whole trailer section. */
    public boolean lastRunIsTrailer() {
        return lastRunIsTrailer;
    }

    /** Whether the run that {@link #next} returned last is data, not framing. */
    public boolean lastRunIsData() {
        return lastRunIsData;
    }

    /** Of a body that is {@linkplain #isDone done}: bytes of its trailer lines, which stand before the last CRLF. */
    public int trailerBytes() {
        return trailerBytes;
    }

    /**
     * The length of the next run of bytes, from {@code from} on, that is wholly data or wholly framing.
     * 0 means that the body is done, is bad, or needs more bytes than there are (a trailer section that
     * is not complete). Indexes are those of the buffer; its reader index is left alone.
     */
    public int next(ByteBuf in, int from) {
        int end = in.writerIndex();
        switch (state) {
            case LENGTH, DATA, UNTIL_CLOSE -> {
                return data(end - from);
            }
            case TRAILER -> {
                lastRunIsData = false;
                lastRunIsTrailer = true;
                return trailer(in, from, end);
            }
            case DONE, BAD -> {
                return 0;
            }
            default -> {
                lastRunIsData = false;
                lastRunIsTrailer = false;
                return framing(in, from, end);
            }
        }
    }

    /** As many bytes as belong to the body from {@code from} on, data and framing alike. */
    public int all(ByteBuf in, int from) {
        int at = from;
        for (int run = next(in, at); run > 0; run = next(in, at)) {
            at += run;
        }
        return at - from;
    }

    private int data(int available) {
        lastRunIsData = true;
        if (state == State.UNTIL_CLOSE) {
            return available;
        }
        int run = (int) Math.min(left, available);
        left -= run;
        if (left == 0) {
            state = state == State.LENGTH ? State.DONE : State.DATA_CR;
        }
        return run;
    }

    private void beginChunk() {
        state = State.SIZE;
        left = 0;
        digits = 0;
        extensionBytes = 0;
    }

    private int framing(ByteBuf in, int from, int end) {
        int i = from;
        while (i < end) {
            byte b = in.getByte(i);
            switch (state) {
                case SIZE -> size(b);
                case SIZE_BLANK -> blank(b);
                case EXTENSION -> extension(b);
                case SIZE_LF -> endOfSize(b);
                case DATA_CR -> expect(b, '\r', State.DATA_LF);
                case DATA_LF -> {
                    expect(b, '\n', State.SIZE);
                    if (state == State.SIZE) {
                        beginChunk();
                    }
                }
                default -> throw new IllegalStateException(state.name());
            }
            if (state == State.BAD) {
                defectOffset = i - from;
                return 0;
            }
            i++;
            if (state == State.DATA || state == State.TRAILER) {
                break;
            }
        }
        return i - from;
    }

    private void size(byte b) {
        int digit = hexDigit(b);
        if (digit >= 0 && digits < MAX_SIZE_DIGITS) {
            left = left << 4 | digit;
            digits++;
        } else if (digits == 0 || digit >= 0) {
            bad(Defect.BAD_CHUNK_SIZE);
        } else if (b == '\r') {
            state = State.SIZE_LF;
        } else if (b == ';') {
            state = State.EXTENSION;
        } else if (b == ' ' || b == '\t') {
            state = State.SIZE_BLANK;
        } else {
            bad(Defect.BAD_CHUNK_SIZE);
        }
    }

    private static int hexDigit(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    /** Blanks behind the size are allowed only before an extension: RFC 9112 §7.1.1, "BWS". */
    private void blank(byte b) {
        if (++extensionBytes > MAX_EXTENSION_BYTES) {
            bad(Defect.BAD_CHUNK_EXTENSION);
        } else if (b == ';') {
            state = State.EXTENSION;
        } else if (b != ' ' && b != '\t') {
            bad(Defect.BAD_CHUNK_SIZE);
        }
    }

    private void extension(byte b) {
        if (b == '\r') {
            state = State.SIZE_LF;
        } else if (++extensionBytes > MAX_EXTENSION_BYTES || b >= 0 && b < 0x20 && b != '\t' || b == 0x7f) {
            bad(Defect.BAD_CHUNK_EXTENSION);
        }
    }

    private void endOfSize(byte b) {
        if (b != '\n') {
            bad(Defect.BAD_CHUNK_SIZE);
        } else if (left == 0) {
            state = State.TRAILER;
        } else {
            state = State.DATA;
        }
    }

    private void expect(byte b, char wanted, State then) {
        if (b == wanted) {
            state = then;
        } else {
            bad(Defect.BAD_CHUNK_END);
        }
    }

    /** Passes the trailer section on as one run once it is complete. */
    private int trailer(ByteBuf in, int from, int end) {
        int lineStart = from;
        while (true) {
            defectOffset = lineStart - from;
            int lf = in.indexOf(lineStart, end, (byte) '\n');
            if (lf < 0) {
                if (end - from > trailerLimitBytes) {
                    bad(Defect.BAD_TRAILER);
                }
                return 0;
            }
            if (lf + 1 - from > trailerLimitBytes || lf == lineStart || in.getByte(lf - 1) != '\r') {
                return bad(Defect.BAD_TRAILER);
            }
            if (lf - 1 == lineStart) {
                state = State.DONE;
                trailerBytes = lineStart - from;
                return lf + 1 - from;
            }
            if (!TrailerField.isValid(in, lineStart, lf - 1)) {
                return bad(Defect.BAD_TRAILER);
            }
            lineStart = lf + 1;
        }
    }

    private int bad(Defect found) {
        state = State.BAD;
        defect = found;
        return 0;
    }
}
