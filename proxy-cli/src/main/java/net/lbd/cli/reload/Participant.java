package net.lbd.cli.reload;

import java.io.IOException;
import net.lbd.config.model.Configuration;

/**
 * Something beside the engine that follows the configuration, such as the control sockets. A reload
 * first prepares every participant, then the engine applies, then all commit or all roll back.
 */
@FunctionalInterface
public interface Participant {

    /**
     * Does all that can fail, without touching what serves now.
     *
     * @throws IOException if the configuration cannot be followed; its message tells the user why
     */
    Change prepare(Configuration configuration) throws IOException;

    /** A prepared change; exactly one of its methods is called, once. */
    interface Change {
        void commit();

        void rollback();

        /** Nothing is left to do, either way. */
        Change NOTHING = new Change() {
            @Override
            public void commit() { }

            @Override
            public void rollback() { }
        };
    }
}
