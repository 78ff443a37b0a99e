package net.lbd.core.runtime;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import net.lbd.core.backend.ServerState.Admin;

/**
 * What an agent's line asks for. Immutable. Source: HAProxy manual, "agent-check".
 *
 * @param up whether the server is well; empty if the line says nothing of it
 * @param percent of the configured weight
 * @param maxConnections streams at a time; 0: without limit
 * @param status the word that decided {@code up}
 * @param unknown the first word that means nothing here; empty if there is none
 */
record AgentWords(Optional<Boolean> up, Optional<Admin> admin, OptionalInt percent, OptionalInt maxConnections, String status, String unknown) {

    /** Reads a line: words parted by blanks and commas; what follows {@code #} is a description. */
    static AgentWords of(String line) {
        Optional<Boolean> up = Optional.empty();
        Optional<Admin> admin = Optional.empty();
        OptionalInt percent = OptionalInt.empty();
        OptionalInt maxConnections = OptionalInt.empty();
        String status = "";
        String unknown = "";
        int sharp = line.indexOf('#');
        String words = sharp < 0 ? line : line.substring(0, sharp);
        for (String word : words.split("[ \\t,]+")) {
            String lower = word.toLowerCase(Locale.ROOT);
            switch (lower) {
                case "" -> { }
                case "up" -> {
                    up = Optional.of(true);
                    status = lower;
                }
                case "down", "fail", "stopped" -> {
                    up = Optional.of(false);
                    status = lower;
                }
                case "ready" -> admin = Optional.of(Admin.READY);
                case "drain" -> admin = Optional.of(Admin.DRAIN);
                case "maint" -> admin = Optional.of(Admin.MAINT);
                default -> {
                    OptionalInt number = percent(lower);
                    OptionalInt limit = limit(lower);
                    if (limit.isPresent()) {
                        maxConnections = limit;
                    } else if (number.isPresent()) {
                        percent = number;
                    } else if (unknown.isEmpty()) {
                        unknown = word;
                    }
                }
            }
        }
        return new AgentWords(up, admin, percent, maxConnections, status, unknown);
    }

    private static OptionalInt limit(String word) {
        return word.matches("maxconn:[0-9]{1,9}") ? OptionalInt.of(Integer.parseInt(word.substring(8))) : OptionalInt.empty();
    }

    private static OptionalInt percent(String word) {
        if (!word.matches("[0-9]{1,5}%")) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(Integer.parseInt(word.substring(0, word.length() - 1)));
    }
}
