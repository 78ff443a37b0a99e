package net.lbd.config.grammar;

import java.util.Objects;

/** How far this version carries a keyword out. Immutable. */
public sealed interface Support {

    /** It does what the manual says. */
    record Supported() implements Support { }

    /**
     * It is read and checked, and the daemon refuses to start with it.
     *
     * @param reason why it stays so; empty for what may come
     */
    record NotYet(String reason) implements Support {
        public NotYet {
            Objects.requireNonNull(reason, "reason");
        }

        /** What is said of it behind its name. */
        public String said() {
            return (reason.isEmpty() ? "is not supported yet by this version" : "is not carried out: " + reason)
                    + "; the daemon refuses to start with it";
        }
    }

    /** It is read, and a warning tells why nothing comes of it. */
    record NoEffect(String reason) implements Support {
        public NoEffect {
            Objects.requireNonNull(reason, "reason");
        }
    }

    Support SUPPORTED = new Supported();
    Support NOT_YET = new NotYet("");

    /** For what would do harm, or cannot be done. */
    static Support refused(String reason) {
        return new NotYet(reason);
    }

    static Support noEffect(String reason) {
        return new NoEffect(reason);
    }
}
