package net.lbd.core.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.Optional;
import net.lbd.config.model.CompressionSpec.Algorithm;
import net.lbd.config.model.RetryOn.Event;
import net.lbd.config.model.StickDataType;
import net.lbd.core.backend.TrafficWatch;
import net.lbd.core.connect.ReadGate;
import net.lbd.core.connect.Relay;
import net.lbd.core.connect.ServerConnection;
import net.lbd.core.http.BodyReader;
import net.lbd.core.http.CachePlan;
import net.lbd.core.http.CacheRecorder;
import net.lbd.core.http.Compressor;
import net.lbd.core.http.ConnectionAuth;
import net.lbd.core.http.Defect;
import net.lbd.core.http.HeadParser;
import net.lbd.core.http.HopByHop;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.http.KnownHeader;
import net.lbd.core.http.MessageFraming;
import net.lbd.core.sample.ByteSink;

/**
 * The way of a response from the server's bytes to the client's: reads and judges the head, lets the
 * response rules run, and relays the body as it comes. Event-loop confined; one for each stream.
 *
 * <p>Long because head, informational answers, body, switch of protocols and the ends of each share one state: what
 * has come, and what the client has had of it.
 */
final class ResponseSide implements ServerConnection.User {

    private enum State { DETACHED, HEAD, RULES, BODY, DONE, TUNNEL }

    private static final byte[] NO_BYTES = {};

    private final HttpStream stream;
    private final ResponseOutput output;
    private State state = State.DETACHED;
    private Optional<ServerConnection> connection = Optional.empty();
    /** What the last read left of an incomplete trailer section. */
    private Optional<ByteBuf> rest = Optional.empty();
    private boolean headSent;
    private boolean serverKeepsAlive;
    private boolean clientStaysOpen;
    private boolean decodeChunks;
    /** What the client would like its response compressed with. */
    private Optional<Algorithm> compression = Optional.empty();
    private Optional<Compressor> compressor = Optional.empty();
    private String compressedWith = "";
    private boolean anyByte;
    /** While rules look at the response: the bytes behind its head. */
    private ByteBuf behind = Unpooled.EMPTY_BUFFER;
    private long framing;
    private int tokens;
    /** Made for the first response whose body a rule looks at. */
    private Optional<HeldBody> heldBody = Optional.empty();
    /** Whether rules have waited for the body of this response. */
    private boolean waited;
    /** Nothing more will come from the server. */
    private boolean inputEnded;
    /** Limits of bandwidth hold the response back; the ends that the server has come to meanwhile wait as well. */
    private boolean throttled;
    private boolean serverEnded;
    private boolean serverGone;
    /** While a cache takes the response down. */
    private Optional<CacheRecorder> recorder = Optional.empty();
    /** The body of an answer of our own, while rules look at it. */
    private byte[] localBody = NO_BYTES;

    ResponseSide(HttpStream stream, ResponseOutput output) {
        this.stream = stream;
        this.output = output;
    }

    void prepare() {
        headSent = false;
        serverKeepsAlive = false;
        clientStaysOpen = false;
        decodeChunks = false;
        compression = Optional.empty();
        compressedWith = "";
        endCompression();
        anyByte = false;
        framing = 0;
        state = State.DETACHED;
    }

    /** A connection has been found; the response will come on it. */
    void begin(ServerConnection lent) {
        connection = lent.found();
        output.attach(lent.gate());
        lent.responseParser().reset();
        lent.responseParser().setLenient(stream.backend().policy().http().unsafe());
        anyByte = false;
        waited = false;
        inputEnded = false;
        throttled = false;
        serverEnded = false;
        serverGone = false;
        framing = 0;
        state = State.HEAD;
    }

    /** What the client takes, and a proxy offers. */
    void setCompression(Optional<Algorithm> algorithm) {
        compression = algorithm;
    }

    /** What the response was compressed with here; empty if it was not. */
    String compressedWith() {
        return compressedWith;
    }

    private void endCompression() {
        if (compressor.isPresent()) {
            compressor.get().close();
            compressor = Optional.empty();
        }
    }

