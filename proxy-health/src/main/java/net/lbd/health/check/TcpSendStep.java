package net.lbd.health.check;

import java.util.HexFormat;
import java.nio.charset.StandardCharsets;

/**
 * {@code tcp-check send} and its kin. What was received before is forgotten: an {@code expect} looks at what came since
 * the last send, as HAProxy does.
 */
final class TcpSendStep implements Step {

    private final CheckLanguage.Text data;
    private final boolean hex;
    private final int number;
    private final String place;
    private final String success;

    TcpSendStep(CheckLanguage.Text data, boolean hex, int number, String place, String success) {
        this.data = data;
        this.hex = hex;
        this.number = number;
        this.place = place;
        this.success = success;
    }

    @Override
    public Outcome advance(Wire wire) {
        byte[] bytes = data.render(wire.scope());
        if (hex) {
            try {
                bytes = HexFormat.of().parseHex(new String(bytes, StandardCharsets.ISO_8859_1));
            } catch (IllegalArgumentException odd) {
                return Outcome.fail(CheckStatus.L7RSP, "tcp-check send : failed to build log-format string at step " + number);
            }
        }
        wire.received().skipBytes(wire.received().readableBytes());
        wire.send(wire.allocator().ioBuffer(bytes.length).writeBytes(bytes));
        return Outcome.next(CheckStatus.L7OK, success);
    }

    @Override
    public String place() {
        return place;
    }

    @Override
    public String describe() {
        return "send";
    }
}
