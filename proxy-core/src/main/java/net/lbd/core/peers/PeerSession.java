package net.lbd.core.peers;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import net.lbd.core.stick.StickTable;
import net.lbd.core.stick.TableDefinition;
import net.lbd.core.stick.TableWire;
import net.lbd.core.stick.Varint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection between two peers: the handshake, then messages both ways. Event-loop confined. Source: HAProxy,
 * doc/peers.txt and doc/peers-v2.0.txt.
 *
 * <table><caption>States</caption>
 * <tr><td>AWAITS_HELLO</td><td>the other side connected and has not said who it is</td></tr>
 * <tr><td>AWAITS_STATUS</td><td>this side connected and said who it is</td></tr>
 * <tr><td>RUNNING</td><td>messages</td></tr>
 * <tr><td>OVER</td><td>closed, or closing</td></tr>
 * </table>
 */
final class PeerSession extends ByteToMessageDecoder {

    private static final Logger LOG = LoggerFactory.getLogger(PeerSession.class);

    private enum State { AWAITS_HELLO, AWAITS_STATUS, RUNNING, OVER }

    private static final int CONTROL = 0;
    private static final int ERROR = 1;
    private static final int RESYNC_REQUEST = 0;
    private static final int RESYNC_FINISHED = 1;
    private static final int RESYNC_PARTIAL = 2;
    private static final int RESYNC_CONFIRM = 3;
    private static final int HEARTBEAT = 4;
    private static final int PROTOCOL_ERROR = 0;
    private static final int SIZE_ERROR = 1;

    private static final long SILENCE_MILLIS = 5000;
    private static final long HEARTBEAT_MILLIS = 3000;
    private static final long LOOK_MILLIS = 500;
    private static final int LONGEST_MESSAGE = 1 << 16;
    private static final int ENOUGH_BYTES = 1 << 15;
    private static final int PIECES_OF_ONE_TURN = 16;

    /** A table as the other side names it. */
    private static final class RemoteTable {
        private final TableDefinition definition;
        private final Optional<TableWire> wire;
        private final Optional<TableWire> second;
        private int lastUpdate;
        private boolean unacked;

        RemoteTable(TableDefinition definition, Optional<TableWire> wire, Optional<TableWire> second) {
            this.definition = definition;
            this.wire = wire;
            this.second = second;
        }
    }

    private final PeersSection section;
    private final boolean incoming;
    private Optional<RemotePeer> peer;
    private State state;
    private Channel channel;
    private String refusal = "CONN";
    private final TableWire.Dictionary dictionary = new TableWire.Dictionary();
    private final List<TableFeed> feeds = new ArrayList<>();
    private final Map<Long, RemoteTable> remoteTables = new HashMap<>();
    private Optional<RemoteTable> current = Optional.empty();
    private Optional<TableFeed> defined = Optional.empty();
    private boolean teaching;
    private boolean pumping;
    private long lastSent;
    private long lastReceived;
    private int heartbeatsSent;
    private int heartbeatsReceived;
    private Optional<ScheduledFuture<?>> watch = Optional.empty();

    private PeerSession(PeersSection section, boolean incoming, Optional<RemotePeer> peer) {
        this.section = section;
        this.incoming = incoming;
        this.peer = peer;
        this.state = incoming ? State.AWAITS_HELLO : State.AWAITS_STATUS;
    }

    static PeerSession incoming(PeersSection section) {
        return new PeerSession(section, true, Optional.empty());
    }

    static PeerSession outgoing(PeersSection section, RemotePeer peer) {
        return new PeerSession(section, false, Optional.of(peer));
    }

    Channel channel() {
        return channel;
    }

    /** Why the handshake failed, as {@code show peers} says it. */
    String refusal() {
        return refusal;
    }

    int heartbeatsSent() {
        return heartbeatsSent;
    }

