package net.lbd.core.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Private keys from DER, in the forms that OpenSSL writes. The JDK reads PKCS#8 only; the two older
 * forms are wrapped into it. Pure functions.
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><th>PEM block</th><th>form</th><th>source</th></tr>
 * <tr><td>{@code PRIVATE KEY}</td><td>PKCS#8</td><td>RFC 5208</td></tr>
 * <tr><td>{@code RSA PRIVATE KEY}</td><td>PKCS#1</td><td>RFC 8017 A.1.2</td></tr>
 * <tr><td>{@code EC PRIVATE KEY}</td><td>SEC 1</td><td>RFC 5915 §3; the curve must stand in it</td></tr>
 * </table>
 */
final class PrivateKeys {

    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");

    /** 1.2.840.113549.1.1.1 with its NULL, and 1.2.840.10045.2.1. */
    private static final byte[] RSA_ALGORITHM =
            {0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00};
    private static final byte[] EC_ALGORITHM = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01};
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

    private PrivateKeys() { }

    /**
     * Reads a key.
     *
     * @param kind the name of its PEM block
     * @param path for messages
     */
    static PrivateKey read(Path path, String kind, byte[] der) throws TlsException {
        switch (kind) {
            case "PRIVATE KEY" -> {
                for (String algorithm : ALGORITHMS) {
                    Optional<PrivateKey> key = decode(algorithm, der);
                    if (key.isPresent()) {
                        return key.get();
                    }
                }
                throw new TlsException("the private key of " + path + " is damaged or of an unknown algorithm (known: "
                        + String.join(", ", ALGORITHMS) + ")");
            }
            case "RSA PRIVATE KEY" -> {
                return decode("RSA", wrap(RSA_ALGORITHM, der)).orElseThrow(() -> damaged(path));
            }
            case "EC PRIVATE KEY" -> {
                byte[] curve = curve(der).orElseThrow(() -> new TlsException("the private key of " + path
                        + " is damaged or does not name its curve; convert it with: openssl pkcs8 -topk8 -nocrypt -in "
                        + path + " -out NEW"));
                return decode("EC", wrap(concat(EC_ALGORITHM, curve), der)).orElseThrow(() -> damaged(path));
            }
            default -> throw new TlsException("the private key of " + path + " is in the form '" + kind
                    + "', which this version does not read; convert it with: openssl pkcs8 -topk8 -nocrypt -in "
                    + path + " -out NEW");
        }
    }

    private static TlsException damaged(Path path) {
        return new TlsException("the private key of " + path + " is damaged");
    }

    /** Empty if it is no key of this algorithm. */
    private static Optional<PrivateKey> decode(String algorithm, byte[] pkcs8) throws TlsException {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
        } catch (InvalidKeySpecException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new TlsException("this Java cannot read " + algorithm + " keys", e);
        }
    }

    /** {@code PrivateKeyInfo ::= SEQUENCE { version, algorithm SEQUENCE, privateKey OCTET STRING }}. */
    private static byte[] wrap(byte[] algorithm, byte[] key) {
        return der(0x30, concat(VERSION_0, der(0x30, algorithm), der(0x04, key)));
    }

    /**
     * The object identifier of the curve, tag and length included, out of {@code ECPrivateKey ::= SEQUENCE
     * { version, privateKey OCTET STRING, [0] parameters, [1] publicKey }}.
     */
    private static Optional<byte[]> curve(byte[] der) {
        DerCursor key = new DerCursor(der);
        if (!key.enter(0x30) || !key.skip(0x02) || !key.skip(0x04) || !key.enter(0xa0)) {
            return Optional.empty();
        }
        return key.take(0x06);
    }

    private static byte[] der(int tag, byte[] content) {
        int length = content.length;
        byte[] head = length < 0x80 ? new byte[] {(byte) tag, (byte) length}
                : length < 0x100 ? new byte[] {(byte) tag, (byte) 0x81, (byte) length}
                : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
        return concat(head, content);
    }

    private static byte[] concat(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    /** Walks over DER. Not thread-safe; a step that does not fit leaves it where it was. */
    private static final class DerCursor {

        private final byte[] bytes;
        private int at;

        DerCursor(byte[] bytes) {
            this.bytes = bytes;
        }

        /** Goes to the content of a value with this tag. */
        boolean enter(int tag) {
            return step(tag, false);
        }

        /** Goes behind a value with this tag. */
        boolean skip(int tag) {
            return step(tag, true);
        }

        /** The value with this tag, head included. */
        Optional<byte[]> take(int tag) {
            int from = at;
            return step(tag, true) ? Optional.of(Arrays.copyOfRange(bytes, from, at)) : Optional.empty();
        }

        private boolean step(int tag, boolean behind) {
            if (at + 2 > bytes.length || (bytes[at] & 0xff) != tag) {
                return false;
            }
            int length = bytes[at + 1] & 0xff;
            int content = at + 2;
            if (length >= 0x80) {
                int count = length & 0x7f;
                // A key has less than 64 KiB: more length bytes are no key.
                if (count < 1 || count > 2 || content + count > bytes.length) {
                    return false;
                }
                length = 0;
                for (int i = 0; i < count; i++) {
                    length = length << 8 | bytes[content + i] & 0xff;
                }
                content += count;
            }
            if (content + length > bytes.length) {
                return false;
            }
            at = behind ? content + length : content;
            return true;
        }
    }
}
