package net.lbd.config.keyword.rule;

import java.util.EnumSet;
import java.util.Set;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.keyword.sample.Checkpoint;
import net.lbd.config.model.RuleSet;

/** When the rules of each set are looked at. Stateless. */
public final class RuleCheckpoints {

    private RuleCheckpoints() { }

    /** The moments at which rules of the set are looked at in this kind of section. */
    public static Set<Checkpoint> of(RuleSet set, SectionKind kind) {
        boolean front = kind != SectionKind.BACKEND;
        boolean back = kind != SectionKind.FRONTEND;
        EnumSet<Checkpoint> found = EnumSet.noneOf(Checkpoint.class);
        switch (set) {
            case TCP_REQUEST_CONNECTION -> found.add(Checkpoint.FRONTEND_CONNECTION);
            case TCP_REQUEST_SESSION -> found.add(Checkpoint.FRONTEND_SESSION);
            case TCP_REQUEST_CONTENT -> add(found, front, Checkpoint.FRONTEND_CONTENT, back, Checkpoint.BACKEND_CONTENT);
            case USE_SERVER, FORCE_PERSIST, IGNORE_PERSIST -> found.add(Checkpoint.SERVER_CHOICE);
            case MONITOR_FAIL -> found.add(Checkpoint.FRONTEND_REQUEST);
            case HTTP_REQUEST, REDIRECT, STATS_ADMIN, STATS_ACCESS -> add(found, front, Checkpoint.FRONTEND_REQUEST, back, Checkpoint.BACKEND_REQUEST);
            case TCP_RESPONSE_CONTENT -> found.add(Checkpoint.BACKEND_RESPONSE_CONTENT);
            case HTTP_RESPONSE, HTTP_AFTER_RESPONSE ->
                    add(found, front, Checkpoint.FRONTEND_RESPONSE, back, Checkpoint.BACKEND_RESPONSE);
        }
        return found;
    }

    private static void add(Set<Checkpoint> to, boolean front, Checkpoint atFront, boolean back, Checkpoint atBack) {
        if (front) {
            to.add(atFront);
        }
        if (back) {
            to.add(atBack);
        }
    }
}
