package net.lbd.core.stick;

import java.util.Arrays;
import net.lbd.config.model.SampleType;
import net.lbd.config.model.StickTableSpec;
import net.lbd.config.model.StickTableSpec.KeyType;
import net.lbd.core.sample.Casts;
import net.lbd.core.sample.Sample;

/**
 * Samples as keys of a table: the bytes that it stores, and what is shown of them. Stateless. Source: HAProxy manual,
 * "stick-table type".
 */
final class StickKeys {

    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff};

    private StickKeys() { }

    /** Makes the sample the bytes of the key; false if it cannot be one. */
    static boolean make(StickTableSpec table, Sample sample) {
        return switch (table.type()) {
            case IP -> Casts.cast(sample, SampleType.ADDRESS) && (sample.length() == 4 || unmap(sample));
            case IPV6 -> Casts.cast(sample, SampleType.ADDRESS) && (sample.length() == 16 || map(sample));
            case INTEGER -> Casts.cast(sample, SampleType.INTEGER) && number(sample);
            case STRING -> Casts.cast(sample, SampleType.STRING) && text(sample, table.keyLength());
            case BINARY -> Casts.cast(sample, SampleType.BINARY) && block(sample, table.keyLength());
        };
    }

    /** An IPv4 address in the form of IPv6. */
    static boolean isMapped(byte[] key) {
        return key.length == 16 && Arrays.equals(key, 0, 12, MAPPED, 0, 12);
    }

    private static boolean unmap(Sample sample) {
        byte[] from = sample.bytes();
        int at = sample.offset();
        if (sample.length() != 16 || !Arrays.equals(from, at, at + 12, MAPPED, 0, 12)) {
            return false;
        }
        sample.setView(SampleType.BINARY, from, at + 12, 4);
        return true;
    }

    private static boolean map(Sample sample) {
        byte[] from = sample.bytes();
        int at = sample.offset();
        byte a = from[at];
        byte b = from[at + 1];
        byte c = from[at + 2];
        byte d = from[at + 3];
        byte[] to = sample.setOwned(SampleType.BINARY, 16);
        System.arraycopy(MAPPED, 0, to, 0, 12);
        to[12] = a;
        to[13] = b;
        to[14] = c;
        to[15] = d;
        return true;
    }

    private static boolean number(Sample sample) {
        int value = (int) sample.number();
        byte[] to = sample.setOwned(SampleType.BINARY, 4);
        for (int i = 0; i < 4; i++) {
            to[i] = (byte) (value >> 24 - 8 * i);
        }
        return true;
    }

    private static boolean text(Sample sample, int longest) {
        sample.truncate(longest);
        return true;
    }

    private static boolean block(Sample sample, int length) {
        int given = sample.length();
        if (given < length) {
            byte[] from = sample.bytes();
            int at = sample.offset();
            byte[] to = sample.setOwned(SampleType.BINARY, length);
            // The new array may be the one that held the value.
            System.arraycopy(from, at, to, 0, given);
            Arrays.fill(to, given, length, (byte) 0);
        }
        sample.truncate(length);
        return true;
    }

    /** As {@link net.lbd.core.sample.Sample} has it, for converters and commands that show a key. */
    static void show(KeyType type, byte[] key, Sample out) {
        switch (type) {
            case IP, IPV6 -> out.setView(SampleType.ADDRESS, key, 0, key.length);
            case INTEGER -> out.setInteger(((key[0] & 0xffL) << 24 | (key[1] & 0xff) << 16 | (key[2] & 0xff) << 8 | key[3] & 0xff));
            case STRING -> out.setView(SampleType.STRING, key, 0, key.length);
            case BINARY -> out.setView(SampleType.BINARY, key, 0, key.length);
        }
    }
}
