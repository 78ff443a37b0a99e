package net.lbd.core.session;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * What the PROXY header of a client's connection told besides the addresses. Immutable.
 *
 * @param fields the fields of a version 2 header as they came, checked; empty if there were none
 */
public record ReceivedProxy(byte[] fields) {

    /** A connection without a header. */
    public static final ReceivedProxy NONE = new ReceivedProxy(new byte[0]);

    /** There is no such field. */
    public static final int ABSENT = -1;

    private static final int HEAD = 3;

    public ReceivedProxy {
        Objects.requireNonNull(fields, "fields");
    }

    /** Where the first field of this type begins in {@link #fields}, or {@link #ABSENT}. */
    public int find(int type) {
        for (int at = 0; at + HEAD <= fields.length; at += HEAD + length(at)) {
            if ((fields[at] & 0xff) == type) {
                return at;
            }
        }
        return ABSENT;
    }

    /** The value of the first field of this type, as text; empty if there is none. */
    public Optional<String> text(int type) {
        int field = find(type);
        return field == ABSENT ? Optional.empty() : Optional.of(new String(fields, valueOf(field), length(field), StandardCharsets.US_ASCII));
    }

    /** The place of the value of the field that begins here. */
    public static int valueOf(int field) {
        return field + HEAD;
    }

    /** The length of the value of the field that begins here. */
    public int length(int field) {
        return (fields[field + 1] & 0xff) << 8 | fields[field + 2] & 0xff;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ReceivedProxy that && Arrays.equals(fields, that.fields);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(fields);
    }
}
