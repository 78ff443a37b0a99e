package net.lbd.core.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import net.lbd.config.model.StickDataType;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.BytePool;
import net.lbd.core.http.CachedResponse;
import net.lbd.core.http.HeadParser;
import net.lbd.core.http.HttpCache;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.http.LocalReply;
import net.lbd.core.http.ReplyWriter;
import net.lbd.core.rule.ErrorPages;
import net.lbd.core.rule.RuleList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends an exchange with an answer of our own, or with none. All of them leave through {@link ReplyWriter}. */
final class LocalAnswer {

    private static final Logger LOG = LoggerFactory.getLogger(LocalAnswer.class);
    private static final byte[] HEAD = Ascii.bytes("HEAD");
    private static final byte[] NO_BYTES = {};
    private static final int MAX_HEADERS = 1000;
    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;

    private LocalAnswer() { }

    /** Does what a phase or a rule on the request decided. */
    static void give(HttpStream stream, Verdict verdict) {
        give(stream, verdict, Termination.Stage.REQUEST);
    }

    /** Does what was decided while the stream was in a stage. */
    static void give(HttpStream stream, Verdict verdict, Termination.Stage stage) {
        if (verdict instanceof Verdict.Deny deny) {
            countDenied(stream, stage);
            send(stream, deny.reply().orElseGet(() -> ErrorPages.reply(stream, deny.status())), deny.status(), true);
        } else if (verdict instanceof Verdict.Tarpit tarpit) {
            countDenied(stream, Termination.Stage.TARPIT);
            stream.enterTarpit(tarpit);
        } else if (verdict instanceof Verdict.Reply reply) {
            stream.termination().set(Termination.Cause.LOCAL, stage);
            send(stream, reply.reply(), reply.status(), true);
        } else if (verdict instanceof Verdict.FromCache hit) {
            stream.termination().set(Termination.Cause.LOCAL, stage);
            sendCached(stream, hit.response(), hit.cache());
        } else if (verdict instanceof Verdict.Service service) {
            serve(stream, service);
        } else if (verdict instanceof Verdict.SilentDrop) {
            countDenied(stream, stage);
            Ending.drop(stream);
        } else {
            stream.termination().set(Termination.Cause.DENIED, stage);
            Ending.cut(stream);
        }
    }

    private static void serve(HttpStream stream, Verdict.Service service) {
        stream.termination().set(Termination.Cause.LOCAL, Termination.Stage.REQUEST);
        stream.frontend().counters().intercepted.increment();
        long exchange = stream.exchange();
        boolean taken = service.desk().submit(() -> {
            LocalReply reply = make(service);
            try {
                stream.worker().loop().execute(() -> {
                    if (stream.isActive() && stream.exchange() == exchange) {
                        send(stream, reply, reply.status(), true);
                    }
                });
            } catch (RejectedExecutionException e) {
                LOG.trace("the engine has stopped, and the stream with it", e);
            }
        });
        if (!taken) {
            send(stream, ErrorPages.reply(stream, 503), 503, true);
        }
    }

    private static LocalReply make(Verdict.Service service) {
        try {
            return service.answer().get();
        } catch (RuntimeException e) {
            LOG.error("a service failed by an internal error", e);
            return new LocalReply(500, List.of(), NO_BYTES, false);
        }
    }

    private static void countDenied(HttpStream stream, Termination.Stage stage) {
        if (!stream.termination().isSet()) {
            stream.termination().set(Termination.Cause.DENIED, stage);
            stream.frontend().counters().deniedRequests.increment();
            stream.countTracked(StickDataType.HTTP_ERR_CNT, StickDataType.HTTP_ERR_RATE, 1);
        }
    }

    /** The time in the tarpit is over. */
    static void afterTarpit(HttpStream stream, Verdict.Tarpit tarpit) {
        send(stream, tarpit.reply(), tarpit.status(), true);
    }

    /** Answers with an error page, or cuts the response short if one has begun. */
    static void error(HttpStream stream, int status, Termination.Cause cause, Termination.Stage stage) {
        stream.termination().set(cause, stage);
        if (stream.responseSide().isHeadSent()) {
            Ending.cut(stream);
        } else {
            send(stream, ErrorPages.reply(stream, status), status, true);
        }
    }

