package net.lbd.core.balance;

import net.lbd.config.model.HashTypeSpec;
import net.lbd.config.model.SampleType;
import net.lbd.core.sample.Hashes;

/** The function of a {@code hash-type} line, its avalanche included. Immutable. */
final class HashFunction {

    private final HashTypeSpec.Function function;
    private final boolean avalanche;

    HashFunction(HashTypeSpec type) {
        this.function = type.function();
        this.avalanche = type.avalanche();
    }

    /** What a sample is cast to before it is hashed: {@code none} takes the key for a number. */
    SampleType wants() {
        return function == HashTypeSpec.Function.NONE ? SampleType.INTEGER : SampleType.BINARY;
    }

    long of(byte[] bytes, int offset, int length) {
        return ofNumber(switch (function) {
            case SDBM -> Hashes.sdbm(bytes, offset, length);
            case DJB2 -> Hashes.djb2(bytes, offset, length);
            case CRC32 -> Hashes.crc32(bytes, offset, length);
            case MURMUR3 -> Hashes.murmur3(bytes, offset, length);
            case NONE -> number(bytes, offset, length);
        });
    }

    /** A key that is a number already: of addresses, and with {@code none}. */
    long ofNumber(int number) {
        return (avalanche ? Hashes.avalanche(number) : number) & 0xffff_ffffL;
    }

    /** The digits that a text begins with. */
    private static int number(byte[] bytes, int offset, int length) {
        int number = 0;
        for (int i = offset; i < offset + length && bytes[i] >= '0' && bytes[i] <= '9'; i++) {
            number = number * 10 + (bytes[i] - '0');
        }
        return number;
    }
}
