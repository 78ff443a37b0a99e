package net.lbd.core.h2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;

/**
 * Collects the fields of one header block after another and compresses them with Netty's HPACK encoder. Neither the list nor its
 * entries are made anew. Event-loop confined; one for each connection.
 */
public final class FieldEncoder {

    /**
     * Never in the table: cookies, of which nothing may be guessed by the size of a block, and values that seldom come twice,
     * for which an entry of the table would only push out a useful one.
     */
    private static final Set<AsciiString> UNINDEXED = Set.of(AsciiString.of("set-cookie"), AsciiString.of("authorization"),
            AsciiString.of("proxy-authorization"), AsciiString.of("cookie"), AsciiString.of("content-length"), AsciiString.of("etag"),
            AsciiString.of("last-modified"), AsciiString.of("location"), AsciiString.of("content-range"), AsciiString.of("age"),
            AsciiString.of("expires"), AsciiString.of("sec-websocket-key"));

    private static final AsciiString[] STATUS = new AsciiString[600];
    private static final AsciiString STATUS_NAME = AsciiString.cached(":status");

    static {
        for (int i = 100; i < STATUS.length; i++) {
            STATUS[i] = AsciiString.cached(Integer.toString(i));
        }
    }

    /** The list and its only entry, which each step of the iteration moves on. */
    private static final class Fields extends DefaultHttp2Headers
            implements Iterator<Map.Entry<CharSequence, CharSequence>>, Map.Entry<CharSequence, CharSequence> {
        private AsciiString[] names = new AsciiString[32];
        private AsciiString[] values = new AsciiString[32];
        private int count;
        private int at;

        Fields() {
            super(false, 2);
        }

        void put(AsciiString name, AsciiString value) {
            if (count == names.length) {
                names = Arrays.copyOf(names, count * 2);
                values = Arrays.copyOf(values, count * 2);
            }
            names[count] = name;
            values[count++] = value;
        }

        void empty() {
            Arrays.fill(names, 0, count, null);
            Arrays.fill(values, 0, count, null);
            count = 0;
        }

        @Override
        public Iterator<Map.Entry<CharSequence, CharSequence>> iterator() {
            at = -1;
            return this;
        }

        @Override
        public boolean hasNext() {
            return at + 1 < count;
        }

        @Override
        public Map.Entry<CharSequence, CharSequence> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            at++;
            return this;
        }

        @Override
        public CharSequence getKey() {
            return names[at];
        }

        @Override
        public CharSequence getValue() {
            return values[at];
        }

        @Override
        public CharSequence setValue(CharSequence value) {
            throw new UnsupportedOperationException();
        }
    }

    private final TextCache texts;
    private final Fields fields = new Fields();
    private final Http2HeadersEncoder encoder =
            new DefaultHttp2HeadersEncoder((name, value) -> UNINDEXED.contains(name), true, 64);

    public FieldEncoder(TextCache texts) {
        this.texts = Objects.requireNonNull(texts, "texts");
    }

    /** The table that the peer grants; more than 4096 bytes are not used. */
    public void tableSize(long bytes) throws Http2Exception {
        encoder.configuration().maxHeaderTableSize(Math.min(bytes, 4096));
    }

    /** The :status of a response: 100 to 599. */
    public void status(int status) {
        fields.put(STATUS_NAME, STATUS[status]);
    }

    public void add(AsciiString name, AsciiString value) {
        fields.put(name, value);
    }

    /** A field; the name becomes lower case, the bytes are not kept. */
    public void add(byte[] name, int nameAt, int nameLength, byte[] value, int valueAt, int valueLength) {
        fields.put(texts.name(name, nameAt, nameLength), texts.value(value, valueAt, valueLength));
    }

    /** Writes what was collected, and begins anew. */
    void write(int stream, ByteBuf out) {
        try {
            encoder.encodeHeaders(stream, fields, out);
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        } finally {
            fields.empty();
        }
    }

    /** Gives back what the encoder holds. */
    public void close() {
        if (encoder instanceof DefaultHttp2HeadersEncoder closeable) {
            closeable.close();
        }
    }
}
