package net.lbd.l4.nft;

import java.io.IOException;

/** The kernel, or {@code nft} itself, refused a transaction; nothing of it has happened. */
public final class NftException extends IOException {

    private static final long serialVersionUID = 1L;

    public NftException(String message) {
        super(message);
    }
}
