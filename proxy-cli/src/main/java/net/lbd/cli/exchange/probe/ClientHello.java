package net.lbd.cli.exchange.probe;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The first message of a TLS client that offers one version only. */
final class ClientHello {

    /** ECDHE and RSA, GCM and CBC, and the three suites of TLS 1.3: every server of the last twenty years finds one. */
    private static final byte[] SUITES = HexFormat.of().parseHex("130113021303" + "c02bc02fc02cc030cca9cca8" + "c009c013c00ac014" + "009c009d002f0035000a");

    private ClientHello() { }

    static byte[] of(String host, int minor) {
        ByteArrayOutputStream extensions = new ByteArrayOutputStream();
        byte[] name = host.getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream sni = new ByteArrayOutputStream();
        two(sni, name.length + 3);
        sni.write(0);
        two(sni, name.length);
        sni.writeBytes(name);
        extension(extensions, 0, sni.toByteArray());
        extension(extensions, 10, HexFormat.of().parseHex("0006001d00170018"));
        extension(extensions, 11, HexFormat.of().parseHex("0100"));
        extension(extensions, 13, HexFormat.of().parseHex("0012040305030603080408050806040105010601"));
        if (minor == 4) {
            extension(extensions, 43, HexFormat.of().parseHex("020304"));
            // A key share of x25519; any 32 bytes are a public key.
            extension(extensions, 51, HexFormat.of().parseHex("0024001d0020" + "09".repeat(32)));
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(3);
        body.write(Math.min(minor, 3));
        body.writeBytes(new byte[32]);
        body.write(0);
        two(body, SUITES.length);
        body.writeBytes(SUITES);
        body.write(1);
        body.write(0);
        two(body, extensions.size());
        body.writeBytes(extensions.toByteArray());
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        record.writeBytes(new byte[] {22, 3, 1});
        two(record, body.size() + 4);
        record.write(1);
        record.write(0);
        two(record, body.size());
        record.writeBytes(body.toByteArray());
        return record.toByteArray();
    }

    private static void extension(ByteArrayOutputStream out, int type, byte[] content) {
        two(out, type);
        two(out, content.length);
        out.writeBytes(content);
    }

    private static void two(ByteArrayOutputStream out, int number) {
        out.write(number >> 8);
        out.write(number);
    }
}