    void detach() {
        endCompression();
        stopRecording();
        if (throttled) {
            throttled = false;
            connection.ifPresent(c -> c.gate().open(ReadGate.THROTTLED));
        }
        output.detach();
        rest.ifPresent(ByteBuf::release);
        rest = Optional.empty();
        connection = Optional.empty();
        if (state != State.DONE) {
            state = State.DETACHED;
        }
    }

    boolean isHeadSent() {
        return headSent;
    }

    boolean isDone() {
        return state == State.DONE;
    }

    boolean isTunnel() {
        return state == State.TUNNEL;
    }

    /** Whether the server connection can carry another exchange behind this response. */
    boolean isServerReusable() {
        return state == State.DONE && serverKeepsAlive;
    }

    /** Whether the client was told that its connection stays open. */
    boolean staysClientOpen() {
        return clientStaysOpen;
    }

    /** Whether the server has sent anything in answer to this request. */
    boolean hasAnyByte() {
        return anyByte;
    }

    /** Whether the client does not take the response as fast as it comes. */
    boolean isClientSlow() {
        return output.isBlocked();
    }

    /** Where the response goes. */
    ResponseOutput output() {
        return output;
    }

    @Override
    public void serverRead(ByteBuf bytes) {
        anyByte = true;
        if (throttled) {
            // Read before the reading was stopped.
            rest = Optional.of(join(rest.orElse(Unpooled.EMPTY_BUFFER), bytes));
            return;
        }
        stream.waitForServer();
        if (!stream.isRequestComplete() && state != State.TUNNEL) {
            // The client may be waiting for the answer before it sends more.
            stream.client().clientTurn();
        }
        ByteBuf in = bytes;
        if (rest.isPresent()) {
            in = join(rest.get(), bytes);
            rest = Optional.empty();
        }
        consume(in);
    }

    private ByteBuf join(ByteBuf first, ByteBuf second) {
        ByteBuf both = stream.worker().allocator().directBuffer(first.readableBytes() + second.readableBytes());
        both.writeBytes(first).writeBytes(second);
        first.release();
        second.release();
        return both;
    }

    /** Takes the buffer over. */
    private void consume(ByteBuf in) {
        Optional<ServerConnection> mine = connection;
        try {
            if (state == State.RULES) {
                runRules(in);
            }
            while (in.isReadable() && state == State.HEAD && connection == mine) {
                readHead(in);
            }
            if (connection != mine) {
                // The exchange has ended in between: what is left is nobody's.
                return;
            }
            switch (state) {
                case RULES -> rest = Optional.of(in.readRetainedSlice(in.readableBytes()));
                case BODY -> readBody(in);
                case TUNNEL -> tunnelToClient(in);
                case DONE -> refuseSurplus(in);
                default -> { }
            }
            if (connection == mine) {
                if (state == State.DONE) {
                    output.end();
                } else {
                    output.push();
                }
            }
        } finally {
            in.release();
        }
        if (state == State.DONE) {
            Ending.responseDone(stream);
        }
    }

    /** More than the response announced: what follows is nobody's answer. */
    private void refuseSurplus(ByteBuf in) {
        if (in.isReadable()) {
            serverKeepsAlive = false;
        }
    }

    private void tunnelToClient(ByteBuf in) {
        if (in.isReadable()) {
            stream.client().tunnelActivity();
            StreamAccounting.report(stream);
            Throttle throttle = stream.responseThrottle();
            int allowed = throttle == Throttle.NONE ? in.readableBytes() : throttle.allow(in.readableBytes());
            if (allowed > 0) {
                throttle.spent(allowed);
                output.tunnel(in.readRetainedSlice(allowed));
            }
            if (in.isReadable()) {
                rest = Optional.of(in.readRetainedSlice(in.readableBytes()));
                pause(throttle);
            }
        }
    }

    private void readHead(ByteBuf in) {
        HttpMessage response = stream.response();
        HeadParser parser = connection.orElseThrow().responseParser();
        switch (parser.feed(response, in)) {
            case NEED_MORE -> { }
            case INVALID -> refuse(parser.defect());
            case COMPLETE -> headComplete(response, parser, in);
        }
    }

