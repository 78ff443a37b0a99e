package net.lbd.health.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Headers of the PROXY protocol as they are sent to servers, byte for byte as HAProxy sends them. Two ends of
 * different families are both written as IPv6, the IPv4 one mapped; an end that has no IP address makes version 1 say
 * UNKNOWN and version 2 say LOCAL. Pure functions. Source: "The PROXY protocol, Versions 1 &amp; 2", 2020/03/05.
 */
public final class ProxyHeaders {

    /** Types of the fields of version 2, §2.2. */
    public static final int ALPN = 0x01;
    public static final int AUTHORITY = 0x02;
    public static final int CRC32C = 0x03;
    public static final int NOOP = 0x04;
    public static final int UNIQUE_ID = 0x05;
    public static final int SSL = 0x20;
    public static final int SSL_VERSION = 0x21;
    public static final int SSL_CN = 0x22;
    public static final int SSL_CIPHER = 0x23;
    public static final int SSL_SIG_ALG = 0x24;
    public static final int SSL_KEY_ALG = 0x25;
    public static final int NETNS = 0x30;

    private static final byte[] SIGNATURE = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
    private static final int MAX_FIELDS = 65535 - 36;

    private ProxyHeaders() { }

    /**
     * One end of a connection.
     *
     * @param address 4 or 16 bytes; empty for an end without an IP address
     */
    public record End(byte[] address, int port) {

        /** An end that has no address to tell. */
        public static final End NONE = new End(new byte[0], 0);

        boolean isIp() {
            return address.length != 0;
        }

        private byte[] mapped() {
            if (address.length == 16) {
                return address;
            }
            byte[] mapped = new byte[16];
            mapped[10] = (byte) 0xff;
            mapped[11] = (byte) 0xff;
            System.arraycopy(address, 0, mapped, 12, 4);
            return mapped;
        }
    }

    /** A field of a version 2 header. */
    public record Field(int type, byte[] value) { }

    /** The signature with which version 2 begins; a copy. */
    public static byte[] signature() {
        return SIGNATURE.clone();
    }

    /** A header of version 1. */
    public static byte[] version1(End source, End destination, AddressText text) {
        if (!source.isIp() || !destination.isIp()) {
            return "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII);
        }
        boolean four = source.address.length == 4 && destination.address.length == 4;
        String line = "PROXY " + (four ? "TCP4 " : "TCP6 ")
                + text.of(four ? source.address : source.mapped()) + " "
                + text.of(four ? destination.address : destination.mapped()) + " "
                + source.port + " " + destination.port + "\r\n";
        return line.getBytes(StandardCharsets.US_ASCII);
    }

    /** Writes an address of 4 or 16 bytes as text. */
    @FunctionalInterface
    public interface AddressText {
        String of(byte[] address);
    }

    /** A version 2 header of a connection that the proxy makes for itself, such as a health check. */
    public static byte[] local() {
        return header(0x20, 0x00, new byte[0]);
    }

    /**
     * A version 2 header of a client's connection.
     *
     * @param checksum whether a CRC32c goes with it
     * @throws IllegalArgumentException if the fields are longer than a header can be
     */
    public static byte[] version2(End source, End destination, List<Field> fields, boolean checksum) {
        if (!source.isIp() || !destination.isIp()) {
            return local();
        }
        boolean four = source.address.length == 4 && destination.address.length == 4;
        ByteArrayOutputStream body = new ByteArrayOutputStream(64);
        body.writeBytes(four ? source.address : source.mapped());
        body.writeBytes(four ? destination.address : destination.mapped());
        putShort(body, source.port);
        putShort(body, destination.port);
        int checksumAt = body.size() + 3;
        if (checksum) {
            putField(body, new Field(CRC32C, new byte[4]));
        }
        fields.forEach(field -> putField(body, field));
        byte[] header = header(0x21, four ? 0x11 : 0x21, body.toByteArray());
        if (checksum) {
            putChecksum(header, SIGNATURE.length + 4 + checksumAt);
        }
        return header;
    }

    /** The value of a field of type {@link #SSL}: flags, the result of the client's verification, and fields of its own. */
    public static byte[] sslValue(int client, int verify, List<Field> fields) {
        ByteArrayOutputStream value = new ByteArrayOutputStream(64);
        value.write(client);
        putShort(value, verify >>> 16);
        putShort(value, verify);
        fields.forEach(field -> putField(value, field));
        return value.toByteArray();
    }

    private static byte[] header(int command, int family, byte[] body) {
        if (body.length > MAX_FIELDS) {
            throw new IllegalArgumentException("a PROXY header of " + body.length + " bytes");
        }
        ByteArrayOutputStream header = new ByteArrayOutputStream(16 + body.length);
        header.writeBytes(SIGNATURE);
        header.write(command);
        header.write(family);
        putShort(header, body.length);
        header.writeBytes(body);
        return header.toByteArray();
    }

    private static void putField(ByteArrayOutputStream out, Field field) {
        out.write(field.type);
        putShort(out, field.value.length);
        out.writeBytes(field.value);
    }

    private static void putShort(ByteArrayOutputStream out, int value) {
        out.write(value >>> 8);
        out.write(value);
    }

    /** Over the whole header with zeros in its place. */
    private static void putChecksum(byte[] header, int at) {
        CRC32C sum = new CRC32C();
        sum.update(header);
        long value = sum.getValue();
        for (int i = 0; i < 4; i++) {
            header[at + i] = (byte) (value >>> 24 - 8 * i);
        }
    }
}
