package net.lbd.core.dns;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.dns.AbstractDnsOptPseudoRrRecord;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryEncoder;
import io.netty.handler.codec.dns.DatagramDnsResponseDecoder;
import io.netty.handler.codec.dns.DefaultDnsQuery;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsQuery;
import io.netty.handler.codec.dns.DnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.handler.codec.dns.TcpDnsQueryEncoder;
import io.netty.handler.codec.dns.TcpDnsResponseDecoder;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import net.lbd.config.model.ResolversSpec;
import net.lbd.core.dns.DnsAnswer.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A name server: one socket while there is something to ask, and the questions that it has not answered yet. The numbers of questions
 * are random, answers must repeat the question, and the socket is connected, so that nobody else can answer. Event-loop confined, but
 * for the counters.
 */
final class NameServer {

    /** What a lookup wants to know of a question that it has put. */
    interface Asker {
        void answered(NameServer server, int id, AnswerReader.Read read);
    }

    private static final Logger LOG = LoggerFactory.getLogger(NameServer.class);
    private static final long IDLE_SECONDS = 5;
    private static final int CONNECT_MILLIS = 5000;
    private static final int MOST_PENDING = 16_384;

    private record Pending(String name, DnsRecordType type, Asker asker) { }

    private final String section;
    private final ResolversSpec.NameServer spec;
    private final int payloadBytes;
    private final EventLoop loop;
    private final ChannelFactory<? extends Channel> channels;
    private final SecureRandom random = new SecureRandom();
    private final Map<DnsCounter, LongAdder> counters = new EnumMap<>(DnsCounter.class);
    private final Map<Integer, Pending> pending = new HashMap<>();
    private Optional<Channel> channel = Optional.empty();
    private Optional<ChannelFuture> opening = Optional.empty();
    private Future<?> idle;
    private long lastUseNanos;

    /** @param channels of datagrams, or of streams for a server that is asked over TCP */
    NameServer(String section, ResolversSpec.NameServer spec, int payloadBytes, EventLoop loop, ChannelFactory<? extends Channel> channels) {
        this.section = section;
        this.spec = spec;
        this.payloadBytes = payloadBytes;
        this.loop = loop;
        this.channels = channels;
        for (DnsCounter counter : DnsCounter.values()) {
            counters.put(counter, new LongAdder());
        }
    }

    String name() {
        return spec.name();
    }

    /** {@code section/server}, as the log names who answered. */
    String path() {
        return section + "/" + spec.name();
    }

    void count(DnsCounter counter) {
        counters.get(counter).increment();
    }

    /** Any thread. */
    long counted(DnsCounter counter) {
        return counters.get(counter).sum();
    }

    /**
     * Puts a question; the asker hears of an answer, never of its absence.
     *
     * @return the number of the question, for {@link #forget}; -1 if it could not be put
     */
    int ask(String name, DnsRecordType type, Asker asker) {
        if (pending.size() >= MOST_PENDING) {
            count(DnsCounter.SND_ERROR);
            return -1;
        }
        int id = random.nextInt(1 << 16);
        while (pending.containsKey(id)) {
            id = random.nextInt(1 << 16);
        }
        pending.put(id, new Pending(name, type, asker));
        int number = id;
        open().addListener(future -> {
            if (!future.isSuccess()) {
                count(DnsCounter.SND_ERROR);
            } else if (pending.containsKey(number)) {
                send(number, name, type);
            }
        });
        return id;
    }

    /** Nobody waits for the answer any more; returns whether it had not come. */
    boolean forget(int id) {
        return pending.remove(id) != null;
    }

    private void send(int id, String name, DnsRecordType type) {
        DnsQuery query = spec.tcp() ? new DefaultDnsQuery(id)
                : new DatagramDnsQuery(null, new InetSocketAddress(spec.address(), spec.port()), id);
        query.setRecursionDesired(true);
        query.addRecord(DnsSection.QUESTION, new DefaultDnsQuestion(name, type));
        query.addRecord(DnsSection.ADDITIONAL, new PayloadSize(payloadBytes));
        count(DnsCounter.SENT);
        channel.orElseThrow().writeAndFlush(query).addListener(future -> {
            if (!future.isSuccess()) {
                count(DnsCounter.SND_ERROR);
                LOG.debug("question to name server {} not sent: {}", path(), String.valueOf(future.cause()));
            }
        });
    }

