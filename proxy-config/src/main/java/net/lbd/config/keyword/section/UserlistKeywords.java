package net.lbd.config.keyword.section;

import static net.lbd.config.grammar.SectionKind.USERLIST;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.draft.PlainDraft;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/** The lines of a {@code userlist}. Source: HAProxy manual, "Userlists". */
final class UserlistKeywords {

    /** MD5, SHA-256, SHA-512 and DES: what crypt(3) has on every system. */
    private static final ArgumentType<String> HASH = text -> {
        boolean known = text.matches("\\$(1|5|6)\\$(rounds=[0-9]{1,9}\\$)?[./0-9A-Za-z]{0,16}\\$[./0-9A-Za-z]{22,86}")
                || text.matches("[./0-9A-Za-z]{13}");
        if (!known) {
            throw new ValueException("this is no password hash that is known here; make one with 'openssl passwd -6', or write "
                    + "'insecure-password' for a password in the clear");
        }
        return text;
    };

    static final List<Directive<PlainDraft>> ROWS = List.of(
            Directive.<PlainDraft>of("group", Set.of(USERLIST), "<name> [users <user>,…]", "A group, and users that belong to it.",
                    (arguments, draft) -> {
                        Word name = arguments.next("a name");
                        if (draft.groups().putIfAbsent(name.text(), name) != null) {
                            arguments.warn(Code.DUPLICATE, name, "group '" + name + "' is in this list already");
                        }
                        if (arguments.skip("users")) {
                            Word users = arguments.next("names of users");
                            Arrays.stream(users.text().split(",")).forEach(user -> draft.memberships().add(
                                    new PlainDraft.Membership(user, name.text(), users)));
                        }
                        arguments.end();
                    }),
            Directive.<PlainDraft>of("user", Set.of(USERLIST),
                    "<name> [password <hash> | insecure-password <password>] [groups <group>,…]", """
                    A user. A password is a hash of crypt(3): $6$ (SHA-512), $5$ (SHA-256), $1$ (MD5) or DES.""",
                    UserlistKeywords::user));

    private UserlistKeywords() { }

    private static void user(Arguments arguments, PlainDraft draft) {
        Word name = arguments.next("a name");
        boolean known = draft.users().containsKey(name.text());
        if (known) {
            arguments.warn(Code.DUPLICATE, name, "user '" + name + "' is in this list already; this line is left out");
        }
        Optional<String> password = Optional.empty();
        boolean hashed = false;
        while (arguments.hasNext()) {
            Word word = arguments.next("a parameter");
            switch (word.text()) {
                case "password" -> {
                    Word hash = arguments.next("a hash");
                    try {
                        password = Optional.of(HASH.read(hash.text()));
                    } catch (ValueException e) {
                        // Not the usual message: it would show the hash.
                        throw new StatementException(Code.BAD_VALUE, hash, "'password': " + e.getMessage());
                    }
                    hashed = true;
                }
                case "insecure-password" -> {
                    password = Optional.of(arguments.next("a password").text());
                    hashed = false;
                }
                case "groups" -> {
                    Word groups = arguments.next("names of groups");
                    Arrays.stream(groups.text().split(",")).forEach(group -> draft.memberships().add(
                            new PlainDraft.Membership(name.text(), group, groups)));
                }
                default -> throw arguments.unknown(word, "parameter", List.of("password", "insecure-password", "groups"));
            }
        }
        if (!known) {
            draft.users().put(name.text(), new PlainDraft.User(password, hashed));
        }
    }
}
