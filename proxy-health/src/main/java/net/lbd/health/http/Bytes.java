package net.lbd.health.http;

/** Searches in byte arrays. Pure functions. */
public final class Bytes {

    private Bytes() { }

    /** The first place from {@code from} on where the first {@code length} bytes of {@code text} hold these; -1 for none. */
    public static int indexOf(byte[] text, int length, byte[] wanted, int from) {
        for (int at = from; at <= length - wanted.length; at++) {
            int i = 0;
            while (i < wanted.length && text[at + i] == wanted[i]) {
                i++;
            }
            if (i == wanted.length) {
                return at;
            }
        }
        return -1;
    }
}
