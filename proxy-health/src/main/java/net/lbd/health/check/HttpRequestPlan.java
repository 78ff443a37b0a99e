package net.lbd.health.check;

import java.util.IdentityHashMap;
import java.util.Map;
import net.lbd.config.model.CheckStep.Header;
import net.lbd.config.model.CheckStep.HttpSend;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.health.http.HttpCheckRequest;

/** How a request is made: once if nothing in it can change, else anew for each run. Immutable. */
final class HttpRequestPlan {

    private static final byte[] NOT_FIXED = {};

    private final HttpSend send;
    private final boolean sendState;
    private final Map<LogFormatSpec, CheckLanguage.Text> texts = new IdentityHashMap<>();
    private final byte[] fixed;

    HttpRequestPlan(HttpSend send, CheckLanguage language, boolean sendState) {
        this.send = send;
        this.sendState = sendState;
        texts.put(send.target(), language.text(send.target()));
        texts.put(send.content(), language.text(send.content()));
        send.headers().forEach(h -> texts.put(h.format(), language.text(h.format())));
        boolean literal = send.target().asLiteral().isPresent() && send.content().asLiteral().isPresent()
                && send.headers().stream().map(Header::format).allMatch(f -> f.asLiteral().isPresent());
        this.fixed = literal && !sendState ? bytes(CheckScope.NONE, "") : NOT_FIXED;
    }

    String method() {
        return send.method();
    }

    String target() {
        return send.uri();
    }

    byte[] bytes(CheckScope scope, CheckRunner.Subject subject) {
        return fixed.length > 0 ? fixed : bytes(scope, sendState ? subject.stateHeader().get() : "");
    }

    private byte[] bytes(CheckScope scope, String state) {
        return HttpCheckRequest.bytes(send, format -> texts.get(format).render(scope), state);
    }
}
