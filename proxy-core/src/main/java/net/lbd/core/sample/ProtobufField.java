package net.lbd.core.sample;

import java.util.Map;
import net.lbd.config.model.SampleType;
import net.lbd.core.stream.Stream;

/**
 * {@code protobuf} and {@code ungrpc}: a field of a protocol buffers message, by its numbers with dots between them. Without a
 * type the bytes of the field, else a number; a number with a fraction loses it. Immutable. Source: HAProxy manual, "ungrpc";
 * the encoding of protocol buffers.
 */
final class ProtobufField implements Converter {

    private static final int VARINT = 0;
    private static final int EIGHT_BYTES = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FOUR_BYTES = 5;
    private static final int GRPC_HEADER = 5;
    private static final int ALL = 1 << VARINT | 1 << EIGHT_BYTES | 1 << LENGTH_DELIMITED | 1 << FOUR_BYTES;
    private static final Map<String, Integer> WIRE_TYPES = Map.ofEntries(
            Map.entry("int32", VARINT), Map.entry("int64", VARINT), Map.entry("uint32", VARINT), Map.entry("uint64", VARINT),
            Map.entry("sint32", VARINT), Map.entry("sint64", VARINT), Map.entry("bool", VARINT), Map.entry("enum", VARINT),
            Map.entry("fixed64", EIGHT_BYTES), Map.entry("sfixed64", EIGHT_BYTES), Map.entry("double", EIGHT_BYTES),
            Map.entry("fixed32", FOUR_BYTES), Map.entry("sfixed32", FOUR_BYTES), Map.entry("float", FOUR_BYTES));

    private final long[] path;
    private final String type;
    private final int wireTypes;
    private final boolean grpc;

    ProtobufField(ArgumentList arguments, boolean grpc) {
        String[] numbers = arguments.text(0).split("\\.");
        path = new long[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            path[i] = Long.parseLong(numbers[i]);
        }
        type = arguments.text(1, "");
        Integer wire = WIRE_TYPES.get(type);
        if (wire == null && !type.isEmpty()) {
            throw new IllegalArgumentException("'" + type + "' is not a type of protobuf fields; use " + WIRE_TYPES.keySet());
        }
        wireTypes = wire == null ? ALL : 1 << wire;
        this.grpc = grpc;
    }

    @Override
    public boolean convert(Stream stream, Sample s) {
        int at = s.offset();
        int end = at + s.length();
        if (grpc) {
            if (s.length() < GRPC_HEADER || s.bytes()[at] != 0) {
                // Compressed messages cannot be looked into.
                return false;
            }
            long size = little(s.bytes(), at + 1, 4, true);
            at += GRPC_HEADER;
            if (size > end - at) {
                return false;
            }
            end = at + (int) size;
        }
        return find(s, at, end, 0);
    }

    private boolean find(Sample s, int start, int end, int depth) {
        byte[] bytes = s.bytes();
        int at = start;
        while (at < end) {
            int keyEnd = varintEnd(bytes, at, end);
            if (keyEnd < 0) {
                return false;
            }
            long key = varint(bytes, at, keyEnd);
            at = keyEnd;
            int from = at;
            int wire = (int) (key & 7);
            switch (wire) {
                case VARINT -> at = varintEnd(bytes, at, end);
                case EIGHT_BYTES -> at += 8;
                case FOUR_BYTES -> at += 4;
                case LENGTH_DELIMITED -> {
                    from = varintEnd(bytes, at, end);
                    long length = from < 0 ? -1 : varint(bytes, at, from);
                    at = length < 0 || length > end - from ? -1 : from + (int) length;
                }
                default -> at = -1;
            }
            if (at < 0 || at > end) {
                return false;
            }
            if (key >>> 3 == path[depth]) {
                if (depth < path.length - 1) {
                    return wire == LENGTH_DELIMITED && find(s, from, at, depth + 1);
                }
                return (wireTypes & 1 << wire) != 0 && take(s, from, at - from);
            }
        }
        return false;
    }

    private boolean take(Sample s, int from, int length) {
        byte[] bytes = s.bytes();
        switch (type) {
            case "" -> s.setView(SampleType.BINARY, bytes, from, length);
            case "int32", "enum", "uint32", "int64", "uint64", "bool" -> s.setInteger(varint(bytes, from, from + length));
            case "sint32", "sint64" -> {
                long value = varint(bytes, from, from + length);
                s.setInteger(value >>> 1 ^ -(value & 1));
            }
            case "fixed64", "sfixed64" -> s.setInteger(little(bytes, from, 8, false));
            case "fixed32" -> s.setInteger(little(bytes, from, 4, false));
            case "sfixed32" -> s.setInteger((int) little(bytes, from, 4, false));
            case "double" -> s.setInteger((long) Double.longBitsToDouble(little(bytes, from, 8, false)));
            default -> s.setInteger((long) Float.intBitsToFloat((int) little(bytes, from, 4, false)));
        }
        return true;
    }

    /** Behind the last byte of a number of variable length; -1 if it does not end within ten bytes. */
    private static int varintEnd(byte[] bytes, int from, int end) {
        for (int i = from; i < end && i < from + 10; i++) {
            if (bytes[i] >= 0) {
                return i + 1;
            }
        }
        return -1;
    }

    private static long varint(byte[] bytes, int from, int end) {
        long value = 0;
        for (int i = from; i < end; i++) {
            value |= (bytes[i] & 0x7fL) << 7 * (i - from);
        }
        return value;
    }

    private static long little(byte[] bytes, int from, int count, boolean big) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 8 | bytes[big ? from + i : from + count - 1 - i] & 0xff;
        }
        return value;
    }
}
