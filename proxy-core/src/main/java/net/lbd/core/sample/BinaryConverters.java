package net.lbd.core.sample;

import static java.util.Map.entry;

import java.util.Map;
import net.lbd.config.model.SampleType;
import net.lbd.core.http.Ascii;
import net.lbd.core.stream.Stream;

/** Converters that show bytes as numbers, and numbers as bytes. Source: HAProxy manual, "be2dec", "be2hex", "htonl". */
final class BinaryConverters {

    private static final int LONG_BYTES = 8;

    static final Map<String, ConverterCompiler> ROWS = Map.ofEntries(
            entry("be2dec", ConverterCompiler.of(SampleType.BINARY, (ConverterCompiler.Maker) a -> decimal(a, true))),
            entry("le2dec", ConverterCompiler.of(SampleType.BINARY, (ConverterCompiler.Maker) a -> decimal(a, false))),
            entry("be2hex", ConverterCompiler.of(SampleType.BINARY, (ConverterCompiler.Maker) a -> {
                byte[] separator = a.bytes(0, "");
                // Without a size there is one chunk.
                int size = (int) a.number(1, Integer.MAX_VALUE);
                return chunks(separator, size, a.number(2, 0) != 0 && a.has(1), (bytes, offset, length, out) -> {
                    for (int i = offset; i < offset + length; i++) {
                        out.putHex(bytes[i]);
                    }
                });
            })),
            entry("htonl", ConverterCompiler.of(SampleType.INTEGER, (Converter) (stream, s) -> {
                int value = (int) s.number();
                byte[] to = s.setOwned(SampleType.BINARY, 4);
                for (int i = 0; i < 4; i++) {
                    to[i] = (byte) (value >> 24 - 8 * i);
                }
                return true;
            })));

    /** Writes one chunk of the input. */
    @FunctionalInterface
    private interface Chunk {
        void put(byte[] bytes, int offset, int length, ByteSink out);
    }

    private BinaryConverters() { }

    private static Converter decimal(ArgumentList a, boolean bigEndian) {
        int size = (int) a.number(1, LONG_BYTES);
        if (size < 1 || size > LONG_BYTES) {
            throw new IllegalArgumentException("a chunk has 1 to 8 bytes, not " + size);
        }
        return chunks(a.bytes(0, ""), size, a.number(2, 0) != 0, (bytes, offset, length, out) -> {
            long value = 0;
            for (int i = 0; i < length; i++) {
                value = value << 8 | bytes[bigEndian ? offset + i : offset + length - 1 - i] & 0xff;
            }
            if (value >= 0) {
                out.putNumber(value);
            } else {
                out.put(Ascii.bytes(Long.toUnsignedString(value)));
            }
        });
    }

    private static Converter chunks(byte[] separator, int size, boolean truncate, Chunk chunk) {
        if (size < 1) {
            throw new IllegalArgumentException("a chunk has at least one byte, not " + size);
        }
        return (Stream stream, Sample s) -> {
            ByteSink out = stream.worker().scratch().takeSink();
            int length = s.length();
            for (int at = 0; at < length; at += Math.min(size, length - at)) {
                int count = Math.min(size, length - at);
                if (truncate && count < size) {
                    break;
                }
                if (at > 0) {
                    out.put(separator);
                }
                chunk.put(s.bytes(), s.offset() + at, count, out);
            }
            s.own(SampleType.STRING, out);
            stream.worker().scratch().giveSink(out);
            return true;
        };
    }
}
