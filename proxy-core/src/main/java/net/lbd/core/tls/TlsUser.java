package net.lbd.core.tls;

/** A bind or a server, which is made from files that may change while it is in service. Changed under the store's lock. */
interface TlsUser {

    /** Whether it is made from this file, of certificates, of authorities or of revoked certificates. */
    boolean uses(String file);

    /**
     * Makes everything ready to go on with what a file holds now.
     *
     * @param sources what all files hold
     * @throws TlsException if it cannot be used; nothing has changed
     */
    Replacement prepare(TlsSources sources, String file) throws TlsException;

    /** A change that has been found to be possible. */
    @FunctionalInterface
    interface Replacement {
        /** Makes it; connections that come from then on see it. */
        void commit();
    }
}
