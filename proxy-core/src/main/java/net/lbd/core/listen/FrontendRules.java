package net.lbd.core.listen;

import java.util.Objects;
import java.util.Optional;
import net.lbd.core.rule.BackendSwitch;
import net.lbd.core.rule.ErrorPages;
import net.lbd.core.rule.Monitor;
import net.lbd.core.rule.RuleList;

/** The compiled rules of a frontend. Immutable. */
public record FrontendRules(
        RuleList tcpConnection,
        RuleList tcpSession,
        RuleList tcpContent,
        RuleList httpRequest,
        RuleList redirect,
        RuleList httpResponse,
        RuleList afterResponse,
        BackendSwitch switching,
        ErrorPages errors,
        Optional<Monitor> monitor) {

    public FrontendRules {
        Objects.requireNonNull(tcpConnection, "tcpConnection");
        Objects.requireNonNull(tcpSession, "tcpSession");
        Objects.requireNonNull(tcpContent, "tcpContent");
        Objects.requireNonNull(httpRequest, "httpRequest");
        Objects.requireNonNull(redirect, "redirect");
        Objects.requireNonNull(httpResponse, "httpResponse");
        Objects.requireNonNull(afterResponse, "afterResponse");
        Objects.requireNonNull(switching, "switching");
        Objects.requireNonNull(errors, "errors");
        Objects.requireNonNull(monitor, "monitor");
    }
}
