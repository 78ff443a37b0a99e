package net.lbd.config.check;

import java.util.List;
import net.lbd.config.draft.CheckDraft;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.model.CheckSpec;
import net.lbd.config.model.CheckStep;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Diagnostics;

/** Whether the steps of a proxy's check make a sequence. Used for one proxy by one thread. */
final class CheckSequence {

    private final ProxyDraft proxy;
    private final Diagnostics diagnostics;

    CheckSequence(ProxyDraft proxy, Diagnostics diagnostics) {
        this.proxy = proxy;
        this.diagnostics = diagnostics;
    }

    void check() {
        CheckDraft check = proxy.check();
        if (check.kind() == CheckSpec.Kind.CONNECT && check.http().isEmpty() && check.tcp().isEmpty()) {
            return;
        }
        unused(check.http(), CheckSpec.Kind.HTTP, "'http-check' has no effect without 'option httpchk' in ");
        unused(check.tcp(), CheckSpec.Kind.TCP, "'tcp-check' has no effect without 'option tcp-check' in ");
        connectFirst(check.counting());
        expectBehindSend(check);
        if (check.kind() == CheckSpec.Kind.EXTERNAL && check.command().isEmpty()) {
            diagnostics.error(Code.MISSING_ARGUMENT, proxy.name(),
                    proxy.title() + " has 'option external-check', but no 'external-check command' names the program");
        }
    }

    private void unused(List<CheckDraft.Line> lines, CheckSpec.Kind kind, String message) {
        if (!lines.isEmpty() && proxy.check().kind() != kind) {
            diagnostics.warn(Code.NO_EFFECT, lines.get(0).keyword(), message + proxy.title());
        }
    }

    private void connectFirst(List<CheckDraft.Line> lines) {
        boolean acted = false;
        for (CheckDraft.Line line : lines) {
            if (line.step() instanceof CheckStep.Connect) {
                if (acted) {
                    diagnostics.error(Code.NOT_HERE, line.keyword(), "the first step must be a connect, as a later one is: '"
                            + line.keyword() + "' stands behind others",
                            "put '" + line.keyword() + "' before the first send or expect; set-var, unset-var and comment may stand before it");
                }
                return;
            }
            acted |= !(line.step() instanceof CheckStep.Comment || line.step() instanceof CheckStep.SetVar
                    || line.step() instanceof CheckStep.UnsetVar);
        }
    }

    /** One connection carries one request, and an answer is expected of a request. */
    private void expectBehindSend(CheckDraft check) {
        if (check.kind() != CheckSpec.Kind.HTTP) {
            return;
        }
        boolean sends = check.http().stream().anyMatch(line -> line.step() instanceof CheckStep.HttpSend);
        boolean sent = false;
        boolean expected = false;
        for (CheckDraft.Line line : check.http()) {
            if (line.step() instanceof CheckStep.Connect) {
                if (sent && !expected) {
                    diagnostics.error(Code.NOT_HERE, line.keyword(),
                            "the request before this step has no 'http-check expect': its answer would be thrown away");
                }
                sent = false;
                expected = false;
            } else if (line.step() instanceof CheckStep.HttpSend) {
                if (sent) {
                    diagnostics.error(Code.NOT_HERE, line.keyword(),
                            "a check's connection carries one request: this one needs an 'http-check connect' before it");
                }
                sent = true;
            } else if (line.step() instanceof CheckStep.HttpExpect) {
                expected = true;
                if (sends && !sent) {
                    diagnostics.error(Code.NOT_HERE, line.keyword(),
                            "nothing was sent on this connection that could be answered", "put 'http-check send' before it");
                }
            }
        }
    }
}
