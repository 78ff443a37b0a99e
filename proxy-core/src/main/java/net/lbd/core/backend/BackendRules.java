package net.lbd.core.backend;

import java.util.Objects;
import java.util.Optional;
import net.lbd.core.rule.ErrorPages;
import net.lbd.core.rule.ForwardedHeader;
import net.lbd.core.rule.RuleList;
import net.lbd.core.stick.Stickiness;

/**
 * The compiled rules of a backend. Immutable.
 *
 * @param forwarded {@code option forwarded}
 * @param ofListen the backend is the server side of a {@code listen} section, whose rules have been looked at already
 *     if the stream came through its own client side
 */
public record BackendRules(RuleList tcpContent, RuleList tcpResponse, RuleList httpRequest, RuleList redirect, RuleList httpResponse, RuleList afterResponse,
        ErrorPages errors, Optional<ForwardedHeader> forwarded, Stickiness stick,
        boolean ofListen, Persistence persistence) {

    public static final BackendRules NONE =
            new BackendRules(RuleList.EMPTY, RuleList.EMPTY, RuleList.EMPTY, RuleList.EMPTY, RuleList.EMPTY, RuleList.EMPTY,
                    ErrorPages.NONE, Optional.empty(), Stickiness.NONE, false, Persistence.NONE);

    public BackendRules {
        Objects.requireNonNull(tcpContent, "tcpContent");
        Objects.requireNonNull(tcpResponse, "tcpResponse");
        Objects.requireNonNull(httpRequest, "httpRequest");
        Objects.requireNonNull(redirect, "redirect");
        Objects.requireNonNull(httpResponse, "httpResponse");
        Objects.requireNonNull(afterResponse, "afterResponse");
        Objects.requireNonNull(errors, "errors");
        Objects.requireNonNull(forwarded, "forwarded");
        Objects.requireNonNull(stick, "stick");
        Objects.requireNonNull(persistence, "persistence");
    }

    /** The same rules for other servers. */
    public BackendRules of(Stickiness newStick, Persistence newPersistence) {
        return new BackendRules(tcpContent, tcpResponse, httpRequest, redirect, httpResponse, afterResponse, errors, forwarded, newStick,
                ofListen, newPersistence);
    }
}
