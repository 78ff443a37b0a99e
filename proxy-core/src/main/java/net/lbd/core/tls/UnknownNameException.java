package net.lbd.core.tls;

import javax.net.ssl.SSLHandshakeException;

/** A client has asked for a name that no certificate is for, which {@code strict-sni} refuses. */
final class UnknownNameException extends SSLHandshakeException {

    private static final long serialVersionUID = 1L;

    UnknownNameException(String name) {
        super("no certificate for the name '" + name + "'");
    }
}
