package net.lbd.config.grammar;

import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The kinds of sections. */
public enum SectionKind {
    GLOBAL("global"), DEFAULTS("defaults"), FRONTEND("frontend"), BACKEND("backend"), LISTEN("listen"),
    USERLIST("userlist"), PEERS("peers"), RESOLVERS("resolvers"), MAILERS("mailers"), CACHE("cache"),
    HTTP_ERRORS("http-errors"), RING("ring"), PROGRAM("program"), LOG_FORWARD("log-forward"), FCGI_APP("fcgi-app"),
    DIRECTOR("director"), VRRP("vrrp"), NAMESPACE_LIST("namespace_list");

    /** A line of the client side, and {@code defaults} for it. */
    public static final Set<SectionKind> FRONT = set(DEFAULTS, FRONTEND, LISTEN);
    /** A line of the server side, and {@code defaults} for it. */
    public static final Set<SectionKind> BACK = set(DEFAULTS, LISTEN, BACKEND);
    public static final Set<SectionKind> PROXIES = set(DEFAULTS, FRONTEND, LISTEN, BACKEND);
    /** As {@link #FRONT}, but not inherited. */
    public static final Set<SectionKind> FRONT_ONLY = set(FRONTEND, LISTEN);
    /** As {@link #BACK}, but not inherited. */
    public static final Set<SectionKind> BACK_ONLY = set(LISTEN, BACKEND);
    public static final Set<SectionKind> PROXIES_ONLY = set(FRONTEND, LISTEN, BACKEND);

    private static final Map<String, SectionKind> BY_KEYWORD = new HashMap<>();

    static {
        for (SectionKind kind : values()) {
            BY_KEYWORD.put(kind.keyword, kind);
        }
    }

    private final String keyword;

    SectionKind(String keyword) {
        this.keyword = keyword;
    }

    /** The word that begins such a section. */
    public String keyword() {
        return keyword;
    }

    public boolean isProxy() {
        return PROXIES.contains(this);
    }

    public boolean hasFrontend() {
        return this == FRONTEND || this == LISTEN;
    }

    public boolean hasBackend() {
        return this == BACKEND || this == LISTEN;
    }

    public static Optional<SectionKind> byKeyword(String keyword) {
        return Optional.ofNullable(BY_KEYWORD.get(keyword));
    }

    private static Set<SectionKind> set(SectionKind first, SectionKind... rest) {
        return Collections.unmodifiableSet(EnumSet.of(first, rest));
    }
}
