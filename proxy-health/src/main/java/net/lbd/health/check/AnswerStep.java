package net.lbd.health.check;

import io.netty.buffer.ByteBuf;

/** Waits for the answer of a protocol that is known. */
final class AnswerStep implements Step {

    /** Looks at what has come, which is not empty; with {@code last} it must decide. */
    interface Judge {
        Outcome judge(ByteBuf in, boolean last);
    }

    private final String what;
    private final int number;
    private final Judge judge;
    private final CheckStatus timeout;
    private final CheckStatus empty;

    /** @param number the step's number where HAProxy counts it, for messages */
    AnswerStep(String what, int number, Judge judge) {
        this(what, number, judge, CheckStatus.L7TOUT, CheckStatus.L7RSP);
    }

    /** @param empty the status of an answer that does not come */
    AnswerStep(String what, int number, Judge judge, CheckStatus timeout, CheckStatus empty) {
        this.what = what;
        this.number = number;
        this.judge = judge;
        this.timeout = timeout;
        this.empty = empty;
    }

    @Override
    public Outcome advance(Wire wire) {
        ByteBuf in = wire.received();
        boolean last = wire.ended() || in.readableBytes() >= CheckRunner.INPUT_LIMIT_BYTES;
        if (!in.isReadable()) {
            return last ? Outcome.fail(empty, "TCPCHK got an empty response at step " + number) : Outcome.WAIT;
        }
        return judge.judge(in, last);
    }

    @Override
    public boolean takesBreakAsEnd(Wire wire) {
        return wire.received().isReadable();
    }

    @Override
    public CheckStatus timeoutStatus() {
        return timeout;
    }

    @Override
    public String describe() {
        return "expect " + what;
    }
}
