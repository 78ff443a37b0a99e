package net.lbd.config.model;

/** The type of a sample. Source: HAProxy manual, section "Fetching data samples". */
public enum SampleType {
    /** Converters only: whatever comes in. */
    ANY,
    BOOLEAN, INTEGER,
    /** An IPv4 or IPv6 address. */
    ADDRESS,
    /** Text; bytes as they came, no character set is assumed. */
    STRING,
    BINARY,
    /** An HTTP method; behaves as a string. */
    METHOD
}
