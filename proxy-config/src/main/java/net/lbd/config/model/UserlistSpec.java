package net.lbd.config.model;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** A {@code userlist} section. Immutable; printing it shows no password. Source: HAProxy manual, "Userlists". */
public record UserlistSpec(String name, Map<String, User> users) {

    /**
     * A user.
     *
     * @param password empty: the user cannot log in
     * @param hashed the password is a hash of crypt(3)
     */
    public record User(Optional<String> password, boolean hashed, Set<String> groups) {
        public User {
            Objects.requireNonNull(password, "password");
            groups = Set.copyOf(groups);
        }

        @Override
        public String toString() {
            return "User" + groups;
        }
    }

    public UserlistSpec {
        Objects.requireNonNull(name, "name");
        users = Map.copyOf(users);
    }
}
