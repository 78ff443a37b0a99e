package net.lbd.core.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import net.lbd.config.model.CompressionSpec.Algorithm;

/**
 * Compresses one body as it comes: what was added is there when it is {@linkplain #take taken}, nothing waits for more. Holds some
 * 256 kB outside the heap until it is {@linkplain #close closed}. Event-loop confined. Source: RFC 1950, 1951, 1952.
 */
public final class Compressor implements AutoCloseable {

    /** As HAProxy: it runs on an event loop. */
    private static final int LEVEL = 1;
    private static final byte[] GZIP_HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 4, 3};
    /** Hexadecimal digits of a chunk's size and the line end behind it. */
    private static final int SIZE_LINE = 10;
    private static final byte[] HEX = Ascii.bytes("0123456789ABCDEF");

    private final Algorithm algorithm;
    private final boolean chunked;
    private final Deflater deflater;
    private final CRC32 crc = new CRC32();
    private boolean begun;
    private long length;
    private ByteBuf out;

    /** @param chunked what is taken has the framing of chunks around it */
    public Compressor(Algorithm algorithm, boolean chunked) {
        this.algorithm = algorithm;
        this.chunked = chunked;
        this.deflater = new Deflater(LEVEL, algorithm != Algorithm.DEFLATE);
    }

    public Algorithm algorithm() {
        return algorithm;
    }

    /** Reads bytes out of a buffer. */
    public void add(ByteBuf in, int count, ByteBufAllocator allocator) {
        begin(allocator, count);
        ByteBuffer input = in.nioBuffer(in.readerIndex(), count);
        if (algorithm == Algorithm.GZIP) {
            crc.update(input.duplicate());
        }
        length += count;
        deflater.setInput(input);
        deflate(Deflater.NO_FLUSH);
        in.skipBytes(count);
    }

    private void begin(ByteBufAllocator allocator, int expected) {
        if (out == null) {
            out = allocator.directBuffer(SIZE_LINE + 64 + expected / 2);
            out.writeZero(SIZE_LINE);
            out.readerIndex(SIZE_LINE);
        }
        if (!begun) {
            begun = true;
            if (algorithm == Algorithm.GZIP) {
                out.writeBytes(GZIP_HEADER);
            }
        }
    }

    private void deflate(int flush) {
        while (true) {
            out.ensureWritable(512);
            ByteBuffer space = out.nioBuffer(out.writerIndex(), out.writableBytes());
            int room = space.remaining();
            int made = deflater.deflate(space, flush);
            out.writerIndex(out.writerIndex() + made);
            if (made < room) {
                return;
            }
        }
    }

    /**
     * What has become of the bytes added since the last time. The caller releases it.
     *
     * @param last nothing more comes
     * @return an empty buffer if there is nothing to send
     */
    public ByteBuf take(boolean last, ByteBufAllocator allocator) {
        begin(allocator, 0);
        if (last) {
            deflater.finish();
            deflate(Deflater.NO_FLUSH);
            if (algorithm == Algorithm.GZIP) {
                out.writeIntLE((int) crc.getValue());
                out.writeIntLE((int) length);
            }
        } else {
            deflate(Deflater.SYNC_FLUSH);
        }
        ByteBuf taken = out;
        out = null;
        if (chunked && taken.isReadable()) {
            frame(taken);
        }
        return taken;
    }

    /** Puts the size before the bytes, into the room left there, and a line end behind them. */
    private static void frame(ByteBuf bytes) {
        int at = SIZE_LINE;
        bytes.setByte(--at, '\n');
        bytes.setByte(--at, '\r');
        for (int size = bytes.readableBytes(); size > 0; size >>>= 4) {
            bytes.setByte(--at, HEX[size & 15]);
        }
        bytes.readerIndex(at);
        bytes.writeByte('\r').writeByte('\n');
    }

    @Override
    public void close() {
        deflater.end();
        if (out != null) {
            out.release();
            out = null;
        }
    }
}
