package net.lbd.cli.exchange.probe;

/**
 * One thing that was looked at.
 *
 * @param where   the address that was asked: the virtual address, or a server
 * @param subject what was looked at
 * @param text    what was seen
 * @param advice  what to do about it, one sentence; empty if there is nothing to do
 */
public record Finding(String where, String subject, Level level, String text, String advice) {

    /** How bad it is. */
    public enum Level { GOOD, NOTE, WARNING, BAD }

    static Finding good(String where, String subject, String text) {
        return new Finding(where, subject, Level.GOOD, text, "");
    }
}
