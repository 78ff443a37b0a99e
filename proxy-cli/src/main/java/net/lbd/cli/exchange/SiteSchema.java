package net.lbd.cli.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The JSON schema of the form: what an editor needs to complete and to check it. */
public final class SiteSchema {

    private static final String RESOURCE = "site.schema.json";

    private SiteSchema() { }

    /** JSON Schema, draft 2020-12. */
    public static String text() {
        try (InputStream in = SiteSchema.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing beside its class");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
