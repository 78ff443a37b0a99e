package net.lbd.core.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import net.lbd.config.syntax.SourceLocation;

/**
 * What a configuration does with one request, step by step. Immutable.
 *
 * @param bind the line that the request came through; empty if no bind fits its port and scheme, and the
 *     frontend was taken because it speaks HTTP
 * @param backend empty if the frontend answered, or nothing leads to one
 * @param candidates the servers that the balancing may choose among, all taken for up
 * @param named the one of them that persistence names
 * @param status of an answer made by the proxy
 * @param redirect the Location of that answer
 * @param aborted the connection is closed without an answer
 * @param headerChanges what becomes of the request on its way to the server: {@code + name: value},
 *     {@code - name: value}, in the order of the message
 * @param persistence the keys that would send the request to the server that its client had, one line each
 * @param responseChanges what the rules make of an answer of 200 without headers, as {@code headerChanges}
 */
public record Explanation(
        String frontend,
        Optional<SourceLocation> bind,
        List<Step> steps,
        Optional<String> backend,
        List<Candidate> candidates,
        Optional<Named> named,
        String balance,
        OptionalInt status,
        Optional<String> redirect,
        boolean aborted,
        List<String> headerChanges,
        List<String> persistence,
        List<String> responseChanges,
        List<Timeout> timeouts) {

    public Explanation {
        Objects.requireNonNull(frontend, "frontend");
        Objects.requireNonNull(bind, "bind");
        steps = List.copyOf(steps);
        Objects.requireNonNull(backend, "backend");
        candidates = List.copyOf(candidates);
        Objects.requireNonNull(named, "named");
        Objects.requireNonNull(balance, "balance");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(redirect, "redirect");
        headerChanges = List.copyOf(headerChanges);
        persistence = List.copyOf(persistence);
        responseChanges = List.copyOf(responseChanges);
        timeouts = List.copyOf(timeouts);
    }

    /**
     * A rule that was looked at.
     *
     * @param keyword such as {@code http-request}; {@code use_backend} and {@code default_backend} too
     * @param action such as {@code deny}
     * @param fired its condition held
     */
    public record Step(SourceLocation location, String keyword, String action, boolean fired, List<Acl> acls) {
        public Step {
            acls = List.copyOf(acls);
        }
    }

    /** An ACL of a rule's condition: whether it holds by itself; anonymous ones have their text as name. */
    public record Acl(String name, SourceLocation location, boolean holds) { }

    /**
     * The server that a request goes to whatever the balancing would say.
     *
     * @param by such as {@code cookie SRV}
     */
    public record Named(String server, String by) {
        public Named {
            Objects.requireNonNull(server, "server");
            Objects.requireNonNull(by, "by");
        }
    }

    /** A server that may be chosen. */
    public record Candidate(String name, String address, int weight, boolean backup, SourceLocation location) { }

    /** A timeout that applies. */
    public record Timeout(String name, Duration value, SourceLocation origin) { }
}
