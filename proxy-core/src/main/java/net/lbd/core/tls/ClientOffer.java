package net.lbd.core.tls;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What of a client's hello decides about the certificate: the name that it asks for, and whether it takes a certificate with
 * an ECDSA key. Immutable. Source: RFC 8446 §4.1.2 and §4.2.3, RFC 6066 §3, RFC 8422.
 *
 * @param name in lower case, without a dot at its end; empty if it asks for none
 */
record ClientOffer(String name, boolean takesEcdsa, boolean takesRsa) {

    /** A client that says nothing about either. */
    static final ClientOffer NOTHING = new ClientOffer("", false, true);

    private static final int SERVER_NAME = 0;
    private static final int SIGNATURE_ALGORITHMS = 13;

    /** Reads a hello, from its {@code legacy_version} on; one that is malformed is left to the handshake itself. */
    static ClientOffer read(ByteBuf hello) {
        int at = hello.readerIndex();
        int end = hello.writerIndex();
        // version, random
        at += 34;
        if (at + 1 > end) {
            return NOTHING;
        }
        at += 1 + hello.getUnsignedByte(at);
        if (at + 2 > end) {
            return NOTHING;
        }
        int suites = hello.getUnsignedShort(at);
        int suitesEnd = at + 2 + suites;
        if (suitesEnd > end) {
            return NOTHING;
        }
        boolean ecdsaSuite = false;
        boolean rsaSuite = false;
        for (int i = at + 2; i + 1 < suitesEnd; i += 2) {
            int suite = hello.getUnsignedShort(i);
            boolean any = suite >>> 8 == 0x13;
            boolean ecdsa = any || isEcdsa(suite);
            ecdsaSuite |= ecdsa;
            rsaSuite |= any || !ecdsa;
        }
        at = suitesEnd;
        if (at + 1 > end) {
            return new ClientOffer("", ecdsaSuite, rsaSuite);
        }
        at += 1 + hello.getUnsignedByte(at);
        return extensions(hello, at, end, ecdsaSuite, rsaSuite);
    }

    private static ClientOffer extensions(ByteBuf hello, int from, int limit, boolean ecdsaSuite, boolean rsaSuite) {
        String name = "";
        boolean ecdsaSignature = true;
        boolean rsaSignature = true;
        int end = from + 2 <= limit ? Math.min(limit, from + 2 + hello.getUnsignedShort(from)) : from;
        for (int at = from + 2; at + 4 <= end;) {
            int type = hello.getUnsignedShort(at);
            int length = hello.getUnsignedShort(at + 2);
            int content = at + 4;
            at = content + length;
            if (at > end) {
                break;
            }
            if (type == SERVER_NAME) {
                name = name(hello, content, at);
            } else if (type == SIGNATURE_ALGORITHMS && length >= 2) {
                ecdsaSignature = false;
                rsaSignature = false;
                for (int i = content + 2; i + 1 < at; i += 2) {
                    int algorithm = hello.getUnsignedShort(i);
                    ecdsaSignature |= isEcdsaSignature(algorithm);
                    rsaSignature |= (algorithm & 0xff) == 0x01 || algorithm >= 0x0804 && algorithm <= 0x0806;
                }
            }
        }
        return new ClientOffer(name, ecdsaSuite && ecdsaSignature, rsaSuite && rsaSignature);
    }

    /** ECDSA with SHA-1 to SHA-512. */
    private static boolean isEcdsaSignature(int algorithm) {
        return (algorithm & 0xff) == 0x03 && algorithm >>> 8 >= 0x02 && algorithm >>> 8 <= 0x06;
    }

    /** The suites of ECDHE with ECDSA that BoringSSL or the JDK know. */
    private static boolean isEcdsa(int suite) {
        return switch (suite) {
            case 0xc006, 0xc007, 0xc008, 0xc009, 0xc00a, 0xc023, 0xc024, 0xc02b, 0xc02c, 0xc0ac, 0xc0ad, 0xc0ae, 0xc0af, 0xcca9 -> true;
            default -> false;
        };
    }

    private static String name(ByteBuf hello, int from, int end) {
        for (int at = from + 2; at + 3 <= end;) {
            int type = hello.getUnsignedByte(at);
            int length = hello.getUnsignedShort(at + 1);
            at += 3;
            if (at + length > end) {
                return "";
            }
            if (type == 0) {
                String name = hello.toString(at, length, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
                return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
            }
            at += length;
        }
        return "";
    }
}
