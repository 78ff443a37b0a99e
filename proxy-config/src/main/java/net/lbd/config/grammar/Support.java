package net.lbd.config.grammar;

import java.util.Objects;

/** How far this version carries a keyword out. Immutable. */
public sealed interface Support {

    /** It does what the manual says. */
    record Supported() implements Support { }

    /** It is read and checked, and the daemon refuses to start with it. */
    record NotYet() implements Support { }

    /** It is read, and a warning tells why nothing comes of it. */
    record NoEffect(String reason) implements Support {
        public NoEffect {
            Objects.requireNonNull(reason, "reason");
        }
    }

    Support SUPPORTED = new Supported();
    Support NOT_YET = new NotYet();

    static Support noEffect(String reason) {
        return new NoEffect(reason);
    }
}