    private void headComplete(HttpMessage response, HeadParser parser, ByteBuf in) {
        if (response.status() < 200 && response.status() != 101) {
            forwardInterim(response);
            response.reset();
            parser.reset();
            return;
        }
        if (response.status() == 101 && !stream.client().takesSwitch(response)) {
            refuse(Defect.UNASKED_SWITCH);
            return;
        }
        framing = MessageFraming.ofResponse(response, stream.request());
        if (framing == MessageFraming.REFUSED) {
            refuse(MessageFraming.defect(response));
            return;
        }
        stream.clock().responseHead = stream.worker().nanos();
        int status = response.status();
        stream.server().state().traffic().sawStatus(status);
        if (RetryPolicy.repeatsOn(status, stream)) {
            RetryPolicy.repeat(stream);
            return;
        }
        if (status == 401 || status == 407) {
            connection.orElseThrow().bind();
            if (!stream.client().carriesIdentity() && ConnectionAuth.offers(response)) {
                stream.setStatus(status);
                stream.client().requireVersion1();
                return;
            }
        }
        stream.responseCaptures().take(response);
        stream.countResponse();
        stream.backend().rules().stick().store(stream);
        tokens = HopByHop.read(response, KnownHeader.CONNECTION);
        stream.responseStep = 0;
        runRules(in);
    }

    /** Lets the rules look at the response, or go on where they have waited. */
    private void runRules(ByteBuf in) {
        behind = in;
        ResponseRules.Outcome outcome = ResponseRules.run(stream);
        behind = Unpooled.EMPTY_BUFFER;
        if (outcome == ResponseRules.Outcome.WAITING) {
            state = State.RULES;
        } else if (outcome == ResponseRules.Outcome.PASSED) {
            if (waited && isBodyBad(in)) {
                refuse(heldBody.orElseThrow().defect());
                return;
            }
            stream.response().removeKnown(KnownHeader.CONNECTION);
            forwardHead(stream.response(), in.readableBytes() <= Http1Response.JOIN_LIMIT_BYTES ? in.readableBytes() : 0);
            if (waited) {
                stream.waitForServer();
            }
        }
    }

    // ---- the body before it goes on

    private HeldBody heldBody() {
        if (heldBody.isEmpty()) {
            heldBody = Optional.of(new HeldBody(stream.worker().limits().headBytes()));
        }
        return heldBody.get();
    }

    private boolean isBodyBad(ByteBuf in) {
        heldBody().length(in, framing);
        return heldBody().defect() != Defect.NONE;
    }

    /** As {@link ClientSide#hasBody}, of the response that rules look at. */
    boolean hasBody(int atLeastBytes) {
        if (connection.isEmpty() || framing == 0 || framing == MessageFraming.TUNNEL) {
            return true;
        }
        waited = true;
        int length = heldBody().length(behind, framing);
        return heldBody().isWhole() || atLeastBytes > 0 && length >= atLeastBytes
                || behind.readableBytes() >= stream.worker().limits().headBytes() || inputEnded;
    }

    /** Writes as much of the body as is there, while rules look at the response. */
    void copyBody(ByteSink out) {
        if (behind.isReadable() && framing != 0 && framing != MessageFraming.TUNNEL) {
            heldBody().copy(behind, framing, out);
        }
        for (byte b : localBody) {
            out.put(b);
        }
    }

    /** As declared; -1 if nothing was. */
    long bodyLength() {
        return localBody.length > 0 ? localBody.length : Math.max(-1, framing);
    }

    /** Rules look at an answer of our own. */
    void showLocal(byte[] body) {
        framing = 0;
        localBody = body;
    }

    /** The body that a rule waits for did not come in time. */
    void bodyTimeout() {
        stream.clock().responseHead = StreamClock.NEVER;
        stream.server().state().counters().responseErrors.increment();
        stream.server().state().traffic().saw(TrafficWatch.Seen.TIMEOUT);
        LocalAnswer.error(stream, 504, Termination.Cause.SERVER_TIMEOUT, Termination.Stage.REQUEST);
    }

