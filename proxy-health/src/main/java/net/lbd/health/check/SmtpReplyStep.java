package net.lbd.health.check;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/**
 * Waits for a whole reply of a mail server, of one line or several, which must be 2xx. Source: RFC 5321 §4.2.
 * Difference: HAProxy 2.6 takes a greeting of several lines for no SMTP, and waits in vain behind other replies.
 */
final class SmtpReplyStep implements Step {

    private final boolean greeting;
    private final int number;

    SmtpReplyStep(boolean greeting, int number) {
        this.greeting = greeting;
        this.number = number;
    }

    @Override
    public Outcome advance(Wire wire) {
        ByteBuf in = wire.received();
        boolean last = wire.ended() || in.readableBytes() >= CheckRunner.INPUT_LIMIT_BYTES;
        if (!in.isReadable() && last) {
            return Outcome.fail(greeting ? CheckStatus.L7RSP : CheckStatus.L7STS, "TCPCHK got an empty response at step " + number);
        }
        while (true) {
            int end = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
            if (end < 0 && !last) {
                return Outcome.WAIT;
            }
            int from = in.readerIndex();
            int stop = end < 0 ? in.writerIndex() : end;
            String line = in.toString(from, stop - from, StandardCharsets.ISO_8859_1).stripTrailing();
            if (!isReply(line)) {
                return Outcome.fail(greeting ? CheckStatus.L7RSP : CheckStatus.L7STS, line);
            }
            in.readerIndex(end < 0 ? in.writerIndex() : end + 1);
            if (line.length() == 3 || line.charAt(3) != '-' || last && !in.isReadable()) {
                OptionalInt code = OptionalInt.of(Integer.parseInt(line.substring(0, 3)));
                String text = line.substring(Math.min(4, line.length()));
                return line.charAt(0) == '2' ? new Outcome.Next(CheckStatus.L7OK, code, text) : new Outcome.Fail(CheckStatus.L7STS, code, text);
            }
        }
    }

    private static boolean isReply(String line) {
        return line.length() >= 3 && line.chars().limit(3).allMatch(c -> c >= '0' && c <= '9')
                && (line.length() == 3 || line.charAt(3) == ' ' || line.charAt(3) == '-');
    }

    @Override
    public boolean takesBreakAsEnd(Wire wire) {
        return wire.received().isReadable();
    }

    @Override
    public String describe() {
        return "expect 2xx";
    }
}
