package net.lbd.core.stream;

import java.util.Objects;
import net.lbd.core.http.LocalReply;

/** What a phase or a rule list decides about the stream it was shown. Immutable. */
public sealed interface Verdict {

    /** Go on with the next rule or phase. */
    record Continue() implements Verdict { }

    /** Rules only: this list is done ({@code allow}); go on with the next phase. */
    record Stop() implements Verdict { }

    /** Wait: whoever waits resumes the stream at the same phase. */
    record Yield() implements Verdict { }

    /** Answer with an error of the proxy; logged as denied. */
    record Deny(int status) implements Verdict { }

    /** Answer with a response made here; logged as local. */
    record Reply(LocalReply reply) implements Verdict {
        public Reply {
            Objects.requireNonNull(reply, "reply");
        }
    }

    /** Close the client's connection without an answer. */
    record Abort() implements Verdict { }

    Verdict CONTINUE = new Continue();
    Verdict STOP = new Stop();
    Verdict YIELD = new Yield();
    Verdict ABORT = new Abort();
}