    /** The server has ended while a rule waits for more: what is there is all. */
    private void endWait() {
        inputEnded = true;
        ByteBuf held = rest.orElse(Unpooled.EMPTY_BUFFER);
        rest = Optional.empty();
        consume(held);
    }

    /** A 1xx goes to the client as it is, unless the client is of a time that did not know any. */
    private void forwardInterim(HttpMessage response) {
        if (stream.request().isAtLeast11()) {
            HopByHop.strip(response);
            response.removeKnown(KnownHeader.CONTENT_LENGTH | KnownHeader.TRANSFER_ENCODING);
            output.interim(response);
        }
    }

    /** @param room for a small body, which joins the head */
    private void forwardHead(HttpMessage response, int room) {
        serverKeepsAlive = framing != MessageFraming.UNTIL_CLOSE && framing != MessageFraming.TUNNEL
                && response.keepsAlive(tokens) && stream.request().isAtLeast11();
        decodeChunks = framing == MessageFraming.CHUNKED && !output.takesChunks();
        boolean delimited = framing != MessageFraming.UNTIL_CLOSE && !decodeChunks;
        if (compression.isPresent()) {
            compressor = Compression.begin(stream, compression.get(), response, framing, output.takesChunks());
            compressedWith = compressor.map(c -> c.algorithm().coding()).orElse("");
        }
        clientStaysOpen = framing != MessageFraming.TUNNEL && delimited && stream.clientWantsKeepAlive();
        stream.setStatus(response.status());
        headSent = true;
        stream.forgetSent();
        int head = output.head(response, compressor.isPresent() ? MessageFraming.CHUNKED : framing, clientStaysOpen,
                compressor.isPresent() ? 0 : room);
        if (stream.frontend().log().logAsap()) {
            stream.countToClient(head);
            stream.frontend().log().writeEarly(stream);
            stream.countToClient(-head);
        }
        if (framing == MessageFraming.TUNNEL) {
            output.push();
            state = State.TUNNEL;
            stream.client().becomeTunnel();
            return;
        }
        BodyReader body = connection.orElseThrow().responseBody();
        body.begin(framing);
        state = body.isDone() ? State.DONE : State.BODY;
        if (body.isDone()) {
            finishRecording();
        }
    }

    private void readBody(ByteBuf in) {
        BodyReader body = connection.orElseThrow().responseBody();
        Throttle throttle = stream.responseThrottle();
        if (throttle == Throttle.NONE) {
            passBody(in, body);
        } else {
            passBody(in, body, throttle);
        }
        if (body.isBad()) {
            Refusal.ofBody(stream, body, true, in);
            stream.termination().set(Termination.Cause.SERVER_ABORT, Termination.Stage.DATA);
            stream.server().state().counters().responseErrors.increment();
            Ending.cut(stream);
        } else if (body.isDone()) {
            state = State.DONE;
            finishRecording();
            refuseSurplus(in);
        } else if (in.isReadable()) {
            rest = Optional.of(in.readRetainedSlice(in.readableBytes()));
        }
    }

    /** As many bytes as the limits of bandwidth let pass; the rest waits, and the server is not read meanwhile. */
    private void passBody(ByteBuf in, BodyReader body, Throttle throttle) {
        int all = in.readableBytes();
        int allowed = throttle.allow(all);
        int end = in.writerIndex();
        int from = in.readerIndex();
        in.writerIndex(from + allowed);
        passBody(in, body);
        in.writerIndex(end);
        if (allowed > 0 && in.readerIndex() == from && !body.isDone() && !body.isBad()) {
            // A part of a trailer section, which is not looked at before it is whole.
            passBody(in, body);
        }
        throttle.spent(in.readerIndex() - from);
        if (allowed < all && !body.isDone() && !body.isBad()) {
            pause(throttle);
        }
    }

    private void pause(Throttle throttle) {
        throttled = true;
        connection.orElseThrow().gate().close(ReadGate.THROTTLED);
        throttle.waitForMore(this::resume);
        // It is not the server that is slow.
        stream.stopWaiting();
    }

