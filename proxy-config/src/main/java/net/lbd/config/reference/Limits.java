package net.lbd.config.reference;

import java.util.ArrayList;
import java.util.List;

/**
 * What this version reads and does not carry out of rows that it carries out otherwise: the one list that {@code lbd -dK} and the
 * reference tell of it from. {@code LimitsTest} holds it against what the check says (LB1217). Stateless.
 */
public final class Limits {

    /**
     * Words of one row with which the daemon refuses to start.
     *
     * @param table as {@link KeywordList} names it
     * @param words in the form of the manual
     * @param message a regular expression that finds what the check says of them
     */
    public record Limit(String table, String row, String words, String message) { }

    static final List<Limit> ALL = List.of(
            new Limit("proxy", "compression direction", "request, both", "'compression direction (request|both)'"),
            new Limit("proxy", "filter", "trace, spoe, fcgi-app, opentracing", "'filter [a-z-]+'"),
            new Limit("proxy", "tcp-response content", "in mode http", "'tcp-response content' in mode http"),
            new Limit("proxy", "tcp-check connect", "via-socks4", "'tcp-check connect … via-socks4'"),
            new Limit("proxy", "http-check connect", "via-socks4, proto h2, proto fcgi", "'(http-check connect … via-socks4|proto (h2|fcgi))'"),
            new Limit("proxy", "log", "profile", "'log … profile'"),
            new Limit("proxy", "bind", "sockpair@", "the address 'sockpair@[0-9]+'"),
            new Limit("global", "stats socket", "abns@, fd@, a host name", "((an abstract name|a name) as in 'stats socket [^']+'|the address 'fd@[0-9]+')"),
            new Limit("server", "proto", "fcgi, none", "'server … proto (fcgi|none)'"),
            new Limit("server", "check-proto", "fcgi", "'check-proto fcgi'"));

    private Limits() { }

    /** The words of a row that are not carried out; empty if there are none. */
    static String of(String table, String row) {
        List<String> words = new ArrayList<>();
        for (Limit limit : ALL) {
            if (limit.table().equals(table) && limit.row().equals(row)) {
                words.add(limit.words());
            }
        }
        return String.join(", ", words);
    }
}
