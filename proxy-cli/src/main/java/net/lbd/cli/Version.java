package net.lbd.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import net.lbd.core.report.Product;

/** Which version of lbd this is, as the build wrote it down. Immutable. */
public final class Version {

    public static final Version CURRENT = read();

    private final String number;
    private final String date;

    private Version(String number, String date) {
        this.number = number;
        this.date = date;
    }

    /** Such as {@code 0.1.0}. */
    public String number() {
        return number;
    }

    /** The date of the build's sources, {@code yyyy/mm/dd}. */
    public String date() {
        return date;
    }

    /** As reports name it. */
    public Product product() {
        return new Product("lbd", number, date);
    }

    private static Version read() {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            if (in == null) {
                throw new IllegalStateException("version.properties is missing: the build is broken");
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String timestamp = properties.getProperty("timestamp");
        return new Version(properties.getProperty("version"),
                timestamp.substring(0, "yyyy-mm-dd".length()).replace('-', '/'));
    }

    /** {@code lbd version 0.1.0 2026/11/21}. */
    @Override
    public String toString() {
        return "lbd version " + number + " " + date;
    }
}
