package net.lbd.core.rule;

import net.lbd.core.backend.Backend;
import net.lbd.core.stream.Stream;

/** Placeholder until the rules land. */
public final class BackendSwitch {
    public Backend choose(Stream stream) {
        return Backend.NONE;
    }
}
