package net.lbd.core.stream;

import net.lbd.core.backend.Backend;

/** Chooses the backend: the first {@code use_backend} line that matches, else {@code default_backend}. */
final class BackendSwitching implements Phase {

    @Override
    public Verdict run(HttpStream stream) {
        Backend chosen = stream.frontend().rules().switching().choose(stream);
        if (chosen == Backend.NONE) {
            stream.termination().set(Termination.Cause.SERVER_ABORT, Termination.Stage.CONNECT);
            return new Verdict.Deny(503);
        }
        stream.enterBackend(chosen);
        return Verdict.CONTINUE;
    }
}
