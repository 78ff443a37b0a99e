package net.lbd.core.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import net.lbd.config.model.SharedSections;

/** The userlists of one configuration, made when a rule first names one. Thread-safe. */
public final class Logins {

    private final SharedSections shared;
    private final Map<String, Userlist> lists = new ConcurrentHashMap<>();
    private final PasswordChecker checker = new PasswordChecker();

    public Logins(SharedSections shared) {
        this.shared = shared;
    }

    /** A list, which the configuration checker knows to exist. */
    public Userlist list(String name) {
        return lists.computeIfAbsent(name, n -> new Userlist(shared.userlists().get(n)));
    }

    /** Whether no rule asks for a login. */
    public boolean isEmpty() {
        return lists.isEmpty();
    }

    /** Every list that rules ask, and so may have to be checked before they are looked at. */
    public List<Userlist> all() {
        return new ArrayList<>(lists.values());
    }

    public PasswordChecker checker() {
        return checker;
    }
}
