package net.lbd.core.tls;

/** A certificate, key or setting that cannot be used; the message is a sentence for the administrator. */
public final class TlsException extends Exception {

    public TlsException(String message, Throwable cause) {
        super(message, cause);
    }

    public TlsException(String message) {
        super(message);
    }
}
