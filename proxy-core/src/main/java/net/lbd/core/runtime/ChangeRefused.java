package net.lbd.core.runtime;

/** What a command wants cannot be done; the message is a sentence for its user. Nothing has changed. */
public final class ChangeRefused extends Exception {

    private static final long serialVersionUID = 1L;

    public ChangeRefused(String message) {
        super(message);
    }
}
