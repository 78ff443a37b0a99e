package net.lbd.core.peers;

import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import net.lbd.core.stick.StickTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Another process of a section: connects to it, again and again if need be, and remembers how far it has got over the
 * connections that break. Event-loop confined.
 */
final class RemotePeer {

    private static final Logger LOG = LoggerFactory.getLogger(RemotePeer.class);

    /** HAProxy's times, so that two that connect to each other at once do not do so for ever. */
    private static final int RETRY_MIN_MILLIS = 50;
    private static final int RETRY_SPREAD_MILLIS = 2000;
    private static final int BACKOFF_MAX_MILLIS = 5000;

    /** How far a table has got. */
    private static final class Progress {
        private int pushed;
        private int acked;
    }

    private final PeersPlan.Remote plan;
    private final PeersSection section;
    private final Map<StickTable, Progress> progress = new IdentityHashMap<>();
    private Optional<PeerSession> session = Optional.empty();
    private Optional<Channel> connecting = Optional.empty();
    private Optional<ScheduledFuture<?>> retry = Optional.empty();
    private int failures;
    private int connections;
    private int protocolErrors;
    private int collisions;
    private String lastStatus = "NONE";

    RemotePeer(PeersPlan.Remote plan, PeersSection section) {
        this.plan = plan;
        this.section = section;
    }

    PeersPlan.Remote plan() {
        return plan;
    }

    Optional<PeerSession> session() {
        return session;
    }

    String lastStatus() {
        return session.isPresent() ? "ESTA" : lastStatus;
    }

    int connections() {
        return connections;
    }

    int protocolErrors() {
        return protocolErrors;
    }

    int collisions() {
        return collisions;
    }

    long retryMillis() {
        return retry.map(r -> Math.max(0, r.getDelay(TimeUnit.MILLISECONDS))).orElse(-1L);
    }

    // ---- connecting

    void connect() {
        retry = Optional.empty();
        if (session.isPresent() || connecting.isPresent() || section.isStopped()) {
            return;
        }
        lastStatus = "CONN";
        connections++;
        PeerSession attempt = PeerSession.outgoing(section, this);
        Channel channel = section.service().connect(plan, attempt);
        connecting = Optional.of(channel);
        channel.closeFuture().addListener(closed -> section.loop().execute(() -> lost(attempt, channel)));
    }

    /** A handshake has come to a good end, on whichever side's connection: it is the one that counts from here on. */
    void established(PeerSession made) {
        boolean own = connecting.filter(c -> c == made.channel()).isPresent();
        session.filter(s -> s != made).ifPresent(old -> {
            collisions++;
            session = Optional.empty();
            old.close();
        });
        if (!own) {
            connecting.ifPresent(channel -> {
                collisions++;
                connecting = Optional.empty();
                channel.close();
            });
        }
        retry.ifPresent(r -> r.cancel(false));
        retry = Optional.empty();
        session = Optional.of(made);
        failures = 0;
        LOG.info("peers '{}': connected with '{}'", section.name(), plan.name());
        section.established(this);
    }

    /** The session ends; another may have taken its place already. */
    void lost(PeerSession ended, Channel channel) {
        boolean current = session.filter(s -> s == ended).isPresent();
        boolean attempt = connecting.filter(c -> c == channel).isPresent();
        if (attempt) {
            connecting = Optional.empty();
        }
        if (current) {
            session = Optional.empty();
            lastStatus = "CLOS";
            LOG.info("peers '{}': the connection with '{}' is gone", section.name(), plan.name());
            section.lost(this);
        } else if (attempt) {
            lastStatus = ended.refusal();
            failures++;
        }
        if ((current || attempt) && session.isEmpty() && !section.isStopped() && retry.isEmpty()) {
            int spread = RETRY_MIN_MILLIS + ThreadLocalRandom.current().nextInt(RETRY_SPREAD_MILLIS);
            int backoff = Math.min(BACKOFF_MAX_MILLIS, 500 * Math.min(failures, 10));
            retry = Optional.of(section.loop().schedule(this::connect, spread + backoff, TimeUnit.MILLISECONDS));
        }
    }

    void protocolError(String what) {
        protocolErrors++;
        section.complain("what '" + plan.name() + "' sends is not understood: " + what);
    }

    void stop() {
        retry.ifPresent(r -> r.cancel(false));
        retry = Optional.empty();
        session.ifPresent(PeerSession::close);
        connecting.ifPresent(Channel::close);
    }

    // ---- progress

    private Progress of(StickTable table) {
        return progress.computeIfAbsent(table, t -> new Progress());
    }

    /** A new connection begins where the peer had confirmed the last one. */
    void restart(StickTable table) {
        of(table).pushed = of(table).acked;
    }

    int pushed(StickTable table) {
        return of(table).pushed;
    }

    void pushed(StickTable table, int update) {
        of(table).pushed = update;
    }

    int acked(StickTable table) {
        return of(table).acked;
    }

    void acked(StickTable table, int update) {
        if (update - of(table).acked > 0) {
            of(table).acked = update;
        }
    }
}
