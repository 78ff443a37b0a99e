package net.lbd.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Reads the body of a message by its framing. Strict: anything unclear fails the script. RFC 9112 §6.3. */
final class MessageBody {

    /** How the end of a body is found. */
    sealed interface Framing {

        record None() implements Framing {}

        record Length(long bytes) implements Framing {}

        record Chunked() implements Framing {}

        record UntilClose() implements Framing {}

        static Framing ofRequest(String head) {
            return declared(head, new None());
        }

        static Framing ofResponse(String head, String method) {
            int status = new ReceivedMessage(head, new byte[0], new byte[0]).status();
            if (status < 200 || status == 204 || status == 304 || method.equals("HEAD")) {
                return new None();
            }
            return declared(head, new UntilClose());
        }

        private static Framing declared(String head, Framing otherwise) {
            ReceivedMessage message = new ReceivedMessage(head, new byte[0], new byte[0]);
            var encoding = message.header("Transfer-Encoding");
            if (encoding.isPresent()) {
                if (!encoding.get().toLowerCase(Locale.ROOT).equals("chunked")) {
                    throw new AssertionError("a transfer coding that the test kit cannot read: " + encoding.get());
                }
                return new Chunked();
            }
            return message.header("Content-Length").<Framing>map(v -> new Length(Long.parseLong(v))).orElse(otherwise);
        }
    }

    private MessageBody() {}

    static ReceivedMessage read(Wire wire, String head, Framing framing) {
        byte[] body;
        if (framing instanceof Framing.Length length) {
            body = wire.read(Math.toIntExact(length.bytes()));
        } else if (framing instanceof Framing.UntilClose) {
            body = wire.readToEnd();
            if (wire.end().orElseThrow() != Wire.End.FIN) {
                throw wire.failure("a body that ends with the connection was cut: " + wire.end().get());
            }
        } else if (framing instanceof Framing.Chunked) {
            return readChunks(wire, head);
        } else {
            body = new byte[0];
        }
        return new ReceivedMessage(head, body, body);
    }

    private static ReceivedMessage readChunks(Wire wire, String head) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        StringBuilder raw = new StringBuilder();
        while (true) {
            String sizeLine = wire.readUntil("\r\n");
            raw.append(sizeLine);
            int size = Integer.parseInt(sizeLine.strip().split(";", 2)[0].strip(), 16);
            if (size == 0) {
                break;
            }
            byte[] data = wire.read(size);
            body.writeBytes(data);
            raw.append(new String(data, StandardCharsets.ISO_8859_1));
            wire.expect("\r\n");
            raw.append("\r\n");
        }
        String trailer;
        do {
            trailer = wire.readUntil("\r\n");
            raw.append(trailer);
        } while (!trailer.equals("\r\n"));
        return new ReceivedMessage(head, body.toByteArray(), raw.toString().getBytes(StandardCharsets.ISO_8859_1));
    }
}
