package net.lbd.core.session;

/** What went wrong with a connection before it could carry traffic, with HAProxy's number and words. Source: HAProxy manual, "fc_err_str". */
public enum ConnectionError {
    NONE(0, "Success"),
    PROXY_CLOSED(11, "Connection closed while waiting for PROXY protocol header"),
    PROXY_TIMEOUT(13, "Timeout while waiting for PROXY protocol header"),
    PROXY_TRUNCATED(14, "Truncated PROXY protocol header received"),
    PROXY_OTHER(15, "Received something which does not look like a PROXY protocol header"),
    PROXY_INVALID(16, "Received an invalid PROXY protocol header"),
    CIP_CLOSED(18, "Connection closed while waiting for NetScaler Client IP header"),
    CIP_TIMEOUT(20, "Timeout while waiting for a NetScaler Client IP header"),
    CIP_TRUNCATED(21, "Truncated NetScaler Client IP header received"),
    CIP_MAGIC(22, "Received an invalid NetScaler Client IP magic number"),
    CIP_PROTOCOL(23, "Received an unhandled protocol in the NetScaler Client IP header"),
    TLS_CLOSED(24, "Connection closed during SSL handshake"),
    TLS_TIMEOUT(26, "Timeout during SSL handshake"),
    TLS_AUTHORITY(30, "SSL client CA chain cannot be verified"),
    TLS_CERTIFICATE(31, "SSL client certificate not trusted"),
    TLS_FAILED(34, "SSL handshake failure"),
    /** Of our own; HAProxy's numbers are far from these. */
    STARTTLS_CLOSED(1001, "Connection closed before STARTTLS"),
    STARTTLS_TIMEOUT(1002, "Timeout before STARTTLS"),
    STARTTLS_BAD(1003, "Too many or too long commands before STARTTLS"),
    STARTTLS_INJECTION(1004, "Commands sent in the clear behind STARTTLS");

    private final int number;
    private final String text;

    ConnectionError(int number, String text) {
        this.number = number;
        this.text = text;
    }

    public int number() {
        return number;
    }

    public String text() {
        return text;
    }
}
