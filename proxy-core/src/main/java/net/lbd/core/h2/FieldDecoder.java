package net.lbd.core.h2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Objects;

/**
 * Decodes header blocks and hands the fields on one by one: no list of them is made. Each block is decoded to its end, whatever its
 * fields are like, since the tables of both ends must agree; how many bytes of fields are kept is for the sink to say.
 * Event-loop confined; one for each connection.
 */
public final class FieldDecoder extends DefaultHttp2HeadersDecoder {

    /** Takes the fields of a block. */
    public interface Sink {
        /** A block of this stream begins. */
        void beginFields(int stream);

        void field(AsciiString name, AsciiString value);
    }

    /** Netty's decoder knows a collection; this one keeps nothing. */
    private static final class Passage extends DefaultHttp2Headers {
        private final Sink sink;

        Passage(Sink sink) {
            super(false, 2);
            this.sink = sink;
        }

        @Override
        public Http2Headers add(CharSequence name, CharSequence value) {
            sink.field((AsciiString) name, (AsciiString) value);
            return this;
        }
    }

    private final Sink sink;
    private final Passage passage;
    private final long blockLimitBytes;

    /**
     * @param blockLimitBytes what a compressed block may be long; a longer one ends the connection
     */
    public FieldDecoder(Sink sink, int blockLimitBytes) {
        // The sink counts; a limit here would only hide from it how much there is.
        super(false, false, 0xFFFFFFFFL);
        this.sink = Objects.requireNonNull(sink, "sink");
        this.passage = new Passage(sink);
        this.blockLimitBytes = blockLimitBytes;
    }

    @Override
    public long maxHeaderListSizeGoAway() {
        return blockLimitBytes;
    }

    @Override
    public Http2Headers decodeHeaders(int stream, ByteBuf block) throws Http2Exception {
        sink.beginFields(stream);
        return super.decodeHeaders(stream, block);
    }

    @Override
    protected Http2Headers newHeaders() {
        return passage;
    }
}
