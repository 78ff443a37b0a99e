package net.lbd.config.model;

import java.util.Set;

/**
 * Errors of certificates that do not end a handshake. Immutable.
 *
 * @param all whether every one is meant
 * @param numbers those meant, by OpenSSL's numbers
 */
public record IgnoredErrors(boolean all, Set<Integer> numbers) {

    public static final IgnoredErrors NONE = new IgnoredErrors(false, Set.of());

    public IgnoredErrors {
        numbers = Set.copyOf(numbers);
    }

    public boolean contains(int error) {
        return all || numbers.contains(error);
    }

    public boolean isNone() {
        return !all && numbers.isEmpty();
    }
}
