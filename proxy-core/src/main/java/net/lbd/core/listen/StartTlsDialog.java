package net.lbd.core.listen;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import net.lbd.config.model.StartTls;

/**
 * What the proxy says itself to a mail client before TLS: greets, tells that TLS is to be had and nothing else, and gives way
 * to TLS when the client asks for it. No server is involved, so that nothing that was said in the clear can reach
 * one: commands behind the one that begins TLS, in the same packet, are an attempt to get them taken for
 * encrypted ones (CVE-2011-0411 and its kin), and end the connection. Event-loop confined.
 *
 * <p>Source: RFC 3207 (SMTP), RFC 3501 §6.2.1 and RFC 2595 (IMAP, POP3). HAProxy has nothing like it.
 */
final class StartTlsDialog extends ChannelInboundHandlerAdapter {

    /** The longest command with its line end, RFC 5321 §4.5.3.1.4 and more. */
    private static final int MAX_LINE = 2048;
    /** More than any client says before TLS. */
    private static final int MAX_COMMANDS = 20;

    /** The machine's own name, as mail servers tell it. */
    private static final String NAME = name();

    /** Told once. */
    interface Outcome {
        /** The client may begin its handshake; the dialog has told it so and will leave. */
        void startTls(ChannelHandlerContext dialog);

        /** There will be no TLS. */
        void noStartTls(HandshakeEnd reason);
    }

    /** What to say, and whether to go on: after the words TLS begins, or the connection ends. */
    private record Answer(String text, boolean tls, boolean end) {
        static Answer of(String text) {
            return new Answer(text, false, false);
        }
    }

    private final StartTls protocol;
    private final Outcome outcome;
    private final StringBuilder line = new StringBuilder(64);
    private int commands;
    private boolean over;

    StartTlsDialog(StartTls protocol, Outcome outcome) {
        this.protocol = Objects.requireNonNull(protocol, "protocol");
        this.outcome = Objects.requireNonNull(outcome, "outcome");
    }

    private static String name() {
        String name = Objects.requireNonNullElse(System.getenv("HOSTNAME"), "localhost");
        return name.matches("[A-Za-z0-9.-]{1,253}") ? name : "localhost";
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        say(ctx, switch (protocol) {
            case SMTP -> "220 " + NAME + " ESMTP\r\n";
            case IMAP -> "* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] " + NAME + " ready\r\n";
            case POP3 -> "+OK " + NAME + " ready\r\n";
        });
    }

    private static void say(ChannelHandlerContext ctx, String text) {
        ctx.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (over || !(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        try {
            while (!over && bytes.isReadable()) {
                char c = (char) bytes.readUnsignedByte();
                if (c != '\n') {
                    line.append(c);
                    if (line.length() > MAX_LINE) {
                        fail(HandshakeEnd.STARTTLS_BAD);
                    }
                    continue;
                }
                String command = line.toString().stripTrailing();
                line.setLength(0);
                carryOut(ctx, command, bytes.isReadable());
            }
        } finally {
            bytes.release();
        }
    }

    private void carryOut(ChannelHandlerContext ctx, String command, boolean moreBehind) {
        if (++commands > MAX_COMMANDS) {
            fail(HandshakeEnd.STARTTLS_BAD);
            return;
        }
        Answer answer = switch (protocol) {
            case SMTP -> smtp(command);
            case IMAP -> imap(command);
            case POP3 -> pop3(command);
        };
        if (answer.tls && moreBehind) {
            fail(HandshakeEnd.STARTTLS_INJECTION);
            return;
        }
        over = answer.tls || answer.end;
        if (answer.end) {
            ctx.writeAndFlush(Unpooled.copiedBuffer(answer.text, StandardCharsets.US_ASCII)).addListener(ChannelFutureListener.CLOSE);
            outcome.noStartTls(HandshakeEnd.STARTTLS_CLOSED);
            return;
        }
        say(ctx, answer.text);
        if (answer.tls) {
            outcome.startTls(ctx);
        }
    }

    private Answer smtp(String command) {
        String verb = command.split(" ", 2)[0].toUpperCase(Locale.ROOT);
        return switch (verb) {
            case "EHLO" -> Answer.of("250-" + NAME + "\r\n250 STARTTLS\r\n");
            case "HELO" -> Answer.of("250 " + NAME + "\r\n");
            case "NOOP", "RSET" -> Answer.of("250 2.0.0 OK\r\n");
            case "QUIT" -> new Answer("221 2.0.0 Bye\r\n", false, true);
            case "STARTTLS" -> command.length() == verb.length()
                    ? new Answer("220 2.0.0 Ready to start TLS\r\n", true, false)
                    : Answer.of("501 5.5.4 STARTTLS takes no argument\r\n");
            default -> Answer.of("530 5.7.0 Must issue a STARTTLS command first\r\n");
        };
    }

    private static Answer imap(String command) {
        String[] words = command.split(" ", 3);
        String tag = words[0];
        if (words.length < 2 || !tag.matches("[\\x21-\\x7e&&[^*+%(){\"\\\\]]{1,64}")) {
            return Answer.of("* BAD a command is: tag command\r\n");
        }
        return switch (words[1].toUpperCase(Locale.ROOT)) {
            case "CAPABILITY" -> Answer.of("* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\n" + tag + " OK CAPABILITY completed\r\n");
            case "NOOP" -> Answer.of(tag + " OK NOOP completed\r\n");
            case "ID" -> Answer.of("* ID NIL\r\n" + tag + " OK ID completed\r\n");
            case "LOGOUT" -> new Answer("* BYE logging out\r\n" + tag + " OK LOGOUT completed\r\n", false, true);
            case "STARTTLS" -> words.length == 2
                    ? new Answer(tag + " OK Begin TLS negotiation now\r\n", true, false)
                    : Answer.of(tag + " BAD STARTTLS takes no argument\r\n");
            default -> Answer.of(tag + " NO [PRIVACYREQUIRED] STARTTLS first\r\n");
        };
    }

    private static Answer pop3(String command) {
        return switch (command.split(" ", 2)[0].toUpperCase(Locale.ROOT)) {
            case "CAPA" -> Answer.of("+OK\r\nSTLS\r\n.\r\n");
            case "NOOP" -> Answer.of("+OK\r\n");
            case "QUIT" -> new Answer("+OK bye\r\n", false, true);
            case "STLS" -> new Answer("+OK Begin TLS negotiation\r\n", true, false);
            default -> Answer.of("-ERR STLS first\r\n");
        };
    }

    private void fail(HandshakeEnd reason) {
        if (!over) {
            over = true;
            outcome.noStartTls(reason);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            fail(HandshakeEnd.STARTTLS_CLOSED);
            ctx.close();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(HandshakeEnd.STARTTLS_CLOSED);
        ctx.fireChannelInactive();
    }
}
