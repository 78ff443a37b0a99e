package net.lbd.core.mail;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The conversation of one mail. Event-loop confined. Source: RFC 5321 §4.1, §4.2; the mail is worded as HAProxy 2.6 words it.
 *
 * <pre>
 * server   220    250   250         250       354    250     221
 * we          HELO  MAIL FROM  RCPT TO   DATA   mail .  QUIT
 * </pre>
 */
final class SmtpDialog extends SimpleChannelInboundHandler<ByteBuf> {

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z '(UTC)'", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** What is said when a reply of the code has come. */
    private record Step(int expected, String name, String command) { }

    private final Step[] steps;
    private final Consumer<Optional<String>> ended;
    private int step;
    private boolean over;
    private Runnable closer = () -> { };

    /** @param ended told once, how the mail could not be sent, or nothing */
    SmtpDialog(Mail mail, Instant now, Consumer<Optional<String>> ended) {
        this.ended = ended;
        this.steps = new Step[] {
            new Step(220, "the greeting", "HELO " + mail.hello() + "\r\n"),
            new Step(250, "HELO", "MAIL FROM:<" + mail.from() + ">\r\n"),
            new Step(250, "MAIL FROM", "RCPT TO:<" + mail.to() + ">\r\n"),
            new Step(250, "RCPT TO", "DATA\r\n"),
            new Step(354, "DATA", text(mail, now)),
            new Step(250, "the mail", "QUIT\r\n"),
            new Step(221, "QUIT", ""),
        };
    }

    /** The sentence without its full stop, as subject and as text; a line never begins with a dot. */
    private static String text(Mail mail, Instant now) {
        String sentence = mail.text().endsWith(".") ? mail.text().substring(0, mail.text().length() - 1) : mail.text();
        return "From: " + mail.from() + "\r\nTo: " + mail.to() + "\r\nDate: " + DATE.format(now) + "\r\nSubject: [HAProxy Alert] "
                + sentence + "\r\n\r\n" + (sentence.startsWith(".") ? "." : "") + sentence + "\r\n.\r\n";
    }

    /** What is to be done when the conversation is over. */
    void whenEnded(Runnable action) {
        closer = action;
        if (over) {
            action.run();
        }
    }

    /** What is being waited for. */
    String position() {
        return "waiting for the reply to " + steps[Math.min(step, steps.length - 1)].name();
    }

    /** Ends it; what was sent before the reply to QUIT is sent. */
    void end(Optional<String> problem) {
        if (!over) {
            over = true;
            closer.run();
            ended.accept(step < steps.length - 1 ? problem : Optional.empty());
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf line) {
        String reply = line.toString(StandardCharsets.ISO_8859_1);
        if (over) {
            return;
        }
        if (reply.length() >= 4 && reply.charAt(3) == '-') {
            // More lines of this reply follow.
            return;
        }
        int code = reply.matches("[0-9]{3}( .*)?") ? Integer.parseInt(reply.substring(0, 3)) : 0;
        boolean forwarded = steps[step].expected() == 250 && code == 251;
        if (code != steps[step].expected() && !forwarded) {
            end(Optional.of("the reply to " + steps[step].name() + " was: " + reply.replaceAll("[^ -~]", "?")));
            return;
        }
        String command = steps[step].command();
        step++;
        if (step == steps.length) {
            step--;
            end(Optional.empty());
            return;
        }
        ctx.writeAndFlush(ctx.alloc().buffer().writeBytes(command.getBytes(StandardCharsets.UTF_8)), ctx.voidPromise());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end(Optional.of("the server closed the connection; " + position()));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        end(Optional.of(String.valueOf(cause.getMessage())));
    }
}
