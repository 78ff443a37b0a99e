package net.lbd.core.report;

import java.util.Objects;

/**
 * What is running. Immutable.
 *
 * @param date of the version, {@code yyyy/mm/dd}
 */
public record Product(String name, String version, String date) {

    /** Of an engine that was not told. */
    public static final Product UNKNOWN = new Product("lbd", "0", "1970/01/01");

    public Product {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(date, "date");
    }
}
