package net.lbd.core.http;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import java.util.Optional;

/** A response that a cache holds. Immutable. Source: RFC 9111 §4. */
public final class CachedResponse {

    /** What an entry takes beside its bytes: objects, table. */
    private static final int OVERHEAD_BYTES = 300;
    private static final byte[] REFERER = Ascii.bytes("referer");
    private static final byte[] IF_NONE_MATCH = Ascii.bytes("if-none-match");
    private static final byte[] IF_MODIFIED_SINCE = Ascii.bytes("if-modified-since");
    private static final byte[] HEAD = Ascii.bytes("HEAD");

    private final String key;
    private final byte[] fields;
    private final byte[] body;
    private final long storedMillis;
    private final long ageAtStoreSeconds;
    private final long lifetimeMillis;
    private final Optional<String> coding;
    private final Optional<String> referer;
    private final String etag;
    private final Optional<Instant> lastModified;

    /**
     * @param fields the header lines, each with its line end, without those about the connection, the length and the age
     * @param lifetimeMillis how long it is fresh from {@code storedMillis} on
     * @param coding what its content is encoded with, where it varies with that: empty text for nothing; without it any client takes it
     * @param referer of the request, where it varies with that
     */
    public CachedResponse(String key, byte[] fields, byte[] body, long storedMillis, long ageAtStoreSeconds, long lifetimeMillis,
            Optional<String> coding, Optional<String> referer) {
        this.key = Objects.requireNonNull(key, "key");
        this.fields = Objects.requireNonNull(fields, "fields");
        this.body = Objects.requireNonNull(body, "body");
        this.storedMillis = storedMillis;
        this.ageAtStoreSeconds = ageAtStoreSeconds;
        this.lifetimeMillis = lifetimeMillis;
        this.coding = Objects.requireNonNull(coding, "coding");
        this.referer = Objects.requireNonNull(referer, "referer");
        this.etag = field("etag").orElse("");
        this.lastModified = field("last-modified").flatMap(CachedResponse::date);
    }

    String key() {
        return key;
    }

    /** What it takes of the cache. */
    public long sizeBytes() {
        return OVERHEAD_BYTES + 2L * key.length() + fields.length + body.length;
    }

    /** The body; do not change it. */
    public byte[] body() {
        return body;
    }

    boolean isFresh(long nowMillis) {
        long age = nowMillis - storedMillis;
        return age >= 0 && age < lifetimeMillis;
    }

    /** Seconds until it is not fresh any more. */
    public long expiresInSeconds(long nowMillis) {
        return (storedMillis + lifetimeMillis - nowMillis) / 1000;
    }

    /** A number that stands for what it varies with; 0: nothing. */
    public int variant() {
        return coding.isEmpty() && referer.isEmpty() ? 0 : Objects.hash(coding, referer);
    }

    /** A number that stands for its target. */
    public int hash() {
        return key.hashCode();
    }

    /** Whether a request may be answered with it, as far as it varies. */
    boolean suits(HttpMessage request) {
        return (coding.isEmpty() || coding.get().isEmpty() || AcceptedCodings.takes(request, coding.get()))
                && (referer.isEmpty() || referer.get().equals(text(request, REFERER).orElse("")));
    }

    /** Whether it takes the place of another. */
    boolean isVariantOf(CachedResponse other) {
        return coding.equals(other.coding) && referer.equals(other.referer);
    }

    /** Whether the client has it already (RFC 9110 §13.1). */
    public boolean isKnownTo(HttpMessage request) {
        Optional<String> tags = text(request, IF_NONE_MATCH);
        if (tags.isPresent()) {
            return tags.get().strip().equals("*") || !etag.isEmpty() && matches(tags.get());
        }
        Optional<Instant> since = text(request, IF_MODIFIED_SINCE).flatMap(CachedResponse::date);
        return since.isPresent() && lastModified.isPresent() && !lastModified.get().isAfter(since.get());
    }

    private boolean matches(String tags) {
        for (String tag : tags.split(",")) {
            if (weak(tag.strip()).equals(weak(etag))) {
                return true;
            }
        }
        return false;
    }

    private static String weak(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }

    /** The head of an answer, ready to be read. */
    public byte[] head(boolean notModified, long nowMillis) {
        long age = ageAtStoreSeconds + Math.max(0, nowMillis - storedMillis) / 1000;
        StringBuilder head = new StringBuilder(notModified ? "HTTP/1.1 304 Not Modified\r\n" : "HTTP/1.1 200 OK\r\n")
                .append(new String(fields, StandardCharsets.ISO_8859_1))
                .append("Content-Length: ").append(body.length).append("\r\nAge: ").append(age).append("\r\n\r\n");
        return head.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Whether a request wants the body, too. */
    public static boolean wantsBody(HttpMessage request) {
        return !request.methodIs(HEAD);
    }

    private Optional<String> field(String name) {
        for (String line : new String(fields, StandardCharsets.ISO_8859_1).split("\r\n")) {
            if (line.regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
                return Optional.of(line.substring(name.length() + 1).strip());
            }
        }
        return Optional.empty();
    }

    static Optional<String> text(HttpMessage message, byte[] lowerName) {
        int i = message.find(lowerName, 0);
        return i < 0 ? Optional.empty() : Optional.of(new String(message.bytes(), message.valueOffset(i), message.valueLength(i),
                StandardCharsets.ISO_8859_1));
    }

    /** RFC 9110 §5.6.7, in the form that is written since 1994; another is no date. */
    static Optional<Instant> date(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
