package net.lbd.core.backend;

import java.util.Optional;
import net.lbd.config.model.ConnectionMode;
import net.lbd.config.model.ForwardFor;
import net.lbd.config.model.HttpReuse;
import net.lbd.config.model.RetryOn;
import net.lbd.core.http.HttpOptions;

/**
 * The directives of a backend that steer single streams. Times are milliseconds; 0 stands for no limit.
 * Immutable.
 *
 * @param retries attempts after the first
 * @param abortOnClose {@code option abortonclose}
 * @param maxKeepAliveQueue how many may wait for the server of the last request before another is taken; -1: any number
 * @param redispatchEvery 0: never; -1: the last retry; n: every n-th retry goes to another server
 */
public record BackendPolicy(
        long connectTimeoutMillis,
        long serverTimeoutMillis,
        long queueTimeoutMillis,
        long tunnelTimeoutMillis,
        long serverFinTimeoutMillis,
        int retries,
        RetryOn retryOn,
        int redispatchEvery,
        ConnectionMode connectionMode,
        HttpReuse reuse,
        boolean preferLastServer,
        boolean abortOnClose,
        Optional<ForwardFor> forwardFor,
        long tarpitTimeoutMillis,
        long inspectDelayMillis,
        long responseInspectDelayMillis,
        int maxKeepAliveQueue,
        HttpOptions http) {

    /** Of a backend that no stream uses. */
    public static final BackendPolicy NONE = new BackendPolicy(
            5000, 0, 5000, 0, 0, 0, RetryOn.CONNECTIONS, 0, ConnectionMode.KEEP_ALIVE, HttpReuse.SAFE, false, false, Optional.empty(), 5000, 0, 0, -1,
            HttpOptions.USUAL);

    /** {@code http-reuse never}: a server connection stays with the client it was opened for. */
    public boolean keepsConnectionsApart() {
        return reuse == HttpReuse.NEVER;
    }
}
