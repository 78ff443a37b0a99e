package net.lbd.core.http;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Takes a response down on its way to the client, for a cache: its head when {@code cache-store} sees it, its data as they come. Nothing
 * is kept unless it comes to its end, and what grows beyond the largest object is let go at once. Event-loop confined.
 */
public final class CacheRecorder {

    private static final byte[] GET = Ascii.bytes("GET");
    private static final byte[] SET_COOKIE = Ascii.bytes("set-cookie");
    private static final byte[] SET_COOKIE2 = Ascii.bytes("set-cookie2");
    private static final byte[] CACHE_CONTROL = Ascii.bytes("cache-control");
    private static final byte[] EXPIRES = Ascii.bytes("expires");
    private static final byte[] DATE = Ascii.bytes("date");
    private static final byte[] AGE = Ascii.bytes("age");
    private static final byte[] VARY = Ascii.bytes("vary");
    private static final byte[] CONTENT_ENCODING = Ascii.bytes("content-encoding");
    private static final int NOT_KEPT = KnownHeader.CONTENT_LENGTH | KnownHeader.TRANSFER_ENCODING | KnownHeader.CONNECTION | KnownHeader.KEEP_ALIVE
            | KnownHeader.PROXY_CONNECTION | KnownHeader.UPGRADE | KnownHeader.TRAILER;
    private static final Set<String> CODINGS = Set.of("gzip", "x-gzip", "deflate", "compress", "x-compress", "br", "zstd", "identity",
            "aes128gcm", "exi", "pack200-gzip", "dcb", "dcz");
    private static final int OK = 200;

    private final CachePlan plan;
    private final byte[] fields;
    private final long ageSeconds;
    private final long lifetimeMillis;
    private final Optional<String> coding;
    private final Optional<String> referer;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(256);
    private boolean over;

    private CacheRecorder(CachePlan plan, byte[] fields, long ageSeconds, long lifetimeMillis, Optional<String> coding, Optional<String> referer) {
        this.plan = Objects.requireNonNull(plan, "plan");
        this.fields = fields;
        this.ageSeconds = ageSeconds;
        this.lifetimeMillis = lifetimeMillis;
        this.coding = coding;
        this.referer = referer;
    }

    /**
     * Begins to take a response down; empty if it may not be kept.
     *
     * @param framing of its body
     */
    public static Optional<CacheRecorder> begin(CachePlan plan, HttpMessage request, HttpMessage response, long framing) {
        if (!plan.mayStore() || response.status() != OK || !request.methodIs(GET) || framing == MessageFraming.TUNNEL
                || response.find(SET_COOKIE, 0) >= 0 || response.find(SET_COOKIE2, 0) >= 0 || !StoreCheck.mayBeStored(request, response)) {
            return Optional.empty();
        }
        byte[] fields = fields(response);
        long age = CachedResponse.text(response, AGE).map(CacheRecorder::number).orElse(0L);
        long lifetime = Math.min(lifetimeSeconds(plan, response), plan.cache().spec().maxAgeSeconds() + age) - age;
        Optional<String> vary = all(response, VARY);
        boolean byCoding = vary.isPresent() && names(vary.get()).anyMatch("accept-encoding"::equals);
        boolean byReferer = vary.isPresent() && names(vary.get()).anyMatch("referer"::equals);
        String coding = all(response, CONTENT_ENCODING).orElse("").toLowerCase(Locale.ROOT);
        boolean refused = vary.isPresent() && (!plan.cache().spec().vary()
                || !names(vary.get()).allMatch(name -> name.equals("accept-encoding") || name.equals("referer")))
                || byCoding && !names(coding).allMatch(CODINGS::contains);
        if (refused || age < 0 || lifetime <= 0 || fields.length + Math.max(0, framing) > plan.cache().spec().maxObjectBytes()) {
            return Optional.empty();
        }
        String encoded = coding.equals("identity") ? "" : coding;
        return Optional.of(new CacheRecorder(plan, fields, age, lifetime * 1000, byCoding ? Optional.of(encoded) : Optional.empty(),
                byReferer ? Optional.of(plan.referer()) : Optional.empty()));
    }

    private static java.util.stream.Stream<String> names(String list) {
        return Arrays.stream(list.split(",")).map(name -> name.strip().toLowerCase(Locale.ROOT)).filter(name -> !name.isEmpty());
    }

    /** The values of all headers of a name. */
    private static Optional<String> all(HttpMessage message, byte[] lowerName) {
        StringBuilder all = new StringBuilder();
        for (int i = message.find(lowerName, 0); i >= 0; i = message.find(lowerName, i + 1)) {
            all.append(all.length() == 0 ? "" : ",").append(new String(message.bytes(), message.valueOffset(i), message.valueLength(i),
                    StandardCharsets.ISO_8859_1));
        }
        return all.length() == 0 ? Optional.empty() : Optional.of(all.toString());
    }

    /** -1: no number. */
    private static long number(String text) {
        String digits = text.strip();
        return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : -1;
    }

    /** What the response says, else the largest that the cache allows. Source: RFC 9111 §4.2.1. */
    private static long lifetimeSeconds(CachePlan plan, HttpMessage response) {
        Optional<String> control = all(response, CACHE_CONTROL);
        for (String directive : new String[] {"s-maxage=", "max-age="}) {
            Optional<String> said = control.flatMap(c -> names(c).filter(part -> part.startsWith(directive)).findFirst());
            if (said.isPresent()) {
                return number(said.get().substring(directive.length()).replace("\"", ""));
            }
        }
        Optional<String> expires = CachedResponse.text(response, EXPIRES);
        if (expires.isPresent()) {
            Instant from = CachedResponse.text(response, DATE).flatMap(CachedResponse::date)
                    .orElseGet(() -> Instant.now());
            // What is no date means the past: RFC 9111 §5.3.
            return CachedResponse.date(expires.get()).map(end -> end.getEpochSecond() - from.getEpochSecond()).orElse(-1L);
        }
        return plan.cache().spec().maxAgeSeconds();
    }

    private static byte[] fields(HttpMessage response) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        byte[] bytes = response.bytes();
        for (int i = 0; i < response.headerCount(); i++) {
            boolean age = response.nameLength(i) == AGE.length && Ascii.equalsIgnoreCase(bytes, response.nameOffset(i), AGE);
            if (!response.isRemoved(i) && (response.kind(i) & NOT_KEPT) == 0 && !age) {
                out.write(bytes, response.nameOffset(i), response.nameLength(i));
                out.write(':');
                out.write(' ');
                out.write(bytes, response.valueOffset(i), response.valueLength(i));
                out.write('\r');
                out.write('\n');
            }
        }
        return out.toByteArray();
    }

    /** Data of the body; the buffer's indexes stay. */
    public void add(ByteBuf in, int from, int length) {
        if (over) {
            return;
        }
        if (fields.length + (long) body.size() + length > plan.cache().spec().maxObjectBytes() || !plan.cache().reserve(length)) {
            abandon();
            return;
        }
        for (int i = from; i < from + length; i++) {
            body.write(in.getByte(i));
        }
    }

    /** The response has come to its end. */
    public void finish() {
        if (!over) {
            plan.cache().put(new CachedResponse(plan.key(), fields, body.toByteArray(), plan.cache().nowMillis(), ageSeconds, lifetimeMillis, coding, referer));
            abandon();
        }
    }

    /** Nothing of it is kept. */
    public void abandon() {
        if (!over) {
            over = true;
            plan.cache().giveBack(body.size());
            body.reset();
        }
    }
}
