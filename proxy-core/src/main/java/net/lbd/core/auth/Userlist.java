package net.lbd.core.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import net.lbd.config.model.UserlistSpec;
import org.apache.commons.codec.digest.Crypt;

/**
 * The users of a {@code userlist}. Thread-safe: the list is immutable, and what was found out about credentials is
 * kept in a map that all event loops share, under a digest of them. Source: HAProxy manual, "Userlists".
 */
public final class Userlist {

    /** Credentials remembered; beyond it all are forgotten, so that guessing cannot fill the memory. */
    private static final int REMEMBERED = 4096;

    private final Map<String, User> users;
    private final Map<String, Boolean> checked = new ConcurrentHashMap<>();
    private final byte[] salt = new byte[16];

    private record User(Optional<byte[]> password, boolean hashed, byte[][] groups) { }

    public Userlist(UserlistSpec spec) {
        this.users = spec.users().entrySet().stream().collect(Collectors.toUnmodifiableMap(
                entry -> bytesAsText(entry.getKey()), entry -> user(entry.getValue())));
        new java.security.SecureRandom().nextBytes(salt);
    }

    private static User user(UserlistSpec.User spec) {
        return new User(spec.password().map(Userlist::utf8), spec.hashed(),
                spec.groups().stream().sorted().map(Userlist::utf8).toArray(byte[][]::new));
    }

    /** Whether somebody must check the credentials away from the event loop before {@link #isValid} knows. */
    public boolean mustCheck(Credentials credentials) {
        User user = users.get(credentials.user());
        return user != null && user.hashed && user.password.isPresent() && !checked.containsKey(key(credentials));
    }

    /** Checks a hash; takes milliseconds. */
    public void check(Credentials credentials) {
        User user = users.get(credentials.user());
        if (user == null || user.password.isEmpty()) {
            return;
        }
        String hash = new String(user.password.get(), StandardCharsets.US_ASCII);
        byte[] password = credentials.password().getBytes(StandardCharsets.ISO_8859_1);
        String made = Crypt.crypt(password, hash);
        boolean same = MessageDigest.isEqual(made.getBytes(StandardCharsets.US_ASCII), user.password.get());
        if (checked.size() >= REMEMBERED) {
            checked.clear();
        }
        checked.put(key(credentials), same);
    }

    /** Whether the user is of this list and the password is right; false for a hash that was not checked. */
    public boolean isValid(Credentials credentials) {
        User user = users.get(credentials.user());
        if (user == null || user.password.isEmpty()) {
            return false;
        }
        return user.hashed ? checked.getOrDefault(key(credentials), false)
                : MessageDigest.isEqual(credentials.password().getBytes(StandardCharsets.ISO_8859_1), user.password.get());
    }

    /** The groups of a user; do not change the arrays. */
    public byte[][] groups(Credentials credentials) {
        return Objects.requireNonNull(users.get(credentials.user()), "user").groups;
    }

    /** A digest, so that no password lies in memory longer than its request. */
    private String key(Credentials credentials) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            digest.update(credentials.user().getBytes(StandardCharsets.ISO_8859_1));
            digest.update((byte) 0);
            return Base64.getEncoder().encodeToString(digest.digest(credentials.password().getBytes(StandardCharsets.ISO_8859_1)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** As credentials have it: one character for each byte. */
    private static String bytesAsText(String text) {
        return new String(utf8(text), StandardCharsets.ISO_8859_1);
    }
}
