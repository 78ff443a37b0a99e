package net.lbd.health;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import net.lbd.health.check.CheckRunner;

/**
 * When a server is checked and how long a check may take. Immutable. HAProxy manual, "inter", "timeout check".
 *
 * @param inter from the end of one check to the start of the next while the server is fully up; HAProxy's
 *     default is 2 s
 * @param fastinter the same while it is going down or up, or yet unchecked; {@code inter} if not configured
 * @param downinter the same while it is down; {@code inter} if not configured
 * @param rise checks that must pass in a row before a server that is down counts as up; HAProxy's default is 2
 * @param fall checks that must fail in a row before a server that is up counts as down; HAProxy's default is 3
 * @param connectTimeout {@code timeout connect}
 * @param checkTimeout {@code timeout check}; without it, {@code inter} bounds the whole check
 */
public record Timing(
        Duration inter,
        Duration fastinter,
        Duration downinter,
        int rise,
        int fall,
        Optional<Duration> connectTimeout,
        Optional<Duration> checkTimeout) {

    public Timing {
        requirePositive(inter, "inter");
        requirePositive(fastinter, "fastinter");
        requirePositive(downinter, "downinter");
        if (rise < 1 || fall < 1) {
            throw new IllegalArgumentException("rise and fall must be at least 1, not " + rise + " and " + fall);
        }
        connectTimeout.ifPresent(time -> requirePositive(time, "connect timeout"));
        checkTimeout.ifPresent(time -> requirePositive(time, "check timeout"));
    }

    /** HAProxy's defaults, but for the interval. */
    public static Timing every(Duration inter) {
        return new Timing(inter, inter, inter, 2, 3, Optional.empty(), Optional.empty());
    }

    /**
     * The limits of one check: with {@code timeout check}, the smaller of {@code timeout connect} and {@code
     * inter} for the connection and {@code timeout check} for the rest; without it, {@code inter} for all.
     */
    CheckRunner.Deadlines deadlines() {
        if (checkTimeout.isEmpty()) {
            return new CheckRunner.Deadlines(inter, Optional.empty());
        }
        Duration connect = connectTimeout.filter(time -> time.compareTo(inter) < 0).orElse(inter);
        return new CheckRunner.Deadlines(connect, checkTimeout);
    }

    private static void requirePositive(Duration time, String name) {
        Objects.requireNonNull(time, name);
        if (time.isZero() || time.isNegative()) {
            throw new IllegalArgumentException(name + " must be positive, not " + time);
        }
    }
}
