package net.lbd.core.connect;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import net.lbd.config.model.StartTls;

/**
 * Asks a mail server for TLS in its protocol, and gives way to TLS. The server's greeting, which was said in the clear and
 * will not be said again, is kept for the client. A server that has no TLS, or says more than it was asked for before TLS
 * has begun, is refused: what somebody on the way put in must not count as the server's. Event-loop confined.
 */
final class StartTlsClient extends ChannelInboundHandlerAdapter {

    private static final int MAX_REPLY = 16 * 1024;

    /** What the server is expected to say next. */
    private enum Step { GREETING, CAPABILITIES, AGREEMENT, DONE }

    private final StartTls protocol;
    private final Supplier<SslHandler> tls;
    private final Promise<ByteBuf> greeted;
    private final StringBuilder reply = new StringBuilder();
    private String greeting = "";
    private Step step = Step.GREETING;

    /** @param greeted gets the greeting when TLS is there, or what was wrong */
    StartTlsClient(StartTls protocol, Supplier<SslHandler> tls, Promise<ByteBuf> greeted) {
        this.protocol = Objects.requireNonNull(protocol, "protocol");
        this.tls = Objects.requireNonNull(tls, "tls");
        this.greeted = Objects.requireNonNull(greeted, "greeted");
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (step == Step.DONE || !(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        reply.append(bytes.toString(StandardCharsets.ISO_8859_1));
        bytes.release();
        if (reply.length() > MAX_REPLY) {
            refuse(ctx, "it says too much before TLS");
            return;
        }
        int end = endOfReply();
        if (end < 0) {
            return;
        }
        String complete = reply.substring(0, end);
        reply.delete(0, end);
        if (reply.length() > 0) {
            refuse(ctx, "it says more than it was asked for before TLS");
            return;
        }
        next(ctx, complete);
    }

    private void next(ChannelHandlerContext ctx, String complete) {
        switch (step) {
            case GREETING -> {
                if (!isWell(complete)) {
                    refuse(ctx, "it answers " + firstLine(complete));
                    return;
                }
                greeting = complete;
                step = Step.CAPABILITIES;
                say(ctx, switch (protocol) {
                    case SMTP -> "EHLO " + literal(ctx) + "\r\n";
                    case IMAP -> "lbd1 CAPABILITY\r\n";
                    case POP3 -> "CAPA\r\n";
                });
            }
            case CAPABILITIES -> {
                String command = protocol == StartTls.POP3 ? "STLS" : "STARTTLS";
                if (!(" " + complete.replaceAll("[\r\n-]", " ") + " ").toUpperCase(Locale.ROOT).contains(" " + command + " ")) {
                    refuse(ctx, "it does not offer " + command);
                    return;
                }
                step = Step.AGREEMENT;
                say(ctx, protocol == StartTls.IMAP ? "lbd2 STARTTLS\r\n" : command + "\r\n");
            }
            case AGREEMENT -> {
                if (!isWell(complete)) {
                    refuse(ctx, "it answers " + firstLine(complete));
                    return;
                }
                begin(ctx);
            }
            case DONE -> { }
        }
    }

    private void begin(ChannelHandlerContext ctx) {
        step = Step.DONE;
        // The client has not been asked to hear of it again: IMAP servers tell their capabilities in the greeting.
        String passedOn = protocol == StartTls.IMAP
                ? greeting.replaceAll("(?i) (STARTTLS|LOGINDISABLED)(?=[ \\]])", "") : greeting;
        SslHandler handler = tls.get();
        handler.handshakeFuture().addListener(done -> {
            if (done.isSuccess()) {
                greeted.trySuccess(Unpooled.copiedBuffer(passedOn, StandardCharsets.ISO_8859_1));
            } else {
                greeted.tryFailure(done.cause());
            }
        });
        ctx.pipeline().replace(this, null, handler);
    }

    /** Where the reply that is awaited ends; -1 if it is not whole. */
    private int endOfReply() {
        int from = 0;
        while (true) {
            int end = reply.indexOf("\n", from);
            if (end < 0) {
                return -1;
            }
            String line = reply.substring(from, end).stripTrailing();
            if (isLast(line)) {
                return end + 1;
            }
            from = end + 1;
        }
    }

    private boolean isLast(String line) {
        return switch (protocol) {
            case SMTP -> line.length() < 4 || line.charAt(3) != '-';
            case IMAP -> step == Step.GREETING || !line.startsWith("* ");
            case POP3 -> step != Step.CAPABILITIES || line.equals(".") || line.startsWith("-ERR");
        };
    }

    private boolean isWell(String complete) {
        return switch (protocol) {
            case SMTP -> complete.startsWith("220");
            case IMAP -> step == Step.GREETING ? complete.startsWith("* OK") : complete.contains("lbd2 OK");
            case POP3 -> complete.startsWith("+OK");
        };
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("").strip();
    }

    /** RFC 5321 §4.1.3: a client without a name of its own tells its address. */
    private static String literal(ChannelHandlerContext ctx) {
        if (ctx.channel().localAddress() instanceof InetSocketAddress inet) {
            String address = inet.getAddress().getHostAddress().replaceAll("%.*", "");
            return address.contains(":") ? "[IPv6:" + address + "]" : "[" + address + "]";
        }
        return "[127.0.0.1]";
    }

    private static void say(ChannelHandlerContext ctx, String text) {
        ctx.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    private void refuse(ChannelHandlerContext ctx, String why) {
        step = Step.DONE;
        greeted.tryFailure(new IOException("no TLS with the " + protocol.keyword() + " server: " + why));
        ctx.close();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            refuse(ctx, "it closed before TLS");
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        greeted.tryFailure(new IOException("no TLS with the " + protocol.keyword() + " server: it closed before TLS"));
        ctx.fireChannelInactive();
    }
}
