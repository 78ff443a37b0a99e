package net.lbd.config.model;

import java.util.Locale;
import java.util.Set;

/** Whether an expression yields what would let somebody in: logins, and cookies, which stand for them. Stateless. */
public final class Credentials {

    private static final Set<String> FETCHES = Set.of("req.cook", "res.cook", "http_auth_pass", "http_auth_bearer", "req.hdrs",
            "res.hdrs", "req.hdrs_bin", "req.body", "req.body_param", "req.payload", "res.payload");
    private static final Set<String> HEADERS =
            Set.of("authorization", "proxy-authorization", "cookie", "set-cookie", "x-auth-token");
    /** What comes out of them does not tell what went in. */
    private static final Set<String> HASHES = Set.of("sha1", "sha2", "digest", "hmac", "md5", "crc32", "crc32c", "djb2", "sdbm",
            "wt6", "xxh32", "xxh64", "xxh3", "http_auth_user", "length", "in_table");

    private Credentials() { }

    public static boolean isSecret(SampleSpec sample) {
        return isSecret(sample.fetch()) && sample.converters().stream().noneMatch(c -> HASHES.contains(c.keyword()));
    }

    private static boolean isSecret(SampleSpec.Fetch fetch) {
        if (FETCHES.contains(fetch.keyword())) {
            return true;
        }
        return fetch.keyword().contains("hdr") && (fetch.arguments().isEmpty()
                || fetch.arguments().get(0) instanceof SampleSpec.Argument.Text name
                && HEADERS.contains(name.text().toLowerCase(Locale.ROOT)));
    }
}
