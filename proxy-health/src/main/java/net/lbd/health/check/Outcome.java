package net.lbd.health.check;

import java.util.OptionalInt;

/** What a {@link Step} says when it is asked to go on. Immutable. */
sealed interface Outcome {

    /** Nothing can be said before more bytes come. Not allowed once the input has ended. */
    record Wait() implements Outcome { }

    /** Done, and says nothing of the server: comments and variables. */
    record Skip() implements Outcome { }

    /** Done; the next step's turn. The last step's status, code and info are the check's. */
    record Next(CheckStatus status, OptionalInt code, String info) implements Outcome { }

    /** The check has failed; or, with a status that passes, is over before its last step. */
    record Fail(CheckStatus status, OptionalInt code, String info) implements Outcome { }

    Outcome WAIT = new Wait();
    Outcome SKIP = new Skip();

    static Outcome next(CheckStatus status, String info) {
        return new Next(status, OptionalInt.empty(), info);
    }

    static Outcome fail(CheckStatus status, String info) {
        return new Fail(status, OptionalInt.empty(), info);
    }
}
