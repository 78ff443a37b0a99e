package net.lbd.core.peers;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import net.lbd.core.stats.BadMessages;
import net.lbd.core.stick.StickTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running {@code peers} section: its tables, the other processes, and whether this one knows what they know. Event-loop
 * confined but for {@link #changed}.
 *
 * <p>At its start it asks the first peer that it meets for everything, then another if that one was not whole; who meets
 * nobody for five seconds takes itself for whole. Tables that came over a reload are whole from the start.
 */
final class PeersSection {

    private static final Logger LOG = LoggerFactory.getLogger(PeersSection.class);
    private static final long PUSH_MILLIS = 5;
    private static final long RESYNC_MILLIS = 5000;

    private final PeersPlan plan;
    private final PeersService service;
    private final EventLoop loop;
    private final Map<String, RemotePeer> remotes = new LinkedHashMap<>();
    private final AtomicBoolean pushing = new AtomicBoolean();
    private final Set<RemotePeer> asked = new HashSet<>();
    private Optional<RemotePeer> teacher = Optional.empty();
    private boolean upToDate;
    private boolean stopped;
    private final BadMessages refusals = new BadMessages();

    PeersSection(PeersPlan plan, PeersService service, EventLoop loop, boolean upToDate) {
        this.plan = plan;
        this.service = service;
        this.loop = loop;
        this.upToDate = upToDate;
        for (PeersPlan.Remote remote : plan.remotes()) {
            remotes.put(remote.name(), new RemotePeer(remote, this));
        }
    }

    PeersPlan plan() {
        return plan;
    }

    String name() {
        return plan.name();
    }

    String localName() {
        return plan.localName();
    }

    List<StickTable> tables() {
        return plan.tables();
    }

    /** Tells of what anybody can bring about who reaches the port: one line in a second, so that nobody can fill a disk. */
    void complain(String what) {
        long untold = refusals.mayTell(System.nanoTime());
        if (untold >= 0) {
            LOG.warn("peers '{}': {}{}", name(), what, untold > 0 ? "; and " + untold + " times more since the last line" : "");
        }
    }

    /** The place of a table by the name that peers know; -1 if there is none. */
    int indexOf(String sharedName) {
        for (int i = 0; i < plan.tables().size(); i++) {
            if (plan.tables().get(i).spec().sharedName().equals(sharedName)) {
                return i;
            }
        }
        return -1;
    }

    Optional<StickTable> writeTo(int index) {
        return plan.writeTo().get(index);
    }

    PeersService service() {
        return service;
    }

    EventLoop loop() {
        return loop;
    }

    boolean isStopped() {
        return stopped;
    }

    boolean isUpToDate() {
        return upToDate;
    }

    Optional<RemotePeer> remote(String name) {
        return Optional.ofNullable(remotes.get(name));
    }

    List<RemotePeer> remotes() {
        return new ArrayList<>(remotes.values());
    }

    void start() {
        plan.tables().forEach(table -> table.watch(Optional.of(this::changed)));
        remotes.values().forEach(RemotePeer::connect);
        if (!upToDate) {
            loop.schedule(this::giveUpResync, RESYNC_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    void stop() {
        stopped = true;
        plan.tables().forEach(table -> table.watch(Optional.empty()));
        remotes.values().forEach(RemotePeer::stop);
    }

    /** A table has changed; called on any thread. Several changes go in one push. */
    private void changed() {
        if (!pushing.get() && pushing.compareAndSet(false, true)) {
            loop.schedule(this::push, PUSH_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void push() {
        pushing.set(false);
        remotes.values().forEach(remote -> remote.session().ifPresent(PeerSession::pump));
    }

    // ---- learning what others know

    void established(RemotePeer peer) {
        askForAll();
    }

    void lost(RemotePeer peer) {
        if (teacher.filter(t -> t == peer).isPresent()) {
            teacher = Optional.empty();
            asked.remove(peer);
            askForAll();
        }
    }

    private void askForAll() {
        if (upToDate || teacher.isPresent()) {
            return;
        }
        for (RemotePeer peer : remotes.values()) {
            if (!asked.contains(peer) && peer.session().isPresent()) {
                asked.add(peer);
                teacher = Optional.of(peer);
                peer.session().get().requestResync();
                return;
            }
        }
    }

    /** @param whole whether the peer knows everything itself */
    void resynced(RemotePeer peer, boolean whole) {
        if (teacher.filter(t -> t == peer).isPresent()) {
            teacher = Optional.empty();
            if (whole) {
                upToDate = true;
                LOG.info("peers '{}': has learned everything from '{}'", name(), peer.plan().name());
            } else {
                askForAll();
            }
        }
    }

    private void giveUpResync() {
        if (stopped || upToDate) {
            return;
        }
        if (teacher.isPresent()) {
            // Someone is at it: a large table takes its time.
            loop.schedule(this::giveUpResync, RESYNC_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            upToDate = true;
        }
    }
}
