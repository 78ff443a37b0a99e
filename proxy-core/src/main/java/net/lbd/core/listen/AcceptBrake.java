package net.lbd.core.listen;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import net.lbd.core.connect.Seldom;
import net.lbd.core.connect.Shortage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the whole process from taking more clients than it has descriptors and memory for, whatever {@code maxconn} says: while the brake
 * is on, no listener accepts, and clients wait in the kernel's backlog.
 *
 * <table>
 * <caption>When it is on</caption>
 * <tr><th>for want of</th><th>on</th><th>off</th></tr>
 * <tr><td>descriptors</td><td>as many connections, to clients and servers, are open as {@link #setChannelLimit} allows; what is left is a
 * reserve for connections to servers</td><td>one is closed</td></tr>
 * <tr><td>descriptors, taken by others</td><td>the kernel refuses to accept: the socket that was refused rests for
 * {@value Listener#REST_MILLIS} ms</td><td>it accepts</td></tr>
 * <tr><td>memory</td><td>{@link #setShortOfMemory}</td><td>the same</td></tr>
 * </table>
 *
 * Each is logged when it begins, once a minute at most. Thread-safe.
 */
public final class AcceptBrake {

    private static final Logger LOG = LoggerFactory.getLogger(AcceptBrake.class);

    private final AtomicInteger channels = new AtomicInteger();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Seldom full = new Seldom(System::nanoTime);
    private final Seldom refused = new Seldom(System::nanoTime);
    private final Seldom unreachable = new Seldom(System::nanoTime);
    private final AtomicBoolean refusing = new AtomicBoolean();
    private volatile int channelLimit = Integer.MAX_VALUE;
    private volatile String descriptors = "";
    private volatile boolean shortOfMemory;

    /**
     * @param limit connections, to clients and servers, with which no more clients are accepted
     * @param words what is said of the limit of descriptors in messages, such as {@code "of 1024 descriptors"}
     */
    public void setChannelLimit(int limit, String words) {
        descriptors = words;
        channelLimit = limit;
        adjust();
    }

    public int channelLimit() {
        return channelLimit;
    }

    /** Connections to clients and servers at this moment. */
    public int channels() {
        return channels.get();
    }

    /** Pauses all listeners, or lets them go on. */
    public void setShortOfMemory(boolean isShort) {
        shortOfMemory = isShort;
        adjust();
    }

    /** A connection, to a client or a server, has its descriptor. */
    public void opened() {
        int now = channels.incrementAndGet();
        if (now >= channelLimit) {
            OptionalLong turn = now == channelLimit ? full.turn() : OptionalLong.empty();
            turn.ifPresent(untold -> LOG.warn("LBR006 no more clients are accepted until a connection ends: {} connections to clients and servers are open"
                    + " {}, the rest is kept for connections to servers; raise LimitNOFILE in the unit of the service, or lower maxconn{}",
                    now, descriptors, Seldom.more(untold)));
            adjust();
        }
    }

    /** It has given it back. */
    public void closed() {
        if (channels.decrementAndGet() == channelLimit - 1) {
            adjust();
        }
    }

    /** Whether {@link #setShortOfMemory} keeps clients waiting. */
    public boolean isShortOfMemory() {
        return shortOfMemory;
    }

    boolean isOn() {
        return shortOfMemory || channels.get() >= channelLimit;
    }

    void attach(Listener listener) {
        listeners.add(listener);
    }

    void detach(Listener listener) {
        listeners.remove(listener);
    }

    private void adjust() {
        listeners.forEach(Listener::adjust);
    }

    /** The kernel does not give the next client. */
    void refused(Listener listener, Throwable cause) {
        refusing.set(true);
        refused.turn().ifPresent(untold -> LOG.warn("LBR007 {} cannot accept for now: {}; {} connections to clients and servers are open {};"
                + " it tries again {} times a second; raise LimitNOFILE in the unit of the service (fs.file-max where the system's are used up){}",
                listener, Shortage.words(cause), channels.get(), descriptors, 1000 / Listener.REST_MILLIS, Seldom.more(untold)));
    }

    /** A client was accepted, with descriptors left. */
    void accepted() {
        if (refusing.get() && refusing.compareAndSet(true, false)) {
            LOG.info("LBR007 clients are accepted again");
        }
    }

    /** A connection to a server got no descriptor. */
    public void unreachable(String server, Throwable cause) {
        unreachable.turn().ifPresent(untold -> LOG.warn("LBR008 no connection to server {} for want of descriptors: {}; {} connections to clients and"
                + " servers are open {}; its stream is answered with 503; raise LimitNOFILE in the unit of the service, or lower maxconn{}",
                server, Shortage.words(cause), channels.get(), descriptors, Seldom.more(untold)));
    }
}
