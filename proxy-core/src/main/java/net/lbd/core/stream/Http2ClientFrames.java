package net.lbd.core.stream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.AsciiString;
import net.lbd.core.h2.Conduct;
import net.lbd.core.h2.EndedStreams;
import net.lbd.core.h2.FieldDecoder;
import net.lbd.core.h2.FrameListener;
import net.lbd.core.h2.FrameWriter;
import net.lbd.core.h2.H2Limits;
import net.lbd.core.h2.ReceiveWindow;
import net.lbd.core.h2.SendWindow;
import net.lbd.core.http.Defect;
import net.lbd.core.http.Http2RequestReader;
import net.lbd.core.http.Http2TrailerReader;
import net.lbd.core.runtime.Worker;
import net.lbd.core.session.Session;

/**
 * What the frames of a client mean: each is judged by the state of the connection and of its stream, and an error has one of three
 * consequences: nothing, the stream's end, the connection's end. Event-loop confined. Source: RFC 9113 §5, §6, §8.
 */
final class Http2ClientFrames extends FrameListener implements FieldDecoder.Sink {

    private enum Block { REQUEST, TRAILERS, DISCARD }

    private final Http2ClientConnection connection;
    private final Session session;
    private final H2Limits limits;
    private final Http2Streams streams;
    private final FrameWriter frames;
    private final SendWindow sendWindow;
    private final ReceiveWindow receiveWindow;
    private final Conduct conduct;
    private final Http2RequestReader requestReader;
    private final Http2TrailerReader trailerReader;

    // ---- the header block that is being decoded
    private Block block = Block.DISCARD;
    private Http2Exchange opening;

    Http2ClientFrames(Http2ClientConnection connection, Session session, Http2Streams streams, SendWindow sendWindow, Conduct conduct) {
        this.connection = connection;
        this.session = session;
        this.streams = streams;
        this.frames = connection.frames();
        this.sendWindow = sendWindow;
        this.receiveWindow = new ReceiveWindow(frames);
        this.conduct = conduct;
        Worker.Limits workerLimits = session.worker().limits();
        this.limits = workerLimits.http2Clients();
        this.requestReader = new Http2RequestReader(session.worker().bytePool(), workerLimits.headBytes(), workerLimits.maxHeaders());
        this.trailerReader = new Http2TrailerReader(workerLimits.headBytes());
    }

    /** Grants the connection's window. */
    void begin() {
        receiveWindow.open();
    }

    // ---- header blocks

    @Override
    public void beginFields(int stream) {
        block = Block.DISCARD;
        if (connection.isOver()) {
            return;
        }
        Http2Exchange exchange = streams.find(stream);
        if (exchange != null && !exchange.isRequestEnded()) {
            block = Block.TRAILERS;
            trailerReader.begin();
        } else if (exchange == null && streams.mayOpen(stream)) {
            block = Block.REQUEST;
            opening = connection.unusedExchange();
            requestReader.begin(opening.prepare(stream));
        }
    }

    @Override
    public void field(AsciiString name, AsciiString value) {
        if (block == Block.REQUEST) {
            requestReader.field(name.array(), name.arrayOffset(), name.length(), value.array(), value.arrayOffset(), value.length());
        } else if (block == Block.TRAILERS) {
            trailerReader.field(name.array(), name.arrayOffset(), name.length(), value.array(), value.arrayOffset(), value.length());
        }
    }

    @Override
    protected void headers(int stream, boolean end) {
        if (connection.isOver()) {
            return;
        }
        switch (block) {
            case REQUEST -> request(stream, end);
            case TRAILERS -> trailers(streams.find(stream), end);
            case DISCARD -> unusableHeaders(stream);
        }
    }

    private void request(int stream, boolean end) {
        Http2Exchange exchange = opening;
        connection.open(stream, exchange);
        if (requestReader.end(end)) {
            exchange.begin(end, requestReader.asksForWebSocket());
        } else if (requestReader.defect() == Defect.HEAD_TOO_LARGE || requestReader.defect() == Defect.TOO_MANY_HEADERS) {
            exchange.answerDefect(requestReader.defect());
        } else {
            exchange.refuse(requestReader.defect());
        }
    }

    private void trailers(Http2Exchange exchange, boolean end) {
        if (!end || trailerReader.isBad()) {
            connection.breach();
            connection.resetStream(exchange, Http2Error.PROTOCOL_ERROR.code());
        } else {
            exchange.receiveTrailers(trailerReader.lines());
        }
    }

    /** A header block that begins no stream and ends none: its fields have been decoded, and are forgotten. */
    private void unusableHeaders(int stream) {
        Http2Exchange exchange = streams.find(stream);
        if (exchange != null) {
            connection.breach();
            connection.resetStream(exchange, Http2Error.STREAM_CLOSED.code());
        } else if (stream % 2 == 0) {
            connection.connectionError(Http2Error.PROTOCOL_ERROR, "a client's stream has an odd number");
        } else if (!streams.isUnused(stream)) {
            unknownStream(stream, "HEADERS");
        } else if (streams.isBeyondService(stream)) {
            // Behind our GOAWAY: the client knows that it is not served, and asks elsewhere.
            conduct.spend(1);
        } else {
            connection.glitch();
            conduct.spend(Conduct.REFUSED_STREAM);
            frames.reset(stream, Http2Error.REFUSED_STREAM.code());
            streams.refuse(stream);
            connection.judgeConduct();
        }
    }

    // ---- frames of a stream

