package net.lbd.config.model;

import java.util.Arrays;
import java.util.Optional;

/** Versions of TLS, oldest first. */
public enum TlsVersion {
    TLS_1_0("TLSv1.0", "TLSv1"), TLS_1_1("TLSv1.1", "TLSv1.1"), TLS_1_2("TLSv1.2", "TLSv1.2"),
    TLS_1_3("TLSv1.3", "TLSv1.3");

    private final String keyword;
    private final String javaName;

    TlsVersion(String keyword, String javaName) {
        this.keyword = keyword;
        this.javaName = javaName;
    }

    /** As the configuration spells it. */
    public String keyword() {
        return keyword;
    }

    /** As the JDK and Netty spell it. */
    public String javaName() {
        return javaName;
    }

    public static Optional<TlsVersion> byKeyword(String keyword) {
        return Arrays.stream(values()).filter(v -> v.keyword.equals(keyword)).findFirst();
    }
}
