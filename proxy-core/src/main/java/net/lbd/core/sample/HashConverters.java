package net.lbd.core.sample;

import static java.util.Map.entry;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import net.lbd.config.model.SampleType;

/**
 * Digests and hashes. Digest objects are kept for each event loop and reused. Source: HAProxy manual,
 * "Converters"; the values were compared with HAProxy 2.6's.
 */
final class HashConverters {

    /** A hash of a range of bytes to 32 bits. */
    @FunctionalInterface
    private interface Hash {
        int of(byte[] bytes, int offset, int length);
    }

    static final Map<String, ConverterCompiler> ROWS = Map.ofEntries(
            entry("sha1", ConverterCompiler.of(SampleType.BINARY, (ConverterCompiler.Maker) a -> digest("SHA-1"))),
            entry("sha2", ConverterCompiler.of(SampleType.BINARY,
                    (ConverterCompiler.Maker) a -> digest("SHA-" + a.number(0, 256)))),
            entry("digest", ConverterCompiler.of(SampleType.BINARY,
                    (ConverterCompiler.Maker) a -> digest(javaName(a.text(0))))),
            entry("djb2", hash(Hashes::djb2)),
            entry("sdbm", hash(Hashes::sdbm)),
            entry("xxh32", ConverterCompiler.of(SampleType.BINARY, (ConverterCompiler.Maker) a -> {
                int seed = (int) a.number(0, 0);
                return (stream, s) -> {
                    s.setInteger(XxHash.xxh32(s.bytes(), s.offset(), s.length(), seed) & 0xffffffffL);
                    return true;
                };
            })),
            entry("xxh64", ConverterCompiler.of(SampleType.BINARY, (ConverterCompiler.Maker) a -> {
                long seed = a.number(0, 0);
                return (stream, s) -> {
                    s.setInteger(XxHash.xxh64(s.bytes(), s.offset(), s.length(), seed));
                    return true;
                };
            })),
            entry("xxh3", ConverterCompiler.of(SampleType.BINARY, (ConverterCompiler.Maker) a -> {
                long seed = a.number(0, 0);
                return (stream, s) -> {
                    s.setInteger(XxHash.xxh3(s.bytes(), s.offset(), s.length(), seed));
                    return true;
                };
            })),
            entry("crc32", checksum(() -> new CRC32())),
            entry("crc32c", checksum(() -> new CRC32C())));

    private HashConverters() { }

    /** OpenSSL's name of a digest to Java's: {@code sha256} to {@code SHA-256}. */
    static String javaName(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return upper.startsWith("SHA") && !upper.startsWith("SHA-") && !upper.startsWith("SHA3")
                ? "SHA-" + upper.substring(3)
                : upper;
    }

    private static Converter digest(String algorithm) {
        newDigest(algorithm);
        PerWorker<MessageDigest> digests = new PerWorker<>(() -> newDigest(algorithm));
        return (stream, s) -> {
            MessageDigest digest = digests.get(stream.worker());
            digest.update(s.bytes(), s.offset(), s.length());
            byte[] to = s.setOwned(SampleType.BINARY, digest.getDigestLength());
            try {
                digest.digest(to, 0, digest.getDigestLength());
            } catch (DigestException e) {
                throw new IllegalStateException("the array is as long as the digest asked for", e);
            }
            return true;
        };
    }

    static MessageDigest newDigest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalArgumentException("no digest is named '" + algorithm + "'", e);
        }
    }

    private static ConverterCompiler hash(Hash hash) {
        return ConverterCompiler.of(SampleType.BINARY, (ConverterCompiler.Maker) arguments -> {
            boolean avalanche = arguments.number(0, 0) != 0;
            return (stream, s) -> {
                int value = hash.of(s.bytes(), s.offset(), s.length());
                s.setInteger((avalanche ? Hashes.avalanche(value) : value) & 0xffffffffL);
                return true;
            };
        });
    }

    private static ConverterCompiler checksum(Supplier<Checksum> maker) {
        return ConverterCompiler.of(SampleType.BINARY, (ConverterCompiler.Maker) arguments -> {
            boolean avalanche = arguments.number(0, 0) != 0;
            PerWorker<Checksum> checksums = new PerWorker<>(maker);
            return (stream, s) -> {
                Checksum checksum = checksums.get(stream.worker());
                checksum.reset();
                checksum.update(s.bytes(), s.offset(), s.length());
                int value = (int) checksum.getValue();
                s.setInteger((avalanche ? Hashes.avalanche(value) : value) & 0xffffffffL);
                return true;
            };
        });
    }
}
