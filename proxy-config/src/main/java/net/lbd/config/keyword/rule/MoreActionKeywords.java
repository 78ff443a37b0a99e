package net.lbd.config.keyword.rule;

import static net.lbd.config.model.RuleSet.HTTP_AFTER_RESPONSE;
import static net.lbd.config.model.RuleSet.HTTP_REQUEST;
import static net.lbd.config.model.RuleSet.HTTP_RESPONSE;
import static net.lbd.config.model.RuleSet.TCP_REQUEST_CONTENT;
import static net.lbd.config.model.RuleSet.TCP_RESPONSE_CONTENT;
import static net.lbd.config.keyword.rule.ActionKeyword.notYet;

import java.util.List;
import java.util.Set;
import net.lbd.config.model.RuleSet;

/** Actions that this version reads and does not carry out. Source: HAProxy manual, "Actions keywords". */
final class MoreActionKeywords {

    private static final Set<RuleSet> REQUEST = Set.of(HTTP_REQUEST);
    private static final Set<RuleSet> RESPONSE = Set.of(HTTP_RESPONSE);
    private static final Set<RuleSet> HTTP = Set.of(HTTP_REQUEST, HTTP_RESPONSE, HTTP_AFTER_RESPONSE);
    private static final Set<RuleSet> BOTH = Set.of(HTTP_REQUEST, HTTP_RESPONSE);
    private static final Set<RuleSet> AFTER = Set.of(HTTP_RESPONSE, HTTP_AFTER_RESPONSE);
    private static final Set<RuleSet> TCP_CONTENT = Set.of(TCP_REQUEST_CONTENT, TCP_RESPONSE_CONTENT);

    private MoreActionKeywords() { }

    static final List<ActionKeyword> HTTP_ROWS = List.of(
            notYet("ot-group", HTTP, "<filter> <group>", "Runs a group of the OpenTracing filter."),
            notYet("send-spoe-group", BOTH, "<engine> <group>", "Sends a group of messages to an agent."));

    static final List<ActionKeyword> TCP_ROWS = List.of(
            notYet("ot-group", TCP_CONTENT, "<filter> <group>", "Runs a group of the OpenTracing filter."),
            notYet("send-spoe-group", TCP_CONTENT, "<engine> <group>", "Sends a group of messages to an agent."),
            notYet("use-service", Set.of(TCP_REQUEST_CONTENT), "<service:service>", "Answers by a built-in service: prometheus-exporter, or one of Lua."));
}
