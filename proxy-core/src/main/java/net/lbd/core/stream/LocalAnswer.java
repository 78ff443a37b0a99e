package net.lbd.core.stream;

import io.netty.buffer.ByteBuf;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.LocalReply;
import net.lbd.core.http.ReplyWriter;

/** Ends an exchange with an answer of our own, or with none. All of them leave through {@link ReplyWriter}. */
final class LocalAnswer {

    private static final byte[] HEAD = Ascii.bytes("HEAD");

    private LocalAnswer() { }

    /** Does what a phase or a rule decided. */
    static void give(HttpStream stream, Verdict verdict) {
        if (verdict instanceof Verdict.Deny deny) {
            if (!stream.termination().isSet()) {
                stream.termination().set(Termination.Cause.DENIED, Termination.Stage.REQUEST);
                stream.frontend().counters().deniedRequests.increment();
            }
            send(stream, ReplyWriter.error(deny.status(), true));
        } else if (verdict instanceof Verdict.Reply reply) {
            stream.termination().set(Termination.Cause.LOCAL, Termination.Stage.REQUEST);
            send(stream, reply.reply());
        } else {
            stream.termination().set(Termination.Cause.DENIED, Termination.Stage.REQUEST);
            Ending.cut(stream);
        }
    }

    /** Answers with an error page, or cuts the response short if one has begun. */
    static void error(HttpStream stream, int status, Termination.Cause cause, Termination.Stage stage) {
        stream.termination().set(cause, stage);
        if (stream.responseSide().isHeadSent()) {
            Ending.cut(stream);
        } else {
            send(stream, ReplyWriter.error(status, true));
        }
    }

    private static void send(HttpStream stream, LocalReply reply) {
        stream.abandonWaits();
        Ending.dropConnection(stream);
        boolean keepAlive = reply.keepAlive() && stream.clientWantsKeepAlive() && stream.isRequestComplete();
        ByteBuf out = ReplyWriter.write(stream.worker().allocator(), reply, stream.request().isAtLeast11(),
                keepAlive, !stream.request().methodIs(HEAD));
        stream.setStatus(reply.status());
        stream.countToClient(out.readableBytes());
        stream.client().write(out);
        Ending.complete(stream, keepAlive);
    }
}