    /** Answers a request that never became one: no rule has seen it, and none sees the answer. */
    static void refuse(HttpStream stream, int status, Termination.Cause cause) {
        stream.termination().set(cause, Termination.Stage.REQUEST);
        send(stream, ErrorPages.reply(stream, status), status, false);
    }

    private static void send(HttpStream stream, LocalReply reply, int loggedStatus, boolean withRules) {
        stream.abandonWaits();
        Ending.dropConnection(stream);
        stream.setStatus(loggedStatus);
        stream.variables().clear("req.");
        if (reply.isSilence()) {
            Ending.complete(stream, false);
            return;
        }
        boolean keepAlive = reply.keepAlive() && stream.clientWantsKeepAlive() && stream.isRequestComplete();
        boolean withBody = !stream.request().methodIs(HEAD);
        RuleList ofBackend = stream.backend().isOf(stream.frontend()) ? RuleList.EMPTY : stream.backend().rules().afterResponse();
        RuleList ofFrontend = stream.frontend().rules().afterResponse();
        ResponseOutput output = stream.responseSide().output();
        if (withRules && !(ofBackend.isEmpty() && ofFrontend.isEmpty())) {
            byte[] body = ReplyWriter.hasContent(reply) ? reply.body() : NO_BYTES;
            stream.responseSide().showLocal(body);
            applyRules(stream, reply, ofBackend, ofFrontend);
            stream.responseSide().showLocal(NO_BYTES);
            output.answer(stream.response(), withBody ? body : NO_BYTES, keepAlive);
        } else {
            output.answer(reply, keepAlive, withBody);
        }
        Ending.complete(stream, keepAlive);
    }

    /** Only the {@code http-after-response} rules see it; the log tells times as of a server that answers at once. */
    private static void sendCached(HttpStream stream, CachedResponse response, HttpCache cache) {
        stream.abandonWaits();
        stream.answeredBy(cache);
        long now = stream.worker().nanos();
        stream.clock().assigned = now;
        stream.clock().connected = now;
        stream.clock().responseHead = now;
        stream.variables().clear("req.");
        boolean notModified = response.isKnownTo(stream.request());
        stream.setStatus(notModified ? NOT_MODIFIED : OK);
        boolean keepAlive = stream.clientWantsKeepAlive() && stream.isRequestComplete();
        boolean withBody = !notModified && CachedResponse.wantsBody(stream.request());
        read(stream, Unpooled.wrappedBuffer(response.head(notModified, cache.nowMillis())));
        if (!stream.backend().isOf(stream.frontend())) {
            stream.backend().rules().afterResponse().evaluate(stream);
        }
        stream.frontend().rules().afterResponse().evaluate(stream);
        stream.responseSide().output().answer(stream.response(), withBody ? response.body() : NO_BYTES, keepAlive);
        Ending.complete(stream, keepAlive);
    }

    /** Makes a head of our own the stream's response; the buffer is handed over. */
    private static void read(HttpStream stream, ByteBuf head) {
        HttpMessage response = stream.response();
        BytePool pool = stream.worker().bytePool();
        pool.give(response.takeBytes());
        response.reset();
        try {
            HeadParser parser = new HeadParser(false, pool, head.readableBytes() + 1, MAX_HEADERS);
            // What was let pass when it came passes again.
            parser.setLenient(true);
            HeadParser.Result result = parser.feed(response, head);
            if (result != HeadParser.Result.COMPLETE) {
                throw new IllegalStateException("an answer of our own is not well formed: " + result);
            }
        } finally {
            head.release();
        }
    }

    /** Makes the stream's response the answer as the {@code http-after-response} rules leave it. */
    private static void applyRules(HttpStream stream, LocalReply reply, RuleList ofBackend, RuleList ofFrontend) {
        read(stream, ReplyWriter.write(stream.worker().allocator(), reply, true, true, false));
        HttpMessage response = stream.response();
        ofBackend.evaluate(stream);
        ofFrontend.evaluate(stream);
        if (response.status() != reply.status()) {
            stream.setStatus(response.status());
        }
    }
}
