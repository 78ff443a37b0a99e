package net.lbd.core.sample;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The xxHash family: XXH32, XXH64 and the 64-bit form of XXH3. Pure functions, without allocation but for XXH3 of more than 240
 * bytes with a seed. Source: the specification at https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md.
 */
final class XxHash {

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int P32_1 = 0x9E3779B1;
    private static final int P32_2 = 0x85EBCA77;
    private static final int P32_3 = 0xC2B2AE3D;
    private static final int P32_4 = 0x27D4EB2F;
    private static final int P32_5 = 0x165667B1;
    private static final long P64_1 = 0x9E3779B185EBCA87L;
    private static final long P64_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long P64_3 = 0x165667B19E3779F9L;
    private static final long P64_4 = 0x85EBCA77C2B2AE63L;
    private static final long P64_5 = 0x27D4EB2F165667C5L;
    private static final long MX1 = 0x165667919E3779F9L;
    private static final long MX2 = 0x9FB21C651E98DF25L;

    private static final int STRIPE = 64;
    private static final int SECRET_LENGTH = 192;
    private static final int STRIPES_PER_BLOCK = (SECRET_LENGTH - STRIPE) / 8;

    /** The default secret of XXH3. */
    private static final byte[] SECRET = java.util.HexFormat.of().parseHex(
            "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221b8084674f743248e"
            + "e03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8a8fa763fe39c343ff9dcbbc7c70b4f1d"
            + "8a51e04bcdb45931c89f7ec9d9787364eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e2b16be587d47a1"
            + "fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e");

    private XxHash() { }

    private static int int32(byte[] b, int at) {
        return (int) INTS.get(b, at);
    }

    private static long int64(byte[] b, int at) {
        return (long) LONGS.get(b, at);
    }

    static int xxh32(byte[] b, int offset, int length, int seed) {
        int at = offset;
        int end = offset + length;
        int hash;
        if (length >= 16) {
            int v1 = seed + P32_1 + P32_2;
            int v2 = seed + P32_2;
            int v3 = seed;
            int v4 = seed - P32_1;
            for (; at <= end - 16; at += 16) {
                v1 = round32(v1, int32(b, at));
                v2 = round32(v2, int32(b, at + 4));
                v3 = round32(v3, int32(b, at + 8));
                v4 = round32(v4, int32(b, at + 12));
            }
            hash = Integer.rotateLeft(v1, 1) + Integer.rotateLeft(v2, 7) + Integer.rotateLeft(v3, 12) + Integer.rotateLeft(v4, 18);
        } else {
            hash = seed + P32_5;
        }
        hash += length;
        for (; at <= end - 4; at += 4) {
            hash = Integer.rotateLeft(hash + int32(b, at) * P32_3, 17) * P32_4;
        }
        for (; at < end; at++) {
            hash = Integer.rotateLeft(hash + (b[at] & 0xff) * P32_5, 11) * P32_1;
        }
        hash = (hash ^ hash >>> 15) * P32_2;
        hash = (hash ^ hash >>> 13) * P32_3;
        return hash ^ hash >>> 16;
    }

    private static int round32(int v, int input) {
        return Integer.rotateLeft(v + input * P32_2, 13) * P32_1;
    }

    static long xxh64(byte[] b, int offset, int length, long seed) {
        int at = offset;
        int end = offset + length;
        long hash;
        if (length >= 32) {
            long v1 = seed + P64_1 + P64_2;
            long v2 = seed + P64_2;
            long v3 = seed;
            long v4 = seed - P64_1;
            for (; at <= end - 32; at += 32) {
                v1 = round64(v1, int64(b, at));
                v2 = round64(v2, int64(b, at + 8));
                v3 = round64(v3, int64(b, at + 16));
                v4 = round64(v4, int64(b, at + 24));
            }
            hash = Long.rotateLeft(v1, 1) + Long.rotateLeft(v2, 7) + Long.rotateLeft(v3, 12) + Long.rotateLeft(v4, 18);
            hash = merge64(merge64(merge64(merge64(hash, v1), v2), v3), v4);
        } else {
            hash = seed + P64_5;
        }
        hash += length;
        for (; at <= end - 8; at += 8) {
            hash = Long.rotateLeft(hash ^ round64(0, int64(b, at)), 27) * P64_1 + P64_4;
        }
        if (at <= end - 4) {
            hash = Long.rotateLeft(hash ^ (int32(b, at) & 0xffffffffL) * P64_1, 23) * P64_2 + P64_3;
            at += 4;
        }
        for (; at < end; at++) {
            hash = Long.rotateLeft(hash ^ (b[at] & 0xff) * P64_5, 11) * P64_1;
        }
        return avalanche64(hash);
    }

    private static long round64(long v, long input) {
        return Long.rotateLeft(v + input * P64_2, 31) * P64_1;
    }

    private static long merge64(long hash, long v) {
        return (hash ^ round64(0, v)) * P64_1 + P64_4;
    }

    private static long avalanche64(long value) {
        long hash = (value ^ value >>> 33) * P64_2;
        hash = (hash ^ hash >>> 29) * P64_3;
        return hash ^ hash >>> 32;
    }

    static long xxh3(byte[] b, int offset, int length, long seed) {
        if (length <= 16) {
            return upTo16(b, offset, length, seed);
        }
        if (length <= 128) {
            return upTo128(b, offset, length, seed);
        }
        return length <= 240 ? upTo240(b, offset, length, seed) : longer(b, offset, length, seed == 0 ? SECRET : secret(seed));
    }

