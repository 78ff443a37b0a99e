package net.lbd.core.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.Settings;
import net.lbd.core.report.ProcessReport;

/**
 * For how many connections the limit of descriptors has room. Immutable. Source: HAProxy manual, "maxconn", "fd-hard-limit", "ulimit-n".
 *
 * @param limit descriptors that may be open: what the system allows, or less where {@code fd-hard-limit} or {@code ulimit-n} says so
 * @param other those that are not connections of traffic: listening sockets, checks, commands, files
 */
record DescriptorRoom(long limit, int other) {

    /** What opens now and then: log sinks, resolvers, the files of a reload, jars that are read late. */
    private static final int SPARE = 32;
    /** Clients of the command sockets, and their sockets. */
    private static final int COMMANDS = 12;
    /** With however few descriptors: somebody can be served. */
    private static final int LEAST_CHANNELS = 16;
    /** That part of the room is kept for connections to servers. */
    private static final int RESERVED_PART = 16;

    /**
     * @param atRest descriptors that were open before the first listener
     * @param sockets listening ones
     * @param checked servers that are checked, each with a connection of its own at times
     * @return empty where nobody can tell the limit, or there is none
     */
    static Optional<DescriptorRoom> of(Settings global, int atRest, int sockets, int checked) {
        OptionalLong system = systemLimit();
        if (system.isEmpty()) {
            return Optional.empty();
        }
        long limit = Math.min(system.getAsLong(), Math.min(global.find(GlobalSettings.FD_HARD_LIMIT).filter(n -> n > 0).orElse(Integer.MAX_VALUE),
                global.find(GlobalSettings.ULIMIT_N).filter(n -> n > 0).orElse(Integer.MAX_VALUE)));
        return Optional.of(new DescriptorRoom(limit, atRest + sockets + checked + COMMANDS + SPARE));
    }

    private static OptionalLong systemLimit() {
        return ProcessReport.openFiles().filter(text -> !text.equals("unlimited")).map(text -> OptionalLong.of(Long.parseLong(text)))
                .orElse(OptionalLong.empty());
    }

    /** How many descriptors are open; 0 where nobody can tell. */
    static int openNow() {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return (int) all.count();
        } catch (IOException e) {
            return 0;
        }
    }

    /** Connections, to clients and servers, for which there are descriptors. */
    int channels() {
        return (int) Math.max(LEAST_CHANNELS, Math.min(Integer.MAX_VALUE, limit - other));
    }

    /** What is kept for connections to servers, of clients that need more than one. */
    private int reserve() {
        return Math.max(4, channels() / RESERVED_PART);
    }

    /** With so many connections no more clients are accepted: as many clients as {@link #maxconn} says, each with its server, stay below. */
    int acceptedUpTo() {
        return channels() - reserve() + 1;
    }

    /** {@code maxconn} where the configuration says none: each client may have a server. */
    int maxconn() {
        return (channels() - reserve()) / 2;
    }

    /** What a {@code maxconn} would need. */
    long neededFor(int maxconn) {
        return 2L * maxconn + other;
    }
}
