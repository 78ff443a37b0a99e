package net.lbd.config.model;

import java.util.Arrays;
import java.util.Optional;

/** How a sample is compared with a pattern. Source: HAProxy manual, "Matching" of section ACL basics. */
public enum MatchMethod {
    FOUND("found"), BOOL("bool"), INT("int"), IP("ip"), BIN("bin"), LEN("len"), STR("str"),
    BEG("beg"), SUB("sub"), DIR("dir"), DOM("dom"), END("end"), REG("reg");

    private final String keyword;

    MatchMethod(String keyword) {
        this.keyword = keyword;
    }

    /** The name behind {@code -m} and the suffix of derived ACLs ({@code path_beg}). */
    public String keyword() {
        return keyword;
    }

    public static Optional<MatchMethod> byKeyword(String keyword) {
        return Arrays.stream(values()).filter(m -> m.keyword.equals(keyword)).findFirst();
    }
}
