package net.lbd.core.sample;

import java.util.Locale;
import java.util.Set;
import net.lbd.config.model.SampleType;
import net.lbd.core.http.Ascii;

/**
 * Reads the CONNECT and CONNACK packets of MQTT 3.1, 3.1.1 and 5.0 strictly: a length that does not fit, a flag that must be 0,
 * or bytes left over make it invalid. Lives for one look at one sample. Source: HAProxy manual, "mqtt_field_value"; OASIS MQTT
 * 3.1.1 §3.1 and §3.2, MQTT 5.0 §2.2.2.
 */
final class MqttPacket {

    private static final int CONNECT = 1;
    private static final int CONNACK = 2;
    private static final int USER_PROPERTY = 38;
    private static final Set<String> CONNECT_FIELDS = Set.of("flags", "protocol_name", "protocol_version", "client_identifier",
            "will_topic", "will_payload", "username", "password", "keepalive");
    private static final Set<String> CONNACK_FIELDS = Set.of("flags", "protocol_version", "reason_code");
    /** The properties of each packet by number, and of a will. */
    private static final Set<Integer> CONNECT_PROPERTIES = Set.of(17, 33, 39, 34, 25, 23, 21, 22, USER_PROPERTY);
    private static final Set<Integer> WILL_PROPERTIES = Set.of(24, 1, 2, 3, 8, 9, USER_PROPERTY);
    private static final Set<Integer> CONNACK_PROPERTIES =
            Set.of(17, 33, 36, 37, 39, 18, 34, 31, 40, 41, 42, 19, 26, 28, 21, 22, USER_PROPERTY);

    private final byte[] bytes;
    private final int start;
    private final int end;
    private int at;
    private int packetEnd;
    private Field wanted = new Field(0, "", -1);
    private Sample out;
    private boolean found;

    /** @param property of MQTT 5; -1: the field of this name */
    record Field(int packet, String name, int property) { }

    /** Thrown within this class only: the packet is not what it says. */
    private static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private static final Malformed INSTANCE = new Malformed();

