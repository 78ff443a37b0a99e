package net.lbd.config.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.syntax.SourceLocation;

/**
 * A {@code log} line that names a target. Immutable. Source: HAProxy manual, "log".
 *
 * @param sampling empty: every line is sent
 * @param lengthBytes longer lines are cut (default 1024)
 * @param level messages less important than this are not sent (default debug: all are)
 * @param minLevel messages more important than this are sent as this (default emerg: none changes)
 */
public record LogTargetSpec(
        SourceLocation location,
        Destination destination,
        Format format,
        Facility facility,
        Level level,
        Level minLevel,
        int lengthBytes,
        Optional<Sampling> sampling) {

    public LogTargetSpec {
        Objects.requireNonNull(location, "location");
        Objects.requireNonNull(destination, "destination");
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(facility, "facility");
        Objects.requireNonNull(level, "level");
        Objects.requireNonNull(minLevel, "minLevel");
        Objects.requireNonNull(sampling, "sampling");
    }

    /**
     * Which lines of a row of {@code size} are sent; the next row begins behind them.
     *
     * @param sent true for each that is, from the first
     */
    public record Sampling(List<Boolean> sent) {
        public Sampling {
            sent = List.copyOf(sent);
        }

        public int size() {
            return sent.size();
        }
    }

    /** Where lines go. */
    public sealed interface Destination {
        /** A syslog server; port 514 when none is written. */
        record Udp(String host, int port) implements Destination { }

        /** A local syslog daemon's datagram socket, such as {@code /dev/log}. */
        record UnixDatagram(String path) implements Destination { }

        /** {@code tcp@}: a connection to a syslog server; port 514 when none is written. */
        record Tcp(String host, int port) implements Destination { }

        /** {@code uxst@PATH}: a local syslog daemon's stream socket. */
        record UnixStream(String path) implements Destination { }

        /** {@code ring@NAME}. */
        record Ring(RingSpec ring) implements Destination {
            public Ring {
                Objects.requireNonNull(ring, "ring");
            }
        }

        /** {@code stdout} or {@code fd@1}. */
        record Stdout() implements Destination { }

        /** {@code stderr} or {@code fd@2}. */
        record Stderr() implements Destination { }

        /** {@code file@PATH}: appended to. <em>Difference:</em> HAProxy has no file target. */
        record File(String path) implements Destination { }
    }

    /** What surrounds the message. */
    public enum Format {
        /** Syslog as RFC 3164 with a host name only if {@code log-send-hostname} asks for one. */
        RFC3164("rfc3164"),
        /** As RFC 3164 without host name: for a local syslog daemon. */
        LOCAL("local"),
        RFC5424("rfc5424"),
        /** Priority and message only. */
        PRIORITY("priority"),
        /** Level in angle brackets and message: for journald. */
        SHORT("short"),
        /** {@code SHORT} behind an ISO time. */
        TIMED("timed"),
        /** {@code SHORT} behind a local time of ISO form. */
        ISO("iso"),
        /** The message only. */
        RAW("raw");

        private final String keyword;

        Format(String keyword) {
            this.keyword = keyword;
        }

        public String keyword() {
            return keyword;
        }
    }

    /** Syslog facilities; the ordinal is the code of RFC 5424 §6.2.1. */
    public enum Facility {
        KERN, USER, MAIL, DAEMON, AUTH, SYSLOG, LPR, NEWS, UUCP, CRON, AUTH2, FTP, NTP, AUDIT, ALERT, CRON2,
        LOCAL0, LOCAL1, LOCAL2, LOCAL3, LOCAL4, LOCAL5, LOCAL6, LOCAL7
    }

    /** Syslog severities; the ordinal is the code of RFC 5424 §6.2.1. */
    public enum Level { EMERG, ALERT, CRIT, ERR, WARNING, NOTICE, INFO, DEBUG }
}
