package net.lbd.core.sample;

/** The hash functions of converters and of balancing: 32 bits out of bytes. Pure functions. Source: HAProxy manual, "hash-type". */
public final class Hashes {

    /** Of CRC-32 as in Ethernet and gzip, the polynomial reversed. */
    private static final int[] CRC_TABLE = crcTable();

    private Hashes() { }

    public static int djb2(byte[] bytes, int offset, int length) {
        int hash = 5381;
        for (int i = 0; i < length; i++) {
            hash = hash * 33 + (bytes[offset + i] & 0xff);
        }
        return hash;
    }

    public static int sdbm(byte[] bytes, int offset, int length) {
        int hash = 0;
        for (int i = 0; i < length; i++) {
            hash = (bytes[offset + i] & 0xff) + (hash << 6) + (hash << 16) - hash;
        }
        return hash;
    }

    /** By a table: {@link java.util.zip.CRC32} would be an object for each stream. */
    public static int crc32(byte[] bytes, int offset, int length) {
        int crc = -1;
        for (int i = 0; i < length; i++) {
            crc = crc >>> 8 ^ CRC_TABLE[(crc ^ bytes[offset + i]) & 0xff];
        }
        return ~crc;
    }

    /** MurmurHash3 of 32 bits, without a seed: Austin Appleby's, in the public domain. */
    public static int murmur3(byte[] bytes, int offset, int length) {
        int hash = 0;
        int whole = length & ~3;
        for (int i = 0; i < whole; i += 4) {
            hash = Integer.rotateLeft(hash ^ scramble(word(bytes, offset + i, 4)), 13) * 5 + 0xe6546b64;
        }
        if (whole < length) {
            hash ^= scramble(word(bytes, offset + whole, length - whole));
        }
        hash ^= length;
        hash = (hash ^ hash >>> 16) * 0x85ebca6b;
        hash = (hash ^ hash >>> 13) * 0xc2b2ae35;
        return hash ^ hash >>> 16;
    }

    private static int scramble(int word) {
        return Integer.rotateLeft(word * 0xcc9e2d51, 15) * 0x1b873593;
    }

    /** Up to four bytes, the first the lowest. */
    private static int word(byte[] bytes, int at, int length) {
        int word = 0;
        for (int i = length - 1; i >= 0; i--) {
            word = word << 8 | bytes[at + i] & 0xff;
        }
        return word;
    }

    /** XXH64 without a seed. */
    public static long xxh64(byte[] bytes) {
        return XxHash.xxh64(bytes, 0, bytes.length, 0);
    }

    private static int[] crcTable() {
        int[] table = new int[256];
        for (int i = 0; i < 256; i++) {
            int value = i;
            for (int bit = 0; bit < 8; bit++) {
                value = (value & 1) != 0 ? value >>> 1 ^ 0xedb88320 : value >>> 1;
            }
            table[i] = value;
        }
        return table;
    }

    /** Spreads each bit of a hash over all others: Bob Jenkins' integer hash. */
    public static int avalanche(int value) {
        int a = value;
        a = a + 0x7ed55d16 + (a << 12);
        a = a ^ 0xc761c23c ^ a >>> 19;
        a = a + 0x165667b1 + (a << 5);
        a = a + 0xd3a2646c ^ a << 9;
        a = a + 0xfd7046c5 + (a << 3);
        a = a ^ 0xb55a4f09 ^ a >>> 16;
        // HAProxy spreads the result once more; only the two highest bits change.
        return a * 0xc0000001;
    }
}
