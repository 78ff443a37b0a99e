package net.lbd.core.backend;

import java.util.Objects;
import net.lbd.core.rule.ErrorPages;
import net.lbd.core.rule.RuleList;

/** The compiled rules of a backend. Immutable. */
public record BackendRules(RuleList httpRequest, RuleList redirect, RuleList httpResponse, RuleList afterResponse,
        ErrorPages errors) {

    public static final BackendRules NONE =
            new BackendRules(RuleList.EMPTY, RuleList.EMPTY, RuleList.EMPTY, RuleList.EMPTY, ErrorPages.NONE);

    public BackendRules {
        Objects.requireNonNull(httpRequest, "httpRequest");
        Objects.requireNonNull(redirect, "redirect");
        Objects.requireNonNull(httpResponse, "httpResponse");
        Objects.requireNonNull(afterResponse, "afterResponse");
        Objects.requireNonNull(errors, "errors");
    }
}
