package net.lbd.config.model;

/** What a proxy understands of the bytes it carries. Source: HAProxy manual, "mode". */
public enum ProxyMode {
    /** Bytes only. The default. */
    TCP,
    /** HTTP requests and responses. */
    HTTP
}
