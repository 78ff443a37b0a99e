package net.lbd.config.keyword.rule;

import net.lbd.config.model.ActionSpec;

/**
 * The actions of {@code tcp-request} and {@code tcp-response}. Source: HAProxy manual, section
 * "Actions keywords".
 */
public final class TcpActionKeywords {

    /** {@code accept}: ends the rule list. */
    public record Accept() implements ActionSpec { }

    /** {@code reject}: closes the connection. */
    public record Reject() implements ActionSpec { }

    private TcpActionKeywords() { }
}
