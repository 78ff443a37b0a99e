package net.lbd.core.log;

import net.lbd.core.sample.ByteSink;
import net.lbd.core.stream.Stream;

/** A compiled piece of a log-format string. Immutable; allocates nothing. */
@FunctionalInterface
interface Piece {

    void render(Stream stream, ByteSink out);
}