    private ChannelFuture open() {
        lastUseNanos = loop.ticker().nanoTime();
        if (opening.isPresent()) {
            return opening.get();
        }
        Bootstrap bootstrap = new Bootstrap().group(loop).channelFactory(channels).handler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel made) {
                install(made);
            }
        });
        if (spec.tcp()) {
            bootstrap.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS);
        } else {
            bootstrap.option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(payloadBytes + 1));
        }
        ChannelFuture connecting = bootstrap.connect(new InetSocketAddress(spec.address(), spec.port()));
        opening = Optional.of(connecting);
        channel = Optional.of(connecting.channel());
        connecting.channel().closeFuture().addListener(closed -> closed(connecting));
        return connecting;
    }

    private void install(Channel made) {
        if (spec.tcp()) {
            made.pipeline().addLast(new TcpDnsQueryEncoder(), new TcpDnsResponseDecoder(DnsRecordDecoder.DEFAULT, 1 << 16));
        } else {
            made.pipeline().addLast(new SizeLimit(), new DatagramDnsQueryEncoder(), new DatagramDnsResponseDecoder(DnsRecordDecoder.DEFAULT));
        }
        made.pipeline().addLast(new Answers());
        idle = loop.schedule(this::closeIfIdle, IDLE_SECONDS, TimeUnit.SECONDS);
    }

    private void closeIfIdle() {
        long restNanos = TimeUnit.SECONDS.toNanos(IDLE_SECONDS) - (loop.ticker().nanoTime() - lastUseNanos);
        if (pending.isEmpty() && restNanos <= 0) {
            channel.ifPresent(Channel::close);
        } else {
            idle = loop.schedule(this::closeIfIdle, Math.max(restNanos, TimeUnit.SECONDS.toNanos(1)), TimeUnit.NANOSECONDS);
        }
    }

    private void closed(ChannelFuture which) {
        if (opening.filter(o -> o == which).isPresent()) {
            opening = Optional.empty();
            channel = Optional.empty();
            if (idle != null) {
                idle.cancel(false);
                idle = null;
            }
        }
    }

    /** Ends the socket; the next question opens another. */
    void close() {
        pending.clear();
        channel.ifPresent(Channel::close);
    }

    private void received(DnsResponse response) {
        Pending asked = pending.get(response.id());
        if (asked == null) {
            count(DnsCounter.OUTDATED);
            return;
        }
        boolean repeats = response.count(DnsSection.QUESTION) == 1
                && response.recordAt(DnsSection.QUESTION).type().equals(asked.type())
                && DnsQuestion.normal(response.recordAt(DnsSection.QUESTION).name()).filter(asked.name()::equals).isPresent();
        if (!repeats) {
            // Perhaps somebody guesses: the true answer may still come.
            count(DnsCounter.INVALID);
            return;
        }
        AnswerReader.Read read;
        try {
            read = AnswerReader.read(response, asked.name(), asked.type(), path());
        } catch (DecoderException | IndexOutOfBoundsException e) {
            LOG.debug("name server {} sent a record that cannot be read", path(), e);
            read = new AnswerReader.Read(DnsAnswer.failed(Status.OTHER), DnsCounter.INVALID);
        }
        pending.remove(response.id());
        asked.asker().answered(this, response.id(), read);
    }

    /** What is longer than we said that we take was not meant for us. */
    private final class SizeLimit extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof DatagramPacket packet && packet.content().readableBytes() > payloadBytes) {
                packet.release();
                count(DnsCounter.TOO_BIG);
            } else {
                ctx.fireChannelRead(message);
            }
        }
    }

    private final class Answers extends SimpleChannelInboundHandler<DnsResponse> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DnsResponse response) {
            received(response);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (cause instanceof DecoderException) {
                count(DnsCounter.INVALID);
                if (spec.tcp()) {
                    ctx.close();
                }
            } else {
                // Nobody listens there, or the connection is cut: the questions' time goes on.
                count(DnsCounter.SND_ERROR);
                ctx.close();
            }
            LOG.debug("name server {}: {}", path(), String.valueOf(cause));
        }
    }

    /** EDNS: the largest answer that is taken. Source: RFC 6891 §6.1.2. */
    private static final class PayloadSize extends AbstractDnsOptPseudoRrRecord {
        PayloadSize(int bytes) {
            super(bytes, 0, 0);
        }
    }
}
