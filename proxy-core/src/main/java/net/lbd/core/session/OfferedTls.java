package net.lbd.core.session;

import java.util.Objects;

/**
 * What a client's TLS hello offers, as far as {@code tune.ssl.capture-buffer-size} has room for it: suites, then extensions, groups and
 * point formats, each as it stands in the hello. Immutable; the arrays are not to be changed. Source: HAProxy manual,
 * "tune.ssl.capture-buffer-size".
 *
 * @param version the {@code legacy_version}, such as 0x0303
 * @param allSuites every suite, two bytes each, whatever there is room for: their hash is of all
 * @param suiteBytes how many bytes of {@code allSuites} there was room for
 * @param extensions their types, two bytes each
 * @param groups the elliptic curves, two bytes each
 * @param formats the formats of points, one byte each
 */
public record OfferedTls(int version, byte[] allSuites, int suiteBytes, byte[] extensions, byte[] groups, byte[] formats) {

    private static final byte[] EMPTY = {};

    /** Nothing was kept. */
    public static final OfferedTls NONE = new OfferedTls(0, EMPTY, 0, EMPTY, EMPTY, EMPTY);

    public OfferedTls {
        Objects.requireNonNull(allSuites, "allSuites");
        Objects.requireNonNull(extensions, "extensions");
        Objects.requireNonNull(groups, "groups");
        Objects.requireNonNull(formats, "formats");
    }
}
