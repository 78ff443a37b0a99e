package net.lbd.core.stick;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.lbd.config.model.StickDataType;
import net.lbd.config.model.StickDataType.Kind;
import net.lbd.config.model.StickTableSpec;
import net.lbd.config.model.StickTableSpec.KeyType;
import net.lbd.config.model.StickTableSpec.Stored;

/**
 * What a peer says of a table before it sends its entries: name, keys, and what stands in the entries, in which order.
 * Immutable. Source: HAProxy, doc/peers.txt, "Definition message format"; how arrays are told was read off HAProxy 2.6: the
 * type, how many, and of rates the period.
 *
 * @param id the sender's number of the table
 * @param keyLength of a text: one more than its longest
 */
public record TableDefinition(long id, String name, int keyType, long keyLength, List<Stored> stored, long expireMillis) {

    private static final int LONGEST_NAME = 1024;

    /** Writes the definition of a table of this process. */
    static void write(ByteBuf out, long id, StickTableSpec spec) {
        byte[] name = spec.sharedName().getBytes(StandardCharsets.ISO_8859_1);
        Varint.write(out, id);
        Varint.write(out, name.length);
        out.writeBytes(name);
        Varint.write(out, spec.type().code());
        Varint.write(out, spec.keyLength() + (spec.type() == KeyType.STRING ? 1 : 0));
        long bits = 0;
        for (Stored one : spec.stored()) {
            bits |= 1L << one.type().ordinal();
        }
        Varint.write(out, bits);
        Varint.write(out, spec.expireMillis());
        for (Stored one : spec.stored()) {
            boolean rate = one.type().kind() == Kind.RATE;
            if (rate || one.type().isArray()) {
                Varint.write(out, one.type().ordinal());
                if (one.type().isArray()) {
                    Varint.write(out, one.elements());
                }
                if (rate) {
                    Varint.write(out, one.periodMillis());
                }
            }
        }
    }

    /**
     * Reads one.
     *
     * @throws IndexOutOfBoundsException or {@link IllegalArgumentException} if it is not well formed
     */
    static TableDefinition read(ByteBuf in) {
        long id = Varint.read(in);
        long length = Varint.read(in);
        if (length < 1 || length > LONGEST_NAME) {
            throw new IllegalArgumentException("a name of " + length + " bytes");
        }
        byte[] name = new byte[(int) length];
        in.readBytes(name);
        int keyType = (int) Varint.read(in);
        long keyLength = Varint.read(in);
        long bits = Varint.read(in);
        StickDataType[] types = StickDataType.values();
        if (bits >>> types.length != 0) {
            throw new IllegalArgumentException("data types that this version does not know");
        }
        // What follows may be left out by old versions.
        long expire = in.isReadable() ? Varint.read(in) : 0;
        int[] elements = new int[types.length];
        int[] periods = new int[types.length];
        while (in.isReadable()) {
            long number = Varint.read(in);
            if (number < 0 || number >= types.length) {
                throw new IllegalArgumentException("data type " + number);
            }
            StickDataType type = types[(int) number];
            if (type.isArray()) {
                elements[type.ordinal()] = (int) Math.min(100, Varint.read(in));
            }
            if (type.kind() == Kind.RATE) {
                periods[type.ordinal()] = (int) Varint.read(in);
            }
        }
        List<Stored> stored = new ArrayList<>();
        for (StickDataType type : types) {
            if ((bits & 1L << type.ordinal()) != 0) {
                stored.add(new Stored(type, type.isArray() ? elements[type.ordinal()] : 1, periods[type.ordinal()]));
            }
        }
        return new TableDefinition(id, new String(name, StandardCharsets.ISO_8859_1), keyType, keyLength, stored, expire);
    }

    /** Whether its keys are those of the table. */
    boolean fits(StickTableSpec spec) {
        return keyType == spec.type().code() && (spec.type() != KeyType.BINARY || keyLength == spec.keyLength());
    }
}
