package net.lbd.core.log;

import java.time.ZoneId;
import java.util.Objects;
import java.util.Optional;

/**
 * Who speaks, in the header of a syslog line. Immutable.
 *
 * @param tag of {@code log-tag}
 * @param hostname of {@code log-send-hostname}; empty: none is sent
 * @param zone of the header's time
 * @param structured lines bring the structured data of RFC 5424 with them, in place of the dash of the header
 */
public record LogIdentity(String tag, long pid, Optional<String> hostname, ZoneId zone, boolean structured) {

    public LogIdentity(String tag, long pid, Optional<String> hostname, ZoneId zone) {
        this(tag, pid, hostname, zone, false);
    }

    public LogIdentity {
        Objects.requireNonNull(tag, "tag");
        Objects.requireNonNull(hostname, "hostname");
        Objects.requireNonNull(zone, "zone");
    }
}
