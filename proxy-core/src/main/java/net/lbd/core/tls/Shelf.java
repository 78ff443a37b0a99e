package net.lbd.core.tls;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The files of one kind that TLS is made from, by their names: what each holds, and the one that is being changed. A change is
 * begun, completed piece by piece, and put in service as a whole or given up; there is one at a time. Thread-safe: under the
 * store's lock, which no event loop takes. Source: HAProxy manual, "set ssl cert" and its kin.
 *
 * @param <T> what a file holds
 */
public final class Shelf<T> {

    /** A change that has been begun. */
    public record Pending<T>(String name, T content) {
        public Pending {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(content, "content");
        }
    }

    /** How a deletion went. */
    public enum Deletion { DONE, UNKNOWN, USED }

    private final CertificateStore store;
    private final Function<TlsSources, Map<String, T>> contents;
    private final Function<String, T> nothing;
    private Optional<Pending<T>> pending = Optional.empty();

    /**
     * @param contents where they are among all
     * @param nothing what a new one holds, by its name
     */
    Shelf(CertificateStore store, Function<TlsSources, Map<String, T>> contents, Function<String, T> nothing) {
        this.store = store;
        this.contents = contents;
        this.nothing = nothing;
    }

    /** What all of them hold, in the order of their names. */
    public Map<String, T> contents() {
        synchronized (store) {
            return new TreeMap<>(contents.apply(store.sources()));
        }
    }

    /** What one of them holds. */
    public Optional<T> find(String name) {
        return Optional.ofNullable(contents().get(name));
    }

    /** Whether a bind or a server, or a line of a list, is made from it. */
    public boolean isUsed(String name) {
        synchronized (store) {
            return store.sources().users().stream().anyMatch(user -> user.uses(name));
        }
    }

    public Optional<Pending<T>> pending() {
        synchronized (store) {
            return pending;
        }
    }

    /** Begins a change, or goes on with it. */
    public void change(String name, T content) {
        synchronized (store) {
            pending = Optional.of(new Pending<>(name, content));
        }
    }

    /** Gives the change up. */
    public void abort() {
        synchronized (store) {
            pending = Optional.empty();
        }
    }

    /**
     * Puts the change in service.
     *
     * @param content what has been begun, found to be complete
     * @return how many binds and servers are made from it
     * @throws TlsException if one of them cannot use it; nothing has changed, and the change goes on
     */
    public int commit(String name, T content) throws TlsException {
        synchronized (store) {
            int users = put(name, content);
            pending = Optional.empty();
            return users;
        }
    }

    int put(String name, T content) throws TlsException {
        synchronized (store) {
            return store.replace(name, sources -> contents.apply(sources).put(name, content));
        }
    }

    /** Makes a place for a new one; false if there is one of this name. */
    public boolean create(String name) {
        synchronized (store) {
            return contents.apply(store.sources()).putIfAbsent(name, nothing.apply(name)) == null;
        }
    }

    public Deletion delete(String name) {
        synchronized (store) {
            if (isUsed(name)) {
                return Deletion.USED;
            }
            return contents.apply(store.sources()).remove(name) == null ? Deletion.UNKNOWN : Deletion.DONE;
        }
    }

    void reset() {
        pending = Optional.empty();
    }
}