        private Malformed() {
            super("malformed", null, false, false);
        }
    }

    MqttPacket(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.start = start;
        this.end = end;
    }

    /** @throws IllegalArgumentException if there is no such field */
    static Field field(String packet, String name) {
        int type = switch (packet.toLowerCase(Locale.ROOT)) {
            case "connect", "1" -> CONNECT;
            case "connack", "2" -> CONNACK;
            default -> throw new IllegalArgumentException("'" + packet + "' is no packet that can be read; use connect or connack");
        };
        String lower = name.toLowerCase(Locale.ROOT);
        if ((type == CONNECT ? CONNECT_FIELDS : CONNACK_FIELDS).contains(lower)) {
            return new Field(type, lower, -1);
        }
        if (lower.matches("[0-9]{1,2}")) {
            int number = Integer.parseInt(lower);
            boolean known = type == CONNECT ? CONNECT_PROPERTIES.contains(number) || WILL_PROPERTIES.contains(number)
                    : CONNACK_PROPERTIES.contains(number);
            if (known && number != USER_PROPERTY) {
                return new Field(type, "", number);
            }
        }
        throw new IllegalArgumentException("'" + name + "' is no field of " + packet + "; use a property's number or one of "
                + (type == CONNECT ? CONNECT_FIELDS : CONNACK_FIELDS));
    }

    /** 1: a valid packet, -1: none, 0: the end of it is not there yet. */
    int validity() {
        return parse();
    }

    /** Fills the sample with a field; it may be the one that the bytes come from. */
    boolean take(Field field, Sample sample) {
        wanted = field;
        out = sample;
        return parse() > 0 && found;
    }

    private int parse() {
        at = start;
        if (start == end) {
            return 0;
        }
        int type = (bytes[at] & 0xff) >> 4;
        if (type != CONNECT && type != CONNACK || (bytes[at] & 15) != 0) {
            return -1;
        }
        at++;
        int shift = 0;
        int length = 0;
        boolean more = true;
        while (more) {
            if (at == end) {
                return shift < 28 ? 0 : -1;
            }
            if (shift == 28) {
                return -1;
            }
            length |= (bytes[at] & 0x7f) << shift;
            more = bytes[at++] < 0;
            shift += 7;
        }
        if (length > end - at) {
            return 0;
        }
        packetEnd = at + length;
        if (out != null && type != wanted.packet) {
            return -1;
        }
        try {
            if (type == CONNECT) {
                connect();
            } else {
                connack();
            }
        } catch (Malformed e) {
            return -1;
        }
        return at == packetEnd ? 1 : -1;
    }

    private void connect() {
        int nameAt = at + 2;
        int nameLength = text("protocol_name");
        String name = Ascii.text(bytes, nameAt, nameLength);
        int version = number("protocol_version", 1);
        boolean known = name.equals("MQTT") && (version == 4 || version == 5) || name.equals("MQIsdp") && version == 3;
        int flags = number("flags", 1);
        boolean will = (flags & 4) != 0;
        if (!known || (flags & 1) != 0 || (flags & 0x18) == 0x18 || !will && (flags & 0x38) != 0
                || version < 5 && (flags & 0xc0) == 0x40) {
            throw Malformed.INSTANCE;
        }
        number("keepalive", 2);
        if (version == 5) {
            properties(CONNECT_PROPERTIES);
        }
        text("client_identifier");
        if (will) {
            if (version == 5) {
                properties(WILL_PROPERTIES);
            }
            text("will_topic");
            text("will_payload");
        }
        if ((flags & 0x80) != 0) {
            text("username");
        }
        if ((flags & 0x40) != 0) {
            text("password");
        }
    }

    private void connack() {
        int flags = number("flags", 1);
        int reason = number("reason_code", 1);
        if ((flags & 0xfe) != 0) {
            throw Malformed.INSTANCE;
        }
        boolean five = at < packetEnd;
        if (five) {
            properties(CONNACK_PROPERTIES);
        } else if (reason > 5) {
            throw Malformed.INSTANCE;
        }
        if (wanted.name.equals("protocol_version")) {
            takeNumber(five ? 5 : 4);
        }
    }

    private void properties(Set<Integer> known) {
        int length = variable();
        int propertiesEnd = at + length;
        if (propertiesEnd > packetEnd) {
            throw Malformed.INSTANCE;
        }
        boolean[] seen = new boolean[64];
        while (at < propertiesEnd) {
            int number = variable();
            if (!known.contains(number) || seen[number] && number != USER_PROPERTY) {
                throw Malformed.INSTANCE;
            }
            seen[number] = true;
            property(number);
        }
        if (at != propertiesEnd) {
            throw Malformed.INSTANCE;
        }
    }

    private void property(int number) {
        boolean take = wanted.property == number;
        switch (number) {
            case 1, 23, 25, 36, 37, 40, 41, 42 -> value(1, take);
            case 19, 33, 34 -> value(2, take);
            case 2, 17, 24, 39 -> value(4, take);
            case USER_PROPERTY -> {
                bytes(false);
                bytes(false);
            }
            default -> bytes(take);
        }
    }

    private int text(String name) {
        return bytes(wanted.property < 0 && wanted.name.equals(name));
    }

    private int number(String name, int count) {
        return value(count, wanted.property < 0 && wanted.name.equals(name));
    }

    /** A text or bytes behind their length. */
    private int bytes(boolean take) {
        int length = value(2, false);
        if (length > packetEnd - at) {
            throw Malformed.INSTANCE;
        }
        if (take && out != null) {
            // A view does not change the bytes that are still being read.
            out.setView(SampleType.STRING, bytes, at, length);
            found = true;
        }
        at += length;
        return length;
    }

    private int value(int count, boolean take) {
        if (count > packetEnd - at) {
            throw Malformed.INSTANCE;
        }
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 8 | bytes[at++] & 0xff;
        }
        if (take) {
            takeNumber(value);
        }
        return (int) value;
    }

    private int variable() {
        int value = 0;
        for (int shift = 0; shift < 28; shift += 7) {
            if (at >= packetEnd) {
                throw Malformed.INSTANCE;
            }
            value |= (bytes[at] & 0x7f) << shift;
            if (bytes[at++] >= 0) {
                return value;
            }
        }
        throw Malformed.INSTANCE;
    }

    private void takeNumber(long value) {
        if (out != null) {
            out.setInteger(value);
            found = true;
        }
    }
}
