package net.lbd.core.mail;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.util.concurrent.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import net.lbd.core.mail.MailAlerts.Mailer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends mails, to each mail server one after the other. At most {@value #MOST_WAITING} wait for one server; what comes then is not sent,
 * and the daemon's log tells. A mail that a server does not take is not sent again. Any thread; what it does happens on one event loop.
 */
public final class MailSender {

    private static final Logger LOG = LoggerFactory.getLogger(MailSender.class);
    private static final int MOST_WAITING = 100;
    /** RFC 5321 §4.5.3.1.5. */
    private static final int LONGEST_REPLY = 4096;

    private record Order(Mail mail, Duration timeout) { }

    private final EventLoop loop;
    private final ChannelFactory<? extends Channel> channels;
    private final Clock clock;
    /** By mail server; one that is there is being sent to. */
    private final Map<Mailer, Deque<Order>> waiting = new HashMap<>();

    /** @param channels makes client channels of the loop's transport */
    public MailSender(EventLoop loop, ChannelFactory<? extends Channel> channels, Clock clock) {
        this.loop = Objects.requireNonNull(loop, "loop");
        this.channels = Objects.requireNonNull(channels, "channels");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    void send(Mailer mailer, Mail mail, Duration timeout) {
        try {
            loop.execute(() -> take(mailer, new Order(mail, timeout)));
        } catch (RejectedExecutionException stopped) {
            LOG.debug("the engine has stopped: no mail to {}", mailer.name());
        }
    }

    private void take(Mailer mailer, Order order) {
        Deque<Order> before = waiting.get(mailer);
        if (before == null) {
            waiting.put(mailer, new ArrayDeque<>());
            begin(mailer, order);
        } else if (before.size() < MOST_WAITING) {
            before.add(order);
        } else {
            LOG.warn("LBM002 mail to {} through {} is not sent, {} are waiting: {}", order.mail.to(), mailer.name(), before.size(), order.mail.text());
        }
    }

    private void begin(Mailer mailer, Order order) {
        SmtpDialog dialog = new SmtpDialog(order.mail, clock.instant(), problem -> ended(mailer, order, problem));
        Channel channel = new Bootstrap().group(loop).channelFactory(channels)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel made) {
                        made.pipeline().addLast(new LineBasedFrameDecoder(LONGEST_REPLY), dialog);
                    }
                })
                .connect(mailer.address()).addListener(connected -> {
                    if (!connected.isSuccess()) {
                        dialog.end(Optional.of("cannot connect: " + connected.cause().getMessage()));
                    }
                }).channel();
        Future<?> timer = loop.schedule(() -> dialog.end(Optional.of("it took longer than " + order.timeout.toMillis() + " ms; "
                + dialog.position())), order.timeout.toNanos(), TimeUnit.NANOSECONDS);
        dialog.whenEnded(() -> {
            timer.cancel(false);
            channel.close();
        });
    }

    private void ended(Mailer mailer, Order order, Optional<String> problem) {
        problem.ifPresent(why -> LOG.warn("LBM001 mail to {} through {} ({}) is not sent: {}: {}", order.mail.to(), mailer.name(),
                mailer.address(), why, order.mail.text()));
        Order next = waiting.get(mailer).poll();
        if (next == null) {
            waiting.remove(mailer);
        } else if (!loop.isShuttingDown()) {
            begin(mailer, next);
        }
    }
}
