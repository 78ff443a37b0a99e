package net.lbd.core.listen;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.Arrays;
import java.util.Objects;

/**
 * Stands before everything else, TLS included, in a connection that must begin with a PROXY header, or with that of a NetScaler. It takes the header
 * off, tells it, passes on what came behind it, and leaves. What it holds is bounded by the longest header and one
 * read. Event-loop confined.
 */
final class ProxyHeaderHandler extends ChannelInboundHandlerAdapter {

    /** Told once how it ended. */
    interface Outcome {
        /** The header is read; what follows it comes after this. */
        void proxyHeader(ProxyHeaderParser.Header header);

        /** There will be no header. */
        void noProxyHeader(HandshakeEnd reason);
    }

    private final ClientHeader form;
    private final Outcome outcome;
    private byte[] bytes = new byte[256];
    private int length;
    private boolean over;

    ProxyHeaderHandler(ClientHeader form, Outcome outcome) {
        this.form = Objects.requireNonNull(form, "form");
        this.outcome = Objects.requireNonNull(outcome, "outcome");
    }

    /** Whether it waits for a header of this form. */
    boolean isOf(ClientHeader other) {
        return form == other;
    }

    /** What it is that the connection has waited too long. */
    HandshakeEnd timedOut() {
        return length == 0 ? form.timeout() : form.truncated();
    }

    private HandshakeEnd closed() {
        return length == 0 ? form.closed() : form.truncated();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (over || !(message instanceof ByteBuf buffer)) {
            ReferenceCountUtil.release(message);
            return;
        }
        add(buffer);
        ProxyHeaderParser.Result result = form.read(bytes, length);
        if (result instanceof ProxyHeaderParser.Bad bad) {
            fail(bad.reason());
        } else if (result instanceof ProxyHeaderParser.Header header) {
            over = true;
            outcome.proxyHeader(header);
            int behind = length - header.length();
            if (behind > 0 && !ctx.isRemoved()) {
                ctx.fireChannelRead(ctx.alloc().buffer(behind).writeBytes(bytes, header.length(), behind));
            }
            if (!ctx.isRemoved()) {
                ctx.pipeline().remove(this);
            }
        }
    }

    private void add(ByteBuf buffer) {
        int more = buffer.readableBytes();
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
        }
        buffer.readBytes(bytes, length, more);
        length += more;
        buffer.release();
    }

    private void fail(HandshakeEnd reason) {
        if (!over) {
            over = true;
            outcome.noProxyHeader(reason);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            fail(closed());
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(closed());
        ctx.fireChannelInactive();
    }
}
