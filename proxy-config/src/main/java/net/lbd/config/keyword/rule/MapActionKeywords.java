package net.lbd.config.keyword.rule;

import static net.lbd.config.model.RuleSet.HTTP_AFTER_RESPONSE;
import static net.lbd.config.model.RuleSet.HTTP_REQUEST;
import static net.lbd.config.model.RuleSet.HTTP_RESPONSE;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import net.lbd.config.model.ActionSpec;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.model.RuleSet;

/** The actions that change maps while the proxy runs. Source: HAProxy manual, "http-request set-map". */
public final class MapActionKeywords {

    /** {@code set-map(file) KEY VALUE}. */
    public record SetMap(String file, LogFormatSpec key, LogFormatSpec value) implements ActionSpec {
        public SetMap {
            Objects.requireNonNull(file, "file");
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(value, "value");
        }
    }

    /** {@code del-map(file) KEY}. */
    public record DelMap(String file, LogFormatSpec key) implements ActionSpec {
        public DelMap {
            Objects.requireNonNull(file, "file");
            Objects.requireNonNull(key, "key");
        }
    }

    /** {@code add-acl(file) KEY}. */
    public record AddAcl(String file, LogFormatSpec key) implements ActionSpec {
        public AddAcl {
            Objects.requireNonNull(file, "file");
            Objects.requireNonNull(key, "key");
        }
    }

    /** {@code del-acl(file) KEY}. */
    public record DelAcl(String file, LogFormatSpec key) implements ActionSpec {
        public DelAcl {
            Objects.requireNonNull(file, "file");
            Objects.requireNonNull(key, "key");
        }
    }

    private static final Set<RuleSet> ALL = Set.of(HTTP_REQUEST, HTTP_RESPONSE, HTTP_AFTER_RESPONSE);

    static final List<ActionKeyword> ROWS = List.of(
            ActionKeyword.of("set-map", ALL, "<key> <value>", """
                    Sets an entry of a map; written set-map(file). It holds until a reload. Difference: maps by regular
                    expression do not change.""",
                    context -> new SetMap(file(context), context.format("a key"), context.format("a value"))),
            ActionKeyword.of("del-map", ALL, "<key>", "Takes an entry out of a map; written del-map(file).",
                    context -> new DelMap(file(context), context.format("a key"))),
            ActionKeyword.of("add-acl", ALL, "<key>", """
                    Adds a pattern to a file that ACLs name with -f; written add-acl(file). It holds until a reload.""",
                    context -> new AddAcl(aclFile(context), context.format("a key"))),
            ActionKeyword.of("del-acl", ALL, "<key>", "Takes a pattern out of a file that ACLs name with -f; written del-acl(file).",
                    context -> new DelAcl(aclFile(context), context.format("a key"))));

    private MapActionKeywords() { }

    private static String aclFile(ActionContext context) {
        return context.inParentheses("the name of a file of patterns, as in add-acl(blocked.lst)");
    }

    private static String file(ActionContext context) {
        return context.inParentheses("the name of a map file, as in set-map(hosts.map)");
    }
}
