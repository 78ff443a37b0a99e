package net.lbd.core.log;

/**
 * An open destination of log lines: a socket, a file, a standard stream. Targets that name one
 * destination share its sink. Used by the writer thread only, but for {@link #dropped}. Nothing here
 * waits: a line that cannot be taken is dropped and counted.
 */
interface LogSink {

    /** Takes one whole line with its line end; the array is only lent. */
    void write(byte[] bytes, int offset, int length);

    /** The batch ends: what was taken is to be sent. */
    void flush();

    /** Lines that were not taken; any thread. */
    long dropped();

    /** Whether it still brings out what was taken, behind {@link #close}; any thread. */
    default boolean isBusy() {
        return false;
    }

    /**
     * Brings out what was taken and closes, within the time given; what is left then is dropped.
     *
     * @param millis at most so long
     */
    void close(long millis);
}
