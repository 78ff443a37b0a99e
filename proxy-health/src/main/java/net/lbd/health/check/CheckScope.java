package net.lbd.health.check;

import io.netty.buffer.ByteBuf;
import net.lbd.health.http.HttpCheckResponse;

/**
 * What one run of a check lets its expressions see: the variables, and what the server sent. Made by a {@link
 * CheckLanguage}; confined to the event loop of the run.
 */
public interface CheckScope {

    /** Sees nothing. */
    CheckScope NONE = new CheckScope() { };

    /** The bytes that an {@code expect} looks at; they are to be read at once. */
    default void show(ByteBuf received) { }

    /** The response that an {@code http-check expect} looks at. */
    default void show(HttpCheckResponse response) { }
}
