package net.lbd.core.peers;

import io.netty.buffer.ByteBuf;
import net.lbd.core.stick.TableWire;
import net.lbd.core.stick.Varint;

/**
 * What of one table still has to go to a peer: changes made here as they come, and everything if the peer has asked for it.
 * Event-loop confined.
 */
final class TableFeed {

    static final int UPDATE_CLASS = 10;
    static final int UPDATE = 128;
    static final int DEFINITION = 130;
    static final int SWITCH = 131;
    static final int ACK = 132;
    /** Behind {@link #UPDATE}: the same with the remaining time of the entry. */
    static final int TIMED = 5;

    private final TableWire wire;
    private final int id;
    private final RemotePeer peer;
    private long[] changes = {};
    private int next;
    private int since;
    private int target;
    private boolean teaching;
    private int lastSent;
    private boolean sentAny;

    /** @param id the number that this process gives the table */
    TableFeed(TableWire wire, int id, RemotePeer peer) {
        this.wire = wire;
        this.id = id;
        this.peer = peer;
        peer.restart(wire.table());
    }

    int id() {
        return id;
    }

    TableWire wire() {
        return wire;
    }

    /** Everything is to be sent. */
    void teach() {
        teaching = true;
        target = wire.table().lastUpdate();
        since = target - Integer.MAX_VALUE;
        changes = wire.changedSince(since, false);
        next = 0;
    }

    /** Whether what was to be taught has been. */
    boolean isTaught() {
        return !teaching;
    }

    /** Whether there is something to send now. */
    boolean hasMore() {
        if (next < changes.length) {
            return true;
        }
        if (teaching) {
            teaching = false;
            peer.pushed(wire.table(), target);
        } else if (next > 0) {
            peer.pushed(wire.table(), target);
        }
        changes = new long[0];
        next = 0;
        int last = wire.table().lastUpdate();
        if (last == peer.pushed(wire.table())) {
            return false;
        }
        since = peer.pushed(wire.table());
        target = last;
        changes = wire.changedSince(since, true);
        if (changes.length == 0) {
            peer.pushed(wire.table(), target);
        }
        return changes.length > 0;
    }

    /** The definition goes before entries whenever another table's came before. */
    void writeDefinition(ByteBuf out, ByteBuf scratch) {
        scratch.clear();
        wire.writeDefinition(scratch, id);
        message(out, DEFINITION, scratch);
        sentAny = false;
    }

    /** Writes entries until there are no more, or enough has been written. */
    void write(ByteBuf out, ByteBuf scratch, int enoughBytes) {
        while (next < changes.length && out.readableBytes() < enoughBytes) {
            long change = changes[next++];
            int update = TableWire.update(change, since);
            boolean incremental = sentAny && update == lastSent + 1;
            scratch.clear();
            if (!incremental) {
                scratch.writeInt(update);
            }
            if (wire.write(scratch, change, since, teaching)) {
                message(out, UPDATE + (teaching ? TIMED : 0) + (incremental ? 1 : 0), scratch);
                lastSent = update;
                sentAny = true;
            }
        }
    }

    static void message(ByteBuf out, int type, ByteBuf body) {
        out.writeByte(UPDATE_CLASS).writeByte(type);
        Varint.write(out, body.readableBytes());
        out.writeBytes(body);
    }
}
