package net.lbd.core.listen;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import net.lbd.config.model.StartTls;

/**
 * Stands behind the TLS that a mail client has begun by a command, and takes out of the server's words what the client has
 * heard already or must not hear any more: the greeting, which the proxy gave before TLS, and the offer of
 * STARTTLS. A greeting that turns the client away is passed on. Event-loop confined.
 *
 * <p>Only lines of the protocol are looked at, never mail: in IMAP and POP3 it ends with the client's login, before which a
 * server sends no mail; an SMTP server sends none at all.
 */
final class StartTlsFilter extends ChannelDuplexHandler {

    private static final int MAX_LINE = 8192;

    private final StartTls protocol;
    private final StringBuilder line = new StringBuilder();
    private final StringBuilder clientLine = new StringBuilder();
    /** A line of an SMTP reply that more follows, until it is known what follows. */
    private String held = "";
    private boolean greeting = true;
    private boolean ended;

    StartTlsFilter(StartTls protocol) {
        this.protocol = Objects.requireNonNull(protocol, "protocol");
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (ended && line.length() == 0 && held.isEmpty() || !(message instanceof ByteBuf bytes) || !bytes.isReadable()) {
            ctx.write(message, promise);
            return;
        }
        StringBuilder out = new StringBuilder(bytes.readableBytes());
        while (bytes.isReadable()) {
            char c = (char) bytes.readUnsignedByte();
            line.append(c);
            if (c == '\n' || line.length() > MAX_LINE) {
                String complete = line.toString();
                line.setLength(0);
                pass(complete, out);
            }
        }
        bytes.release();
        if (ended) {
            out.append(held).append(line);
            held = "";
            line.setLength(0);
        }
        ByteBuf rest = out.length() == 0 ? Unpooled.EMPTY_BUFFER : Unpooled.copiedBuffer(out, StandardCharsets.ISO_8859_1);
        ctx.write(rest, promise);
    }

    private void pass(String text, StringBuilder out) {
        if (ended) {
            out.append(held).append(text);
            held = "";
        } else if (greeting) {
            greeting(text, out);
        } else {
            switch (protocol) {
                case SMTP -> smtp(text, out);
                case IMAP -> out.append(text.startsWith("* CAPABILITY") || text.contains("[CAPABILITY ")
                        ? text.replaceAll("(?i) STARTTLS(?=[ \\]\r\n])", "") : text);
                case POP3 -> out.append(text.strip().equalsIgnoreCase("STLS") ? "" : text);
            }
        }
    }

    private void greeting(String text, StringBuilder out) {
        boolean welcome = switch (protocol) {
            case SMTP -> text.startsWith("220");
            case IMAP -> text.startsWith("* OK");
            case POP3 -> text.startsWith("+OK");
        };
        if (!welcome) {
            ended = true;
            out.append(text);
        }
        boolean moreFollows = protocol == StartTls.SMTP && text.startsWith("220-");
        greeting = welcome && moreFollows;
    }

    /** If the last line of a reply is left out, the one before it becomes the last. */
    private void smtp(String text, StringBuilder out) {
        boolean offer = text.length() > 4 && text.startsWith("250") && text.substring(4).strip().equalsIgnoreCase("STARTTLS");
        if (text.startsWith("250-")) {
            if (!offer) {
                out.append(held);
                held = text;
            }
            return;
        }
        if (offer && !held.isEmpty()) {
            out.append("250 ").append(held, 4, held.length());
        } else {
            out.append(held).append(text);
        }
        held = "";
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!ended && protocol != StartTls.SMTP && message instanceof ByteBuf bytes) {
            for (int i = bytes.readerIndex(); i < bytes.writerIndex() && !ended; i++) {
                char c = (char) bytes.getUnsignedByte(i);
                if (c == '\n' || clientLine.length() > MAX_LINE) {
                    ended = logsIn(clientLine.toString().toUpperCase(Locale.ROOT));
                    clientLine.setLength(0);
                } else {
                    clientLine.append(c);
                }
            }
        }
        ctx.fireChannelRead(message);
    }

    private boolean logsIn(String command) {
        String[] words = command.strip().split(" ", 3);
        return protocol == StartTls.IMAP
                ? words.length > 1 && (words[1].equals("LOGIN") || words[1].equals("AUTHENTICATE"))
                : words[0].equals("PASS") || words[0].equals("APOP") || words[0].equals("AUTH");
    }
}
