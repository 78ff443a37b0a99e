package net.lbd.core.engine;

import net.lbd.testkit.Script;

/** Scripts for origins beyond those of the kit. */
final class OriginScripts {

    private OriginScripts() { }

    /** Reads a request and closes without an answer. */
    static Script closing() {
        return connection -> connection.readRequest();
    }
}
