package net.lbd.core.stream;

import net.lbd.config.model.StickDataType;

/** The order of an exchange's phases up to the forwarding of the request: the one place where it stands. */
final class HttpPhases {

    private static final Phase[] ORDER = {
        new FrontendRequestRules(),
        new BackendSwitching(),
        new BackendRequestRules(),
        new ServerSelection(),
        new Queueing(),
        new Connecting(),
        new RequestForwarding(),
    };

    private static final int SELECTION = 3;
    private static final int QUEUEING = 4;
    private static final int CONNECTING = 5;

    private HttpPhases() { }

    /** Begins with the first phase. */
    static void begin(HttpStream stream) {
        if (stream.isContentInspected()) {
            // What its connection tracks since it was no HTTP yet.
            stream.countTracked(StickDataType.HTTP_REQ_CNT, StickDataType.HTTP_REQ_RATE, 1);
        } else {
            stream.session().tracking().count(StickDataType.HTTP_REQ_CNT, StickDataType.HTTP_REQ_RATE, 1);
        }
        stream.phase = 0;
        resume(stream);
    }

    /** Chooses a server anew: after the queue, or to retry elsewhere. */
    static void selectAgain(HttpStream stream) {
        stream.phase = SELECTION;
        resume(stream);
    }

    /** The wait in the queue has brought a place. */
    static void placeGiven(HttpStream stream) {
        stream.phase = QUEUEING;
        resume(stream);
    }

    /** Connects to the chosen server anew. */
    static void connectAgain(HttpStream stream) {
        stream.phase = CONNECTING;
        resume(stream);
    }

    /** Goes on behind a phase that yielded and is done now. */
    static void next(HttpStream stream) {
        stream.phase++;
        resume(stream);
    }

    /** The time in which content rules may wait is over. */
    static void contentIsWhatItIs(HttpStream stream) {
        stream.inspection().setMayGrow(false);
        resume(stream);
    }

    /** More of the body has come that a rule waits for. */
    static void bodyCame(HttpStream stream) {
        resume(stream);
    }

    /** The answer is there that a rule has waited for. */
    static void nameResolved(HttpStream stream) {
        resume(stream);
    }

    /** A password has been checked; the exchange may have ended meanwhile, and another begun. */
    static void loginChecked(HttpStream stream, long exchange) {
        if (stream.isActive() && stream.exchange() == exchange) {
            resume(stream);
        }
    }

    private static void resume(HttpStream stream) {
        while (stream.phase < ORDER.length) {
            Verdict verdict = ORDER[stream.phase].run(stream);
            if (verdict == Verdict.YIELD) {
                return;
            }
            if (verdict != Verdict.CONTINUE && verdict != Verdict.STOP) {
                LocalAnswer.give(stream, verdict);
                return;
            }
            stream.phase++;
        }
    }
}