    /** The limits let more pass. */
    private void resume() {
        throttled = false;
        connection.ifPresent(c -> c.gate().open(ReadGate.THROTTLED));
        stream.waitForServer();
        ByteBuf held = rest.orElse(Unpooled.EMPTY_BUFFER);
        rest = Optional.empty();
        Optional<ServerConnection> mine = connection;
        consume(held);
        if (throttled || connection != mine || mine.isEmpty()) {
            return;
        }
        if (serverGone) {
            serverClosed();
        } else if (serverEnded) {
            serverInputClosed();
        }
    }

    // ---- for a cache

    /** {@code cache-store}: from here on, if that may be. */
    void keepFor(CachePlan plan) {
        stopRecording();
        recorder = CacheRecorder.begin(plan, stream.request(), stream.response(), framing);
    }

    private void stopRecording() {
        if (recorder.isPresent()) {
            recorder.get().abandon();
            recorder = Optional.empty();
        }
    }

    private void finishRecording() {
        if (recorder.isPresent()) {
            recorder.get().finish();
            recorder = Optional.empty();
        }
    }

    /** As {@link BodyReader#all}; the data are taken down. */
    private static int record(CacheRecorder recorder, ByteBuf in, BodyReader body) {
        int at = in.readerIndex();
        for (int run = body.next(in, at); run > 0; run = body.next(in, at)) {
            if (body.lastRunIsData()) {
                recorder.add(in, at, run);
            }
            at += run;
        }
        return at - in.readerIndex();
    }

    /** Whether limits of bandwidth hold the response back. */
    boolean isThrottled() {
        return throttled;
    }

    private void passBody(ByteBuf in, BodyReader body) {
        if (compressor.isPresent()) {
            compress(in, body, compressor.get());
        } else if (decodeChunks) {
            forwardDataOnly(in, body);
        } else {
            int length = recorder.isPresent() ? record(recorder.get(), in, body) : body.all(in, in.readerIndex());
            if (body.isDone() && body.trailerBytes() > 0 && stream.frontend().policy().http().dropTrailers()) {
                output.body(in, length - body.trailerBytes() - 2);
                in.skipBytes(body.trailerBytes());
                length = 2;
            }
            if (length > 0) {
                output.body(in, length);
            }
        }
    }

    /** Each read is compressed as a whole and leaves at once. */
    private void compress(ByteBuf in, BodyReader body, Compressor to) {
        boolean any = false;
        ByteBuf trailers = Unpooled.EMPTY_BUFFER;
        ByteBufAllocator allocator = stream.worker().allocator();
        for (int run = body.next(in, in.readerIndex()); run > 0; run = body.next(in, in.readerIndex())) {
            if (body.lastRunIsData()) {
                if (recorder.isPresent()) {
                    recorder.get().add(in, in.readerIndex(), run);
                }
                to.add(in, run, allocator);
                any = true;
            } else if (body.lastRunIsTrailer()) {
                trailers = in.readSlice(run);
            } else {
                in.skipBytes(run);
            }
        }
        boolean done = body.isDone();
        if (any || done) {
            ByteBuf bytes = to.take(done, allocator);
            send(bytes);
        }
        if (done) {
            endCompression();
            boolean dropped = stream.frontend().policy().http().dropTrailers();
            if (output.takesChunks()) {
                ByteBuf end = allocator.directBuffer(5 + trailers.readableBytes());
                end.writeByte('0').writeByte('\r').writeByte('\n');
                send(trailers.isReadable() && !dropped ? end.writeBytes(trailers) : end.writeByte('\r').writeByte('\n'));
            } else if (trailers.isReadable() && !dropped) {
                output.trailers(trailers, trailers.readableBytes());
            }
        }
    }

    /** Takes the buffer over. */
    private void send(ByteBuf bytes) {
        if (bytes.isReadable()) {
            output.body(bytes, bytes.readableBytes());
        }
        bytes.release();
    }

    private void forwardDataOnly(ByteBuf in, BodyReader body) {
        for (int run = body.next(in, in.readerIndex()); run > 0; run = body.next(in, in.readerIndex())) {
            if (body.lastRunIsData()) {
                if (recorder.isPresent()) {
                    recorder.get().add(in, in.readerIndex(), run);
                }
                output.body(in, run);
            } else if (body.lastRunIsTrailer() && !stream.frontend().policy().http().dropTrailers()) {
                output.trailers(in, run);
            } else {
                in.skipBytes(run);
            }
        }
    }

