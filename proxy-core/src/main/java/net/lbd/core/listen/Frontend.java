package net.lbd.core.listen;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.model.CaptureSpec;
import net.lbd.config.model.ConnectionMode;
import net.lbd.config.model.ForwardFor;
import net.lbd.config.model.ProxyMode;
import net.lbd.core.backend.Backend;
import net.lbd.core.connect.SocketPolicy;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.HttpOptions;
import net.lbd.core.stats.ProxyCounters;

/** A frontend as one snapshot of the configuration has it. Immutable, but for its counters. */
public final class Frontend {

    private final String name;
    private final byte[] nameBytes;
    private final int number;
    private final Generation generation;
    private final ProxyMode mode;
    private final Policy policy;
    private final List<CaptureSpec> requestCaptures;
    private final List<CaptureSpec> responseCaptures;
    private final FrontendRules rules;
    private final FrontendLog log;
    private final Backend withoutBackend;
    private final ProxyCounters counters;

    /**
     * The directives that steer single streams. Times are milliseconds; 0 stands for no limit.
     *
     * @param maxConnections 0: without limit of its own
     */
    public record Policy(
            int maxConnections,
            long clientTimeoutMillis,
            long httpRequestTimeoutMillis,
            long keepAliveTimeoutMillis,
            long tunnelTimeoutMillis,
            long clientFinTimeoutMillis,
            ConnectionMode connectionMode,
            Optional<ForwardFor> forwardFor,
            long tarpitTimeoutMillis,
            long inspectDelayMillis,
            long handshakeTimeoutMillis,
            SocketPolicy sockets,
            int ownConnections,
            HttpOptions http) {
        public Policy {
            Objects.requireNonNull(sockets, "sockets");
            Objects.requireNonNull(http, "http");
            Objects.requireNonNull(connectionMode, "connectionMode");
            Objects.requireNonNull(forwardFor, "forwardFor");
        }
    }

    /** @param number {@code fe_id} */
    public Frontend(String name, int number, Generation generation, ProxyMode mode, Policy policy, List<CaptureSpec> captures, FrontendRules rules,
            FrontendLog log, ProxyCounters counters) {
        this.name = Objects.requireNonNull(name, "name");
        this.nameBytes = Ascii.bytes(name);
        this.number = number;
        this.generation = Objects.requireNonNull(generation, "generation");
        this.mode = Objects.requireNonNull(mode, "mode");
        this.policy = Objects.requireNonNull(policy, "policy");
        this.requestCaptures =
                captures.stream().filter(c -> c.direction() == CaptureSpec.Direction.REQUEST).toList();
        this.responseCaptures =
                captures.stream().filter(c -> c.direction() == CaptureSpec.Direction.RESPONSE).toList();
        this.rules = Objects.requireNonNull(rules, "rules");
        this.log = Objects.requireNonNull(log, "log");
        this.withoutBackend = Backend.none(name, number, mode);
        this.counters = Objects.requireNonNull(counters, "counters");
    }

    public String name() {
        return name;
    }

    /** The name as the log writes it; do not change it. */
    public byte[] nameBytes() {
        return nameBytes;
    }

    /** {@code fe_id}. */
    public int number() {
        return number;
    }

    /** The load of the configuration that this is of; a stream has that of its frontend. */
    public Generation generation() {
        return generation;
    }

    public ProxyMode mode() {
        return mode;
    }

    public Policy policy() {
        return policy;
    }

    public List<CaptureSpec> requestCaptures() {
        return requestCaptures;
    }

    public List<CaptureSpec> responseCaptures() {
        return responseCaptures;
    }

    public FrontendRules rules() {
        return rules;
    }

    public FrontendLog log() {
        return log;
    }

    /** The stand-in for the backend of a stream that has not chosen one. */
    public Backend withoutBackend() {
        return withoutBackend;
    }

    public ProxyCounters counters() {
        return counters;
    }

    @Override
    public String toString() {
        return name;
    }
}
