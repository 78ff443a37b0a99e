package net.lbd.core.tls;

import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * The keys of session tickets, oldest first: the last but one encrypts, all decrypt, and the last is known in time for the next
 * change. Contexts that follow them have them at once. A key has 48 bytes: a name, a key for AES-128 and one for HMAC. Thread-safe:
 * changed under its own lock. Source: HAProxy manual, "tls-ticket-keys". <em>Difference:</em> keys of 80 bytes are refused.
 */
public final class TicketKeys {

    /** The length of a key. */
    public static final int BYTES = 48;
    private static final int LONG_BYTES = 80;
    private static final int PART = 16;
    /** How many there are at least, and always of our own. */
    private static final int LEAST = 3;

    private final List<byte[]> keys;
    private final Set<SslContext> followers = Collections.newSetFromMap(new WeakHashMap<>());

    private TicketKeys(List<byte[]> keys) {
        this.keys = new ArrayList<>(keys);
    }

    /** Keys that nobody else has. */
    static TicketKeys random() {
        List<byte[]> keys = new ArrayList<>();
        for (int i = 0; i < LEAST; i++) {
            keys.add(newKey());
        }
        return new TicketKeys(keys);
    }

    /** For a check, in which nothing is encrypted: asking for random bytes would load what makes them, a twentieth of a check's time. */
    static TicketKeys ofCheck() {
        return new TicketKeys(List.of(new byte[BYTES], new byte[BYTES], new byte[BYTES]));
    }

    /** Those of a file, one a line in base64. */
    static TicketKeys read(Path file) throws TlsException {
        List<byte[]> keys = new ArrayList<>();
        String what = "'tls-ticket-keys " + file + "': ";
        List<String> lines;
        try {
            lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new TlsException(what + "cannot be read: " + e.getMessage(), e);
        }
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                keys.add(key(what + "line " + (i + 1), lines.get(i).strip()));
            }
        }
        if (keys.size() < LEAST) {
            throw new TlsException(what + "wants three keys at least, has " + keys.size() + "; make one with: openssl rand -base64 " + BYTES);
        }
        return new TicketKeys(keys);
    }

    private static byte[] key(String what, String text) throws TlsException {
        try {
            byte[] key = Base64.getDecoder().decode(text);
            if (key.length == LONG_BYTES) {
                throw new TlsException(what + " is a key of 80 bytes (AES-256), which BoringSSL does not take; make one of 48 with: openssl rand -base64 "
                        + BYTES);
            }
            if (key.length != BYTES) {
                throw new TlsException(what + " is a key of " + key.length + " bytes; it must have " + BYTES);
            }
            return key;
        } catch (IllegalArgumentException e) {
            throw new TlsException(what + " is not valid base64", e);
        }
    }

    /** Copies, oldest first. */
    public synchronized List<byte[]> keys() {
        return keys.stream().map(byte[]::clone).toList();
    }

    /** Adds the newest and forgets the oldest: the one that was newest encrypts now. */
    public synchronized void push(byte[] key) {
        keys.remove(0);
        keys.add(key.clone());
        followers.forEach(this::give);
    }

    /** As {@link #push}, with a key of chance. */
    void rotate() {
        push(newKey());
    }

    /** Has a context use these keys from now on. */
    synchronized void follow(SslContext context) {
        give(context);
        followers.add(context);
    }

    private void give(SslContext context) {
        List<OpenSslSessionTicketKey> ordered = new ArrayList<>();
        int encrypting = keys.size() - 2;
        ordered.add(netty(keys.get(encrypting)));
        for (int i = 0; i < keys.size(); i++) {
            if (i != encrypting) {
                ordered.add(netty(keys.get(i)));
            }
        }
        ((OpenSslSessionContext) context.sessionContext()).setTicketKeys(ordered.toArray(new OpenSslSessionTicketKey[0]));
    }

    private static OpenSslSessionTicketKey netty(byte[] key) {
        return new OpenSslSessionTicketKey(Arrays.copyOf(key, PART), Arrays.copyOfRange(key, 2 * PART, BYTES),
                Arrays.copyOfRange(key, PART, 2 * PART));
    }

    private static byte[] newKey() {
        byte[] key = new byte[BYTES];
        new SecureRandom().nextBytes(key);
        return key;
    }
}
