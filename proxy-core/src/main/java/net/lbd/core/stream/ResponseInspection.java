package net.lbd.core.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import net.lbd.core.rule.RuleList;
import net.lbd.core.runtime.TimerWheel;

/**
 * The {@code tcp-response content} rules of a TCP stream at work: holds the server's first bytes back until the rules
 * know what to do with them, but no more than a buffer ({@code tune.bufsize}) and one read. As with HAProxy they are
 * looked at as soon as the server is there, before it has said anything. Event-loop confined. Source: HAProxy manual,
 * "tcp-response content".
 */
final class ResponseInspection extends TimerWheel.Timer {

    private final TcpStream stream;
    private final RuleList rules;

    ResponseInspection(TcpStream stream, RuleList rules) {
        this.stream = stream;
        this.rules = rules;
    }

    /** @param delayMillis 0: the rules do not wait */
    void begin(long delayMillis) {
        stream.inspection().beginResponse(delayMillis > 0);
        if (delayMillis > 0) {
            stream.worker().timers().arm(this, delayMillis);
        }
        evaluate();
    }

    /** The server has sent something; the buffer is taken over. */
    void add(ByteBuf bytes) {
        Inspection seen = stream.inspection();
        seen.add(bytes);
        bytes.release();
        if (seen.length() >= stream.worker().limits().headBytes()) {
            seen.setMayGrow(false);
        }
        evaluate();
    }

    /** Nothing will change what the rules see any more. */
    void asItIs() {
        stream.inspection().setMayGrow(false);
        evaluate();
    }

    @Override
    protected void expired() {
        asItIs();
    }

    private void evaluate() {
        Verdict verdict = rules.evaluateContent(stream);
        if (verdict != Verdict.YIELD) {
            Inspection seen = stream.inspection();
            ByteBuf bytes = Unpooled.wrappedBuffer(seen.bytes(), 0, seen.length());
            abandon();
            stream.responseInspected(verdict, bytes);
        }
    }

    /** What was held back is of no further use. */
    void abandon() {
        stream.worker().timers().remove(this);
        stream.inspection().forget();
    }
}
