package net.lbd.core.stream;

import java.util.Objects;
import java.util.Optional;
import net.lbd.core.http.CachedResponse;
import net.lbd.core.http.HttpCache;
import java.util.function.Supplier;
import net.lbd.core.http.LocalReply;
import net.lbd.core.listen.BindRuntime;
import net.lbd.core.report.ReportDesk;

/** What a phase or a rule list decides about the stream it was shown. Immutable. */
public sealed interface Verdict {

    /** Go on with the next rule or phase. */
    record Continue() implements Verdict { }

    /** Rules only: this list is done ({@code allow}); go on with the next phase. */
    record Stop() implements Verdict { }

    /** Wait: whoever waits resumes the stream at the same phase. */
    record Yield() implements Verdict { }

    /**
     * Answer with an error of the proxy; logged as denied.
     *
     * @param status what is logged
     * @param reply what is sent; empty: the proxy's own page for the status
     */
    record Deny(int status, Optional<LocalReply> reply) implements Verdict {
        public Deny {
            Objects.requireNonNull(reply, "reply");
        }

        public Deny(int status) {
            this(status, Optional.empty());
        }
    }

    /** As {@link Deny}, once {@code timeout tarpit} has passed. */
    record Tarpit(int status, LocalReply reply) implements Verdict {
        public Tarpit {
            Objects.requireNonNull(reply, "reply");
        }
    }

    /**
     * Answer with a response made here; logged as local.
     *
     * @param status what is logged
     */
    record Reply(LocalReply reply, int status) implements Verdict {
        public Reply {
            Objects.requireNonNull(reply, "reply");
        }

        public Reply(LocalReply reply) {
            this(reply, reply.status());
        }
    }

    /**
     * Answer with a response of a service of ours, which is made elsewhere, as it takes its time; logged as local.
     *
     * @param desk where it is made
     */
    record Service(ReportDesk desk, Supplier<LocalReply> answer) implements Verdict {
        public Service {
            Objects.requireNonNull(desk, "desk");
            Objects.requireNonNull(answer, "answer");
        }
    }

    /** Close the client's connection without an answer. */
    record Abort() implements Verdict { }

    /** Forget the client's connection: it is not even told that it ended. */
    record SilentDrop() implements Verdict { }

    /** End the exchange behind what the server has sent. */
    record Close() implements Verdict { }

    /** Answer with what a cache holds; logged as local. */
    record FromCache(CachedResponse response, HttpCache cache) implements Verdict {
        public FromCache {
            Objects.requireNonNull(response, "response");
            Objects.requireNonNull(cache, "cache");
        }
    }

    /** The client of a TCP connection is read as HTTP from here on. */
    record SwitchMode(Optional<BindRuntime.Http2> http2) implements Verdict {
        public SwitchMode {
            Objects.requireNonNull(http2, "http2");
        }
    }

    Verdict CONTINUE = new Continue();
    Verdict STOP = new Stop();
    Verdict YIELD = new Yield();
    Verdict ABORT = new Abort();
    Verdict CLOSE = new Close();
    Verdict SILENT_DROP = new SilentDrop();
}