    private static long upTo16(byte[] b, int offset, int length, long seed) {
        if (length > 8) {
            long flip1 = (int64(SECRET, 24) ^ int64(SECRET, 32)) + seed;
            long flip2 = (int64(SECRET, 40) ^ int64(SECRET, 48)) - seed;
            long low = int64(b, offset) ^ flip1;
            long high = int64(b, offset + length - 8) ^ flip2;
            return avalanche3(length + Long.reverseBytes(low) + high + fold(low, high));
        }
        if (length >= 4) {
            long mixedSeed = seed ^ (long) Integer.reverseBytes((int) seed) << 32;
            long flip = (int64(SECRET, 8) ^ int64(SECRET, 16)) - mixedSeed;
            long input = (int32(b, offset + length - 4) & 0xffffffffL) + ((long) int32(b, offset) << 32);
            long hash = input ^ flip;
            hash ^= Long.rotateLeft(hash, 49) ^ Long.rotateLeft(hash, 24);
            hash *= MX2;
            hash ^= (hash >>> 35) + length;
            hash *= MX2;
            return hash ^ hash >>> 28;
        }
        if (length > 0) {
            int combined = (b[offset] & 0xff) << 16 | (b[offset + (length >> 1)] & 0xff) << 24 | b[offset + length - 1] & 0xff
                    | length << 8;
            long flip = ((int32(SECRET, 0) ^ int32(SECRET, 4)) & 0xffffffffL) + seed;
            return avalanche64(combined & 0xffffffffL ^ flip);
        }
        return avalanche64(seed ^ int64(SECRET, 56) ^ int64(SECRET, 64));
    }

    private static long upTo128(byte[] b, int offset, int length, long seed) {
        long sum = length * P64_1;
        for (int i = (length - 1) / 32; i >= 0; i--) {
            sum += mix16(b, offset + 16 * i, 32 * i, seed) + mix16(b, offset + length - 16 * (i + 1), 32 * i + 16, seed);
        }
        return avalanche3(sum);
    }

    private static long upTo240(byte[] b, int offset, int length, long seed) {
        long sum = length * P64_1;
        for (int i = 0; i < 8; i++) {
            sum += mix16(b, offset + 16 * i, 16 * i, seed);
        }
        sum = avalanche3(sum);
        for (int i = 8; i < length / 16; i++) {
            sum += mix16(b, offset + 16 * i, 16 * (i - 8) + 3, seed);
        }
        return avalanche3(sum + mix16(b, offset + length - 16, 136 - 17, seed));
    }

    private static long mix16(byte[] b, int at, int secretAt, long seed) {
        return fold(int64(b, at) ^ int64(SECRET, secretAt) + seed, int64(b, at + 8) ^ int64(SECRET, secretAt + 8) - seed);
    }

    private static long fold(long a, long b) {
        return a * b ^ unsignedHigh(a, b);
    }

    /** The upper half of the product of two unsigned numbers (Java 18 has it in Math). */
    private static long unsignedHigh(long a, long b) {
        return Math.multiplyHigh(a, b) + (a >> 63 & b) + (b >> 63 & a);
    }

    private static long avalanche3(long value) {
        long hash = (value ^ value >>> 37) * MX1;
        return hash ^ hash >>> 32;
    }

    private static byte[] secret(long seed) {
        byte[] secret = new byte[SECRET_LENGTH];
        for (int i = 0; i < SECRET_LENGTH; i += 16) {
            LONGS.set(secret, i, int64(SECRET, i) + seed);
            LONGS.set(secret, i + 8, int64(SECRET, i + 8) - seed);
        }
        return secret;
    }

    private static long longer(byte[] b, int offset, int length, byte[] secret) {
        long[] acc = {P32_3 & 0xffffffffL, P64_1, P64_2, P64_3, P64_4, P32_2 & 0xffffffffL, P64_5, P32_1 & 0xffffffffL};
        int blockLength = STRIPE * STRIPES_PER_BLOCK;
        int blocks = (length - 1) / blockLength;
        for (int block = 0; block < blocks; block++) {
            for (int i = 0; i < STRIPES_PER_BLOCK; i++) {
                accumulate(acc, b, offset + block * blockLength + i * STRIPE, secret, i * 8);
            }
            for (int i = 0; i < 8; i++) {
                acc[i] = (acc[i] ^ acc[i] >>> 47 ^ int64(secret, SECRET_LENGTH - STRIPE + 8 * i)) * (P32_1 & 0xffffffffL);
            }
        }
        int stripes = (length - 1 - blockLength * blocks) / STRIPE;
        for (int i = 0; i < stripes; i++) {
            accumulate(acc, b, offset + blocks * blockLength + i * STRIPE, secret, i * 8);
        }
        accumulate(acc, b, offset + length - STRIPE, secret, SECRET_LENGTH - STRIPE - 7);
        long result = length * P64_1;
        for (int i = 0; i < 4; i++) {
            result += fold(acc[2 * i] ^ int64(secret, 11 + 16 * i), acc[2 * i + 1] ^ int64(secret, 11 + 16 * i + 8));
        }
        return avalanche3(result);
    }

    private static void accumulate(long[] acc, byte[] b, int at, byte[] secret, int secretAt) {
        for (int i = 0; i < 8; i++) {
            long value = int64(b, at + 8 * i);
            long key = value ^ int64(secret, secretAt + 8 * i);
            acc[i ^ 1] += value;
            acc[i] += (key & 0xffffffffL) * (key >>> 32);
        }
    }
}
