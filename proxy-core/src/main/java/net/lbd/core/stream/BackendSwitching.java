package net.lbd.core.stream;

import net.lbd.config.model.ProxyMode;
import net.lbd.core.backend.Backend;

/** Chooses the backend, unless that was done before: the first {@code use_backend} line that matches, else {@code default_backend}. */
final class BackendSwitching implements Phase {

    @Override
    public Verdict run(HttpStream stream) {
        Backend chosen = stream.chosenBackend() != Backend.NONE ? stream.chosenBackend() : stream.frontend().rules().switching().choose(stream);
        if (chosen == Backend.NONE) {
            stream.termination().set(Termination.Cause.SERVER_ABORT, Termination.Stage.CONNECT);
            return new Verdict.Deny(503);
        }
        stream.enterBackend(chosen);
        if (chosen.mode() == ProxyMode.TCP) {
            // A connection in mode tcp that went over to HTTP cannot go back.
            stream.termination().set(Termination.Cause.INTERNAL, Termination.Stage.REQUEST);
            return new Verdict.Deny(500);
        }
        return Verdict.CONTINUE;
    }
}