    /** The number that the other side has given a table, and the last change of it that came; zeros: it has told of none. */
    long[] learned(String table) {
        for (Map.Entry<Long, RemoteTable> remote : remoteTables.entrySet()) {
            if (remote.getValue().definition.name().equals(table)) {
                return new long[] {remote.getKey(), remote.getValue().lastUpdate & 0xffffffffL};
            }
        }
        return new long[] {0, 0};
    }

    /** The names of servers that have gone and come. */
    void describeDictionary(StringBuilder out, String indent) {
        dictionary.describe(out, indent);
    }

    int heartbeatsReceived() {
        return heartbeatsReceived;
    }

    // ---- begin and end

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
        long now = System.nanoTime();
        lastSent = now;
        lastReceived = now;
        watch = Optional.of(channel.eventLoop().scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS));
    }

    /** The connection is there, TLS included: who connected speaks first. */
    void ready() {
        if (!incoming && state == State.AWAITS_STATUS) {
            String text = new Hello(peer.orElseThrow().plan().name(), section.localName()).text(section.service().pid());
            send(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (!section.service().isTls(channel)) {
            ready();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent done) {
            if (done.isSuccess()) {
                ready();
            } else {
                section.complain("TLS with " + channel.remoteAddress() + " failed: " + done.cause());
                refusal = "SSLH";
                close();
            }
        }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        watch.ifPresent(w -> w.cancel(false));
        state = State.OVER;
        peer.ifPresent(p -> p.lost(this, channel));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Throwable reason = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        if (state == State.RUNNING && (reason instanceof IndexOutOfBoundsException || reason instanceof IllegalArgumentException)) {
            peer.ifPresent(p -> p.protocolError(String.valueOf(reason.getMessage())));
            fail(PROTOCOL_ERROR);
        } else {
            LOG.debug("peers '{}': the connection with {} failed", section.name(), channel.remoteAddress(), cause);
            close();
        }
    }

    void close() {
        state = State.OVER;
        channel.close();
    }

    private void fail(int error) {
        ByteBuf out = channel.alloc().buffer(2).writeByte(ERROR).writeByte(error);
        state = State.OVER;
        channel.writeAndFlush(out).addListener(ChannelFutureListener.CLOSE);
    }

    /** Whether the other side is still there, and whether it could doubt that this one is. */
    private void look() {
        long now = System.nanoTime();
        if (TimeUnit.NANOSECONDS.toMillis(now - lastReceived) >= SILENCE_MILLIS) {
            section.complain("nothing comes from " + channel.remoteAddress() + ": it is given up");
            close();
        } else if (state == State.RUNNING && TimeUnit.NANOSECONDS.toMillis(now - lastSent) >= HEARTBEAT_MILLIS) {
            heartbeatsSent++;
            control(HEARTBEAT);
        }
    }

    private void send(ByteBuf bytes) {
        lastSent = System.nanoTime();
        channel.writeAndFlush(bytes);
    }

    private void control(int type) {
        send(channel.alloc().buffer(2).writeByte(CONTROL).writeByte(type));
    }

    // ---- what comes

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        lastReceived = System.nanoTime();
        switch (state) {
            case AWAITS_HELLO -> Hello.read(in).ifPresent(this::greet);
            case AWAITS_STATUS -> Hello.line(in).ifPresent(this::status);
            case RUNNING -> message(in);
            case OVER -> in.skipBytes(in.readableBytes());
        }
    }

    private void greet(Hello.Read read) {
        int status = read.status();
        Optional<RemotePeer> sender = Optional.empty();
        if (read.hello().isPresent()) {
            Hello hello = read.hello().get();
            sender = section.remote(hello.sender());
            status = !hello.target().equals(section.localName()) ? Hello.WRONG_TARGET
                    : sender.isEmpty() ? Hello.UNKNOWN_SENDER : Hello.OK;
        }
        ByteBuf answer = Unpooled.copiedBuffer(status + "\n", StandardCharsets.ISO_8859_1);
        if (status != Hello.OK) {
            section.complain(channel.remoteAddress() + " is refused with status " + status);
            state = State.OVER;
            channel.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        send(answer);
        peer = sender;
        run();
    }

    private void status(String line) {
        if (line.equals("200")) {
            run();
            return;
        }
        refusal = switch (line) {
            case "300" -> "RETR";
            case "501" -> "PROTO";
            case "502" -> "VERS";
            case "503", "504" -> "NAME";
            default -> "ERR";
        };
        if (!line.equals("300")) {
            LOG.warn("peers '{}': '{}' refuses the connection with status {}", section.name(), peer.orElseThrow().plan().name(), line);
        }
        close();
    }

    private void run() {
        state = State.RUNNING;
        int id = 0;
        for (StickTable table : section.tables()) {
            feeds.add(new TableFeed(dictionary.of(table), ++id, peer.orElseThrow()));
        }
        peer.orElseThrow().established(this);
        pump();
    }

    private void message(ByteBuf in) {
        int start = in.readerIndex();
        if (in.readableBytes() < 2) {
            return;
        }
        int messageClass = in.readUnsignedByte();
        int type = in.readUnsignedByte();
        if (type < 128) {
            plain(messageClass, type);
            return;
        }
        if (!Varint.isWhole(in)) {
            in.readerIndex(start);
            return;
        }
        long length = Varint.read(in);
        if (length < 0 || length > LONGEST_MESSAGE) {
            peer.ifPresent(p -> p.protocolError("a message of " + length + " bytes"));
            fail(SIZE_ERROR);
            return;
        }
        if (in.readableBytes() < length) {
            in.readerIndex(start);
            return;
        }
        ByteBuf body = in.readSlice((int) length);
        if (messageClass == TableFeed.UPDATE_CLASS) {
            table(type, body);
        }
        // Other classes may come with later versions: what is not known is left out.
    }

    private void plain(int messageClass, int type) {
        if (messageClass == ERROR) {
            peer.ifPresent(p -> p.protocolError("it does not understand what is sent (error " + type + ")"));
            close();
        } else if (messageClass != CONTROL) {
            peer.ifPresent(p -> p.protocolError("a message of class " + messageClass));
            fail(PROTOCOL_ERROR);
        } else {
            switch (type) {
                case RESYNC_REQUEST -> {
                    teaching = true;
                    feeds.forEach(TableFeed::teach);
                    pump();
                }
                case RESYNC_FINISHED, RESYNC_PARTIAL -> {
                    acknowledge();
                    control(RESYNC_CONFIRM);
                    section.resynced(peer.orElseThrow(), type == RESYNC_FINISHED);
                }
                case HEARTBEAT -> heartbeatsReceived++;
                // The confirmation of what was taught asks for nothing.
                default -> { }
            }
        }
    }

    private void table(int type, ByteBuf body) {
        switch (type) {
            case TableFeed.DEFINITION -> define(TableWire.readDefinition(body));
            case TableFeed.SWITCH -> current = Optional.ofNullable(remoteTables.get(Varint.read(body)));
            case TableFeed.ACK -> {
                long id = Varint.read(body);
                int update = body.readInt();
                feeds.stream().filter(f -> f.id() == id).findFirst()
                        .ifPresent(f -> peer.orElseThrow().acked(f.wire().table(), update));
            }
            case TableFeed.UPDATE, TableFeed.UPDATE + 1, TableFeed.UPDATE + TableFeed.TIMED, TableFeed.UPDATE + TableFeed.TIMED + 1 ->
                    update(type, body);
            // Later versions may know more.
            default -> { }
        }
    }

    private void define(TableDefinition definition) {
        RemoteTable known = remoteTables.get(definition.id());
        if (known != null && known.definition.equals(definition)) {
            current = Optional.of(known);
            return;
        }
        int index = section.indexOf(definition.name());
        Optional<TableWire> wire = index < 0 ? Optional.empty()
                : Optional.of(dictionary.of(section.tables().get(index))).filter(w -> w.takes(definition));
        if (index >= 0 && wire.isEmpty()) {
            LOG.warn("peers '{}': table '{}' of '{}' has other keys than the one here; it is not learned", section.name(),
                    definition.name(), peer.orElseThrow().plan().name());
        }
        Optional<TableWire> second = index < 0 ? Optional.empty()
                : section.writeTo(index).map(dictionary::of).filter(w -> w.takes(definition));
        RemoteTable table = new RemoteTable(definition, wire, second);
        remoteTables.put(definition.id(), table);
        current = Optional.of(table);
    }

    private void update(int type, ByteBuf body) {
        if (current.isEmpty()) {
            throw new IllegalArgumentException("an entry before the definition of its table");
        }
        RemoteTable table = current.get();
        boolean incremental = type == TableFeed.UPDATE + 1 || type == TableFeed.UPDATE + TableFeed.TIMED + 1;
        boolean timed = type >= TableFeed.UPDATE + TableFeed.TIMED;
        table.lastUpdate = incremental ? table.lastUpdate + 1 : body.readInt();
        table.unacked = true;
        long expires = timed ? body.readUnsignedInt() : -1;
        table.second.ifPresent(wire -> wire.learn(body.duplicate(), table.definition, expires));
        table.wire.ifPresent(wire -> wire.learn(body, table.definition, expires));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        super.channelReadComplete(context);
        acknowledge();
    }

    private void acknowledge() {
        if (state != State.RUNNING) {
            return;
        }
        for (RemoteTable table : remoteTables.values()) {
            if (table.unacked) {
                table.unacked = false;
                ByteBuf body = channel.alloc().buffer(16);
                Varint.write(body, table.definition.id());
                body.writeInt(table.lastUpdate);
                ByteBuf out = channel.alloc().buffer(24);
                TableFeed.message(out, TableFeed.ACK, body);
                body.release();
                send(out);
            }
        }
    }

    // ---- what goes

    /** Asks for everything that the peer knows. */
    void requestResync() {
        control(RESYNC_REQUEST);
    }

    /** Sends what is to be sent, as long as the other side takes it. */
    void pump() {
        if (pumping || state != State.RUNNING) {
            return;
        }
        pumping = true;
        ByteBuf scratch = channel.alloc().buffer(256);
        try {
            boolean more = true;
            for (int pieces = 0; more && channel.isWritable() && state == State.RUNNING; pieces++) {
                if (pieces == PIECES_OF_ONE_TURN) {
                    // A large table takes long: what comes, and the other peers, have their turns in between.
                    channel.eventLoop().execute(this::pump);
                    break;
                }
                ByteBuf out = channel.alloc().buffer(4096);
                more = fill(out, scratch);
                if (teaching && feeds.stream().allMatch(TableFeed::isTaught)) {
                    teaching = false;
                    out.writeByte(CONTROL).writeByte(section.isUpToDate() ? RESYNC_FINISHED : RESYNC_PARTIAL);
                }
                if (out.isReadable()) {
                    send(out);
                } else {
                    out.release();
                }
            }
        } finally {
            scratch.release();
            pumping = false;
        }
    }

    /** One piece of what is to be sent; whether there may be more. */
    private boolean fill(ByteBuf out, ByteBuf scratch) {
        boolean any = false;
        for (TableFeed feed : feeds) {
            while (out.readableBytes() < ENOUGH_BYTES && feed.hasMore()) {
                if (defined.filter(d -> d == feed).isEmpty()) {
                    feed.writeDefinition(out, scratch);
                    defined = Optional.of(feed);
                }
                feed.write(out, scratch, ENOUGH_BYTES);
                any = true;
            }
        }
        return any;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        pump();
    }
}