    /** The server's message is no valid response: the client gets a 502 instead. */
    private void refuse(Defect defect) {
        HeadParser parser = connection.orElseThrow().responseParser();
        Refusal.ofHead(stream, stream.response(), defect, true, defect == parser.defect() ? parser.defectPosition() : -1);
        stream.server().state().counters().responseErrors.increment();
        stream.server().state().traffic().saw(TrafficWatch.Seen.INVALID_ANSWER);
        if (state == State.HEAD && RetryPolicy.repeatsOn(Event.JUNK_RESPONSE, stream)) {
            RetryPolicy.repeat(stream);
            return;
        }
        stream.countTracked(StickDataType.HTTP_FAIL_CNT, StickDataType.HTTP_FAIL_RATE, 1);
        stream.response().reset();
        state = State.DETACHED;
        LocalAnswer.error(stream, 502, Termination.Cause.DENIED, Termination.Stage.HEADERS);
    }

    @Override
    public void serverWritabilityChanged() {
        stream.up().ifPresent(Relay::sinkWritabilityChanged);
        stream.waitForServer();
        stream.client().serverWritable();
    }

    /** The client takes bytes again. */
    void clientWritable() {
        boolean was = output.isBlocked();
        output.writabilityChanged();
        if (was && !output.isBlocked()) {
            stream.waitForServer();
        }
    }

    @Override
    public void serverInputClosed() {
        if (throttled) {
            serverEnded = true;
            return;
        }
        if (state == State.RULES) {
            endWait();
        }
        switch (state) {
            case HEAD -> Ending.noAnswer(stream);
            case BODY -> {
                if (connection.orElseThrow().responseBody().endsWithConnection()
                        && !connection.orElseThrow().hasFailed()) {
                    state = State.DONE;
                    finishRecording();
                    serverKeepsAlive = false;
                    output.end();
                    Ending.responseDone(stream);
                } else {
                    serverLeft();
                }
            }
            case TUNNEL -> stream.client().tunnelInputClosed();
            case DONE -> {
                serverKeepsAlive = false;
                Ending.serverGoneBehindResponse(stream);
            }
            case RULES, DETACHED -> { }
        }
    }

    @Override
    public void serverClosed() {
        if (throttled) {
            serverGone = true;
            return;
        }
        if (state == State.RULES) {
            endWait();
        }
        switch (state) {
            case HEAD -> Ending.noAnswer(stream);
            case BODY -> serverLeft();
            case TUNNEL -> Ending.tunnelClosed(stream);
            case DONE -> {
                serverKeepsAlive = false;
                Ending.serverGoneBehindResponse(stream);
            }
            case RULES, DETACHED -> { }
        }
    }

    /** The response stops before its end. */
    private void serverLeft() {
        stream.termination().set(Termination.Cause.SERVER_ABORT, Termination.Stage.DATA);
        stream.server().state().counters().serverAborts.increment();
        Ending.cut(stream);
    }

    /** {@code timeout server} has passed. */
    void timeout() {
        switch (state) {
            case HEAD -> {
                stream.server().state().traffic().saw(TrafficWatch.Seen.TIMEOUT);
                if (RetryPolicy.repeatsOn(Event.RESPONSE_TIMEOUT, stream)) {
                    RetryPolicy.repeat(stream);
                    return;
                }
                stream.server().state().counters().responseErrors.increment();
                LocalAnswer.error(stream, 504, Termination.Cause.SERVER_TIMEOUT, Termination.Stage.HEADERS);
            }
            case BODY, TUNNEL -> {
                stream.termination().set(Termination.Cause.SERVER_TIMEOUT, Termination.Stage.DATA);
                Ending.cut(stream);
            }
            case DONE -> {
                if (stream.up().filter(Relay::isBlocked).isPresent()) {
                    // It has answered and takes no more of the request: nobody waits for the rest.
                    Ending.complete(stream, false);
                }
            }
            case RULES, DETACHED -> { }
        }
    }
}
