package net.lbd.health.check;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import net.lbd.config.model.CheckSpec;

/**
 * The steps behind {@code option smtpchk} and the other checks that speak one protocol; what they send, report and expect
 * was compared with HAProxy 2.6. Source: HAProxy manual, "option smtpchk" and its kin.
 */
final class ProtocolChecks {

    private static final byte[] REDIS_PING = ascii("*1\r\n$4\r\nPING\r\n");
    /** RFC 4511 §4.2: an anonymous bind of version 3, message 1. */
    private static final byte[] LDAP_BIND = HexFormat.of().parseHex("300c020101600702010304008000");

    private ProtocolChecks() { }

    /** What follows the connection. */
    static List<CheckPlan.PlannedStep> steps(CheckSpec spec) {
        List<String> words = spec.options().words();
        return switch (spec.kind()) {
            case SMTP -> List.of(
                    run -> new SmtpReplyStep(true, 2),
                    run -> new BytesStep(ascii(words.get(0) + "\r\n"), words.get(0)),
                    run -> new SmtpReplyStep(false, 5),
                    run -> new BytesStep(ascii("QUIT\r\n"), "QUIT"),
                    run -> new SmtpReplyStep(false, 7));
            case REDIS -> List.of(run -> new BytesStep(REDIS_PING, "PING"), run -> new AnswerStep("+PONG", 2, ProtocolChecks::redis, CheckStatus.L7TOUT, CheckStatus.L7STS));
            case PGSQL -> List.of(run -> new BytesStep(pgsqlStartup(words.get(0)), "startup message"),
                    run -> new AnswerStep("a request for a login", 3, ProtocolChecks::pgsql));
            case LDAP -> List.of(run -> new BytesStep(LDAP_BIND, "anonymous bind"),
                    run -> new AnswerStep("the answer to the bind", 2, ProtocolChecks::ldap));
            case SSL_HELLO -> List.of(run -> new BytesStep(SSL_HELLO, "hello of SSL 3"),
                    run -> new AnswerStep("hello or alert", 2, ProtocolChecks::sslHello, CheckStatus.L6TOUT, CheckStatus.L6RSP));
            case MYSQL -> words.isEmpty()
                    ? List.of(run -> new AnswerStep("greeting", 2, ProtocolChecks::mysqlGreeting))
                    : List.of(run -> new AnswerStep("greeting", 2, ProtocolChecks::mysqlGreeting),
                            run -> new BytesStep(mysqlLogin(words.get(0), words.get(1).equals("pre-41")), "login"),
                            run -> new AnswerStep("OK", 4, ProtocolChecks::mysqlOk));
            default -> throw new IllegalArgumentException("no protocol: " + spec.kind());
        };
    }

    private static Outcome ok(String info) {
        return Outcome.next(CheckStatus.L7OK, info);
    }

    // ---- Redis

    private static Outcome redis(ByteBuf in, boolean last) {
        String text = text(in);
        if (text.startsWith("+PONG\r\n")) {
            return ok("Redis server is ok");
        }
        int end = text.indexOf("\r\n");
        return end < 0 && !last ? Outcome.WAIT : Outcome.fail(CheckStatus.L7STS, end < 0 ? text : text.substring(0, end));
    }

    // ---- PostgreSQL: Frontend/Backend Protocol, "Message Formats"

    private static byte[] pgsqlStartup(String user) {
        byte[] parameters = ascii("user\0" + user + "\0\0");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        number(out, 8 + parameters.length, 4);
        number(out, 0x00030000, 4);
        out.writeBytes(parameters);
        return out.toByteArray();
    }

    private static Outcome pgsql(ByteBuf in, boolean last) {
        char type = (char) in.getUnsignedByte(in.readerIndex());
        if (type == 'E') {
            String text = text(in);
            int severity = text.indexOf('S', 5);
            int end = severity < 0 ? -1 : text.indexOf('\0', severity);
            if (end < 0 && !last) {
                return Outcome.WAIT;
            }
            return Outcome.fail(CheckStatus.L7RSP, end < 0 ? "PostgreSQL unknown error" : text.substring(severity + 1, end));
        }
        if (in.readableBytes() < 9 && !last && type == 'R') {
            return Outcome.WAIT;
        }
        return type == 'R' ? ok("PostgreSQL server is ok") : Outcome.fail(CheckStatus.L7STS, "PostgreSQL unknown error");
    }

    // ---- LDAP: RFC 4511 §4.1.1, lengths of BER in the short form or in one to four bytes

