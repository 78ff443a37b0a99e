package net.lbd.l4;

/**
 * What the kernel has counted of a server. Immutable.
 *
 * @param opened connections
 * @param active connections that have been opened and not been closed; those that fall silent count on
 * @param packetsOut of answers; 0 in mode gateway, where they do not come this way, as {@code bytesOut}
 */
public record Traffic(long opened, long active, long packetsIn, long bytesIn, long packetsOut, long bytesOut) {

    public static final Traffic NONE = new Traffic(0, 0, 0, 0, 0, 0);

    /** What came on top of an earlier count; {@link #active} as it is now. */
    Traffic since(Traffic before) {
        return new Traffic(opened - before.opened, active, packetsIn - before.packetsIn, bytesIn - before.bytesIn,
                packetsOut - before.packetsOut, bytesOut - before.bytesOut);
    }

    Traffic plus(Traffic other) {
        return new Traffic(opened + other.opened, active + other.active, packetsIn + other.packetsIn, bytesIn + other.bytesIn,
                packetsOut + other.packetsOut, bytesOut + other.bytesOut);
    }
}
