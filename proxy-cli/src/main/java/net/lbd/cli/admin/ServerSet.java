package net.lbd.cli.admin;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import net.lbd.cli.admin.DaemonStatus.Row;

/** Servers that a command of lbctl is about, as {@code BACKEND/SERVER}. Immutable. */
record ServerSet(Lbctl lbctl, List<String> names) {

    private static final long LOOK_MILLIS = 500;

    ServerSet {
        names = List.copyOf(names);
    }

    static List<Row> rows(Lbctl lbctl) throws IOException {
        return DaemonStatus.parse(lbctl.ask(DaemonStatus.QUESTION)).rows();
    }

    static String nameOf(Row row) {
        return row.proxy() + "/" + row.name();
    }

    static ServerSet where(Lbctl lbctl, List<Row> rows, Predicate<Row> wanted) {
        return new ServerSet(lbctl, rows.stream().filter(Row::isServer).filter(wanted).map(ServerSet::nameOf).toList());
    }

    /**
     * Those that a pattern names: {@code *} stands for anything, {@code ?} for one character.
     *
     * @throws IOException if there are none
     */
    static ServerSet matching(Lbctl lbctl, String pattern) throws IOException {
        if (pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0) {
            return new ServerSet(lbctl, List.of(pattern));
        }
        String[] parts = pattern.split("/", 2);
        if (parts.length < 2) {
            throw new IOException("'" + pattern + "' names no server; write BACKEND/SERVER, as in '*/ex1'");
        }
        PathMatcher backend = glob(parts[0]);
        PathMatcher server = glob(parts[1]);
        ServerSet found = where(lbctl, rows(lbctl), row -> backend.matches(Path.of(row.proxy())) && server.matches(Path.of(row.name())));
        if (found.names.isEmpty()) {
            throw new IOException("no server matches '" + pattern + "'; 'lbctl status' lists them");
        }
        return found;
    }

    /** Names have neither slashes nor anything that a glob reads besides * and ?. */
    private static PathMatcher glob(String pattern) throws IOException {
        if (!pattern.matches("[A-Za-z0-9_:.*?-]+")) {
            throw new IOException("'" + pattern + "' is no name of a backend or server, nor a pattern of one");
        }
        return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    }

    /** Tells each what to be; what is refused is told, and the others are changed all the same. */
    boolean set(String words) throws IOException {
        boolean done = true;
        for (String name : names) {
            String refusal = lbctl.ask("set server " + RawCommand.escape(name) + " " + words).strip();
            if (!refusal.isEmpty()) {
                lbctl.terminal().complain(name + ": " + refusal);
                done = false;
            }
        }
        return done;
    }

    private long sessions() throws IOException {
        return rows(lbctl).stream().filter(row -> row.isServer() && names.contains(nameOf(row))).mapToLong(row -> Long.parseLong(row.get("scur"))).sum();
    }

    /**
     * Waits until they have no session, and counts down.
     *
     * @param out where it counts
     * @return false if some were left at the end of the time
     */
    boolean awaitEmpty(Duration patience, PrintWriter out) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        long before = -1;
        while (true) {
            long left = sessions();
            if (left != before) {
                out.println(left == 0 ? "no session is left" : left + (left == 1 ? " session is left" : " sessions are left"));
                out.flush();
                before = left;
            }
            if (left == 0) {
                return true;
            }
            if (System.nanoTime() >= end) {
                lbctl.terminal().complain(left + (left == 1 ? " session is left" : " sessions are left") + " after " + patience.toSeconds() + " s; they go on");
                return false;
            }
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    /** What has become of them, for {@code --json}. */
    Map<String, Object> document(boolean done) throws IOException {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("done", done);
        document.put("servers", rows(lbctl).stream().filter(row -> row.isServer() && names.contains(nameOf(row))).map(row -> {
            Map<String, Object> server = new LinkedHashMap<>();
            server.put("backend", row.proxy());
            server.put("server", row.name());
            server.put("state", row.get("status"));
            StatusCommand.put(server, "weight", row.get("weight"));
            StatusCommand.put(server, "sessions", row.get("scur"));
            return server;
        }).toList());
        return document;
    }
}