    @Override
    protected void data(int stream, ByteBuf data, int padding, boolean end) {
        if (connection.isOver()) {
            return;
        }
        int flow = data.readableBytes() + padding;
        if (!receiveWindow.take(flow)) {
            connection.connectionError(Http2Error.FLOW_CONTROL_ERROR, "more DATA than the connection's window");
            return;
        }
        if (!data.isReadable() && !end) {
            conduct.spend(Conduct.EMPTY_DATA);
        }
        Http2Exchange exchange = streams.find(stream);
        if (exchange != null) {
            exchange.receive(data, flow, end);
        } else {
            unknownStream(stream, "DATA");
        }
    }

    @Override
    protected void reset(int stream, long code) {
        if (connection.isOver()) {
            return;
        }
        Http2Exchange exchange = streams.find(stream);
        if (exchange != null) {
            if (exchange.isUnanswered()) {
                conduct.spend(Conduct.RESET);
            }
            exchange.abandon();
            connection.streamOver(exchange, true);
            connection.judgeConduct();
        } else if (streams.isUnused(stream)) {
            connection.connectionError(Http2Error.PROTOCOL_ERROR, "RST_STREAM for an idle stream");
        } else {
            conduct.spend(1);
        }
    }

    /** A frame for a stream that is not there. */
    private void unknownStream(int stream, String frame) {
        if (streams.isUnused(stream) && !streams.isBeyondService(stream) || stream % 2 == 0) {
            connection.connectionError(Http2Error.PROTOCOL_ERROR, frame + " for an idle stream");
            return;
        }
        EndedStreams.End end = streams.endOf(stream);
        if (end == EndedStreams.End.RESET_BY_US) {
            // It was on its way when we reset the stream.
            conduct.spend(1);
            return;
        }
        if (end == EndedStreams.End.IN_ORDER) {
            connection.connectionError(Http2Error.STREAM_CLOSED, frame + " for a stream that has ended");
            return;
        }
        if (streams.isBeyondService(stream)) {
            conduct.spend(1);
        } else if (frame.equals("HEADERS")) {
            connection.connectionError(Http2Error.PROTOCOL_ERROR, "a stream with a number below the last");
        } else {
            // Too long ago to be known: one of many that were reset, or a client that forgets.
            connection.breach();
            frames.reset(stream, Http2Error.STREAM_CLOSED.code());
        }
    }

    @Override
    protected void windowUpdate(int stream, int bytes) {
        if (connection.isOver()) {
            return;
        }
        conduct.spend(Conduct.WINDOW_UPDATE);
        if (stream == 0) {
            if (sendWindow.grant(bytes)) {
                sendWindow.share();
            } else {
                connection.connectionError(Http2Error.FLOW_CONTROL_ERROR, "the connection's window is above 2^31-1");
            }
            return;
        }
        Http2Exchange exchange = streams.find(stream);
        if (exchange == null) {
            if (streams.isUnused(stream)) {
                connection.connectionError(Http2Error.PROTOCOL_ERROR, "WINDOW_UPDATE for an idle stream");
            }
        } else if (exchange.sending().grant(bytes)) {
            exchange.sending().resume();
        } else {
            connection.breach();
            connection.resetStream(exchange, Http2Error.FLOW_CONTROL_ERROR.code());
        }
    }

    // ---- frames of the connection

    @Override
    protected void settings(Http2Settings settings) {
        if (!connection.isOver()) {
            conduct.spend(Conduct.SETTINGS);
            apply(settings);
            connection.judgeConduct();
        }
    }

    private void apply(Http2Settings settings) {
        Integer window = settings.initialWindowSize();
        if (window != null) {
            long change = sendWindow.setInitialOfStreams(window);
            if (change < 0 && streams.last() > 0) {
                // Legal, and of no use to anybody but those who want to see us stumble.
                connection.glitch();
            }
            for (Http2Exchange exchange : streams.all()) {
                if (!exchange.sending().grant(change)) {
                    connection.connectionError(Http2Error.FLOW_CONTROL_ERROR, "a stream's window is above 2^31-1");
                    return;
                }
            }
        }
        Integer frame = settings.maxFrameSize();
        if (frame != null) {
            frames.setPeerFrameSize(frame);
        }
        Long table = settings.headerTableSize();
        if (table != null) {
            try {
                frames.fields().tableSize(table);
            } catch (Http2Exception e) {
                connection.connectionError(e.error(), e.getMessage());
                return;
            }
        }
        frames.settingsAck();
        if (window != null) {
            for (Http2Exchange exchange : streams.all()) {
                exchange.sending().resume();
            }
        }
    }

    @Override
    protected void settingsAck() {
        conduct.spend(Conduct.PING);
        connection.settingsTaken();
    }

    @Override
    protected void ping(long data) {
        if (!connection.isOver()) {
            conduct.spend(Conduct.PING);
            frames.ping(true, data);
            connection.judgeConduct();
        }
    }

    @Override
    protected void pingAck(long data) {
        if (connection.isOver() || !connection.drainAnswered(data)) {
            conduct.spend(Conduct.PING);
        }
    }

    @Override
    protected void priority(int stream) {
        conduct.spend(Conduct.PRIORITY);
    }

    @Override
    protected void goAway(int lastPushed) {
        if (!connection.isOver()) {
            connection.clientSaysGoodbye();
        }
    }

    @Override
    protected void pushPromise() {
        if (!connection.isOver()) {
            connection.connectionError(Http2Error.PROTOCOL_ERROR, "PUSH_PROMISE from a client");
        }
    }

    @Override
    protected void unknownFrame() {
        conduct.spend(Conduct.UNKNOWN_FRAME);
    }
}
