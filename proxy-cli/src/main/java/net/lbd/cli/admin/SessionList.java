package net.lbd.cli.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.lbd.config.grammar.Addresses;
import net.lbd.config.model.PatternSpec;

/** What {@code show sess all} tells, by its words. Stateless. */
final class SessionList {

    static final String QUESTION = "show sess all";

    private static final Pattern WORD = Pattern.compile("([a-z_]+)=(\\S*)");

    /**
     * One session of mode tcp, or one stream of mode http.
     *
     * @param id of the connection, as {@code shutdown session} takes it; streams of one HTTP/2 connection have the same
     * @param backend empty before one is chosen
     * @param server empty before one is chosen
     * @param openMillis since the first byte of the request under way; -1 if there is none
     */
    record Session(String id, String source, String frontend, String backend, String server, String state, String http, boolean tls,
            long ageMillis, long openMillis, long requests, long bytesIn, long bytesOut) {

        boolean isOfService(String name) {
            return frontend.equals(name) || backend.equals(name);
        }

        /** @param name a server's, alone or behind its backend's and a slash */
        boolean isOnServer(String name) {
            return !server.isEmpty() && (server.equals(name) || (backend + "/" + server).equals(name));
        }

        /** A session over a Unix socket is in no network. */
        boolean isFrom(PatternSpec.Network network) {
            int port = source.lastIndexOf(':');
            Optional<byte[]> address = port < 0 ? Optional.empty() : Addresses.ip(source.substring(0, port)).map(ip -> ip.getAddress());
            return address.filter(network::contains).isPresent();
        }

        /** The values under the names that JSON has for them; those that there are none of are left out. */
        Map<String, Object> document() {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("id", id);
            document.put("source", source);
            document.put("frontend", frontend);
            put(document, "backend", backend);
            put(document, "server", server);
            document.put("state", state);
            document.put("tls", tls);
            put(document, "http", http);
            document.put("ageMilliseconds", ageMillis);
            if (openMillis >= 0) {
                document.put("requestOpenMilliseconds", openMillis);
            }
            document.put("requests", requests);
            document.put("bytesIn", bytesIn);
            document.put("bytesOut", bytesOut);
            return document;
        }

        private static void put(Map<String, Object> document, String key, String value) {
            if (!value.isEmpty()) {
                document.put(key, value);
            }
        }
    }

    private SessionList() { }

    /** @throws IOException with the daemon's own words if the answer is no list of sessions */
    static List<Session> parse(String answer) throws IOException {
        List<Map<String, String>> found = new ArrayList<>();
        for (String line : answer.lines().filter(l -> !l.isBlank()).toList()) {
            if (line.startsWith("0x")) {
                found.add(new LinkedHashMap<>(Map.of("id", line.substring(0, Math.max(2, line.indexOf(':'))))));
            } else if (found.isEmpty() || !line.startsWith(" ")) {
                throw new IOException(line.strip());
            }
            Matcher word = WORD.matcher(line);
            while (word.find()) {
                found.get(found.size() - 1).put(word.group(1), word.group(2));
            }
        }
        List<Session> sessions = new ArrayList<>();
        for (Map<String, String> words : found) {
            sessions.add(session(words));
        }
        return sessions;
    }

    private static Session session(Map<String, String> words) throws IOException {
        return new Session(words.get("id"), text(words, "source"), text(words, "frontend"), chosen(words, "backend"), chosen(words, "server"),
                text(words, "state"), text(words, "http").equals("no") ? "" : text(words, "http"), text(words, "tls").equals("yes"),
                number(words, "age_ms"), number(words, "open_ms"), number(words, "requests"), number(words, "in"), number(words, "out"));
    }

    private static String text(Map<String, String> words, String key) throws IOException {
        String value = words.get(key);
        if (value == null) {
            throw new IOException("the daemon's list of sessions has no '" + key + "': it is of another version than this lbctl; restart it");
        }
        return value;
    }

    /** HAProxy's words for what is not chosen yet stand in angle brackets, which no name holds. */
    private static String chosen(Map<String, String> words, String key) throws IOException {
        String value = text(words, key);
        return value.startsWith("<") ? "" : value;
    }

    private static long number(Map<String, String> words, String key) throws IOException {
        String value = text(words, key);
        if (!value.matches("-?[0-9]{1,18}")) {
            throw new IOException("the daemon's list of sessions has '" + key + "=" + value + "', which is no number");
        }
        return Long.parseLong(value);
    }
}