    private static Outcome ldap(ByteBuf in, boolean last) {
        BerReader ber = new BerReader(in);
        int sequence = ber.tag();
        if (sequence >= 0 && sequence != 0x30) {
            return Outcome.fail(CheckStatus.L7RSP, "Not LDAPv3 protocol");
        }
        ber.length();
        int id = ber.integer();
        int operation = ber.tag();
        ber.length();
        int enumerated = ber.tag();
        int length = ber.length();
        int code = ber.octet();
        if (ber.isShort()) {
            return last ? Outcome.fail(CheckStatus.L7RSP, "") : Outcome.WAIT;
        }
        if (ber.isWrong() || id != 1 || operation != 0x61 || enumerated != 0x0a || length != 1) {
            return Outcome.fail(CheckStatus.L7RSP, "Not LDAPv3 protocol");
        }
        return code == 0 ? ok("") : new Outcome.Fail(CheckStatus.L7STS, OptionalInt.of(code),
                "See RFC: http://tools.ietf.org/html/rfc4511#section-4.1.9");
    }

    // ---- SSL 3: a hello that old and new servers answer, if only with an alert

    private static final byte[] SSL_HELLO = sslHello();

    private static byte[] sslHello() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] random = ascii("LBD-HEALTH-CHECK-OF-THIS-SERVER\n");
        int suites = 0x3a;
        int body = 2 + random.length + 1 + 2 + suites * 2 + 2;
        out.write(0x16);
        number(out, 0x0300, 2);
        number(out, body + 4, 2);
        out.write(1);
        number(out, body, 3);
        number(out, 0x0300, 2);
        out.writeBytes(random);
        out.write(0);
        number(out, suites * 2, 2);
        for (int suite = 1; suite <= suites; suite++) {
            number(out, suite, 2);
        }
        number(out, 0x0100, 2);
        return out.toByteArray();
    }

    private static Outcome sslHello(ByteBuf in, boolean last) {
        int type = in.getUnsignedByte(in.readerIndex());
        if (type != 0x15 && type != 0x16) {
            return Outcome.fail(CheckStatus.L6RSP, "");
        }
        if (in.readableBytes() < 5) {
            return last ? Outcome.fail(CheckStatus.L6RSP, "") : Outcome.WAIT;
        }
        return Outcome.next(CheckStatus.L6OK, "");
    }

    // ---- MySQL: "Protocol::Handshake", "Protocol::HandshakeResponse"

    private static Outcome mysqlGreeting(ByteBuf in, boolean last) {
        return mysqlPacket(in, last, 0x0a, "greeting");
    }

    private static Outcome mysqlOk(ByteBuf in, boolean last) {
        return mysqlPacket(in, last, 0x00, "login");
    }

    /** One packet: three bytes of length, a number, and what it is in its first byte. */
    private static Outcome mysqlPacket(ByteBuf in, boolean last, int wanted, String what) {
        int at = in.readerIndex();
        int length = in.readableBytes() < 4 ? Integer.MAX_VALUE : in.getUnsignedMediumLE(at);
        if (in.readableBytes() < 5 || in.readableBytes() - 4 < length) {
            return last ? Outcome.fail(CheckStatus.L7RSP, "") : Outcome.WAIT;
        }
        int type = in.getUnsignedByte(at + 4);
        if (type == 0xff && length >= 3) {
            int code = in.getUnsignedShortLE(at + 5);
            return new Outcome.Fail(CheckStatus.L7STS, OptionalInt.of(code), in.toString(at + 7, length - 3, StandardCharsets.ISO_8859_1));
        }
        if (type != wanted) {
            return Outcome.fail(CheckStatus.L7RSP, "unexpected packet in MySQL " + what);
        }
        in.skipBytes(4 + length);
        return ok("");
    }

    /** A login without a password, and a farewell behind it, so that the server counts no error against us. */
    private static byte[] mysqlLogin(String user, boolean pre41) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (pre41) {
            // Without CLIENT_PROTOCOL_41.
            body.writeBytes(HexFormat.of().parseHex("0080000001"));
            body.writeBytes(ascii(user + "\0\0"));
        } else {
            body.writeBytes(HexFormat.of().parseHex("008200000080000121"));
            body.writeBytes(new byte[23]);
            body.writeBytes(ascii(user + "\0\0"));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        littleEndian(out, body.size(), 3);
        out.write(1);
        out.writeBytes(body.toByteArray());
        out.writeBytes(HexFormat.of().parseHex("0100000001"));
        return out.toByteArray();
    }

    // ---- bytes

    private static void number(ByteArrayOutputStream out, long value, int bytes) {
        for (int i = bytes - 1; i >= 0; i--) {
            out.write((int) (value >> 8 * i));
        }
    }

    private static void littleEndian(ByteArrayOutputStream out, long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            out.write((int) (value >> 8 * i));
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(ByteBuf in) {
        return in.toString(StandardCharsets.ISO_8859_1);
    }

    /** Hexadecimal digits as the characters that they stand for. */
    static String binaryText(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
    }
}
