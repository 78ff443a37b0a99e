package net.lbd.health.check;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import net.lbd.config.model.CheckStep;

/**
 * What an {@code expect} reports beside its pattern: statuses, messages, a code. Immutable. Source: HAProxy manual,
 * "tcp-check expect".
 *
 * @param comment that of the step, or of the comment step before it
 */
record ExpectationTexts(int minimumBytes, Optional<CheckStatus> okStatus, Optional<CheckStatus> errorStatus,
        CheckStatus timeoutStatus, Optional<CheckLanguage.Text> onSuccess, Optional<CheckLanguage.Text> onError,
        Optional<CheckLanguage.Number> statusCode, Optional<String> comment) {

    static final ExpectationTexts PLAIN = new ExpectationTexts(-1, Optional.empty(), Optional.empty(), CheckStatus.L7TOUT,
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    static ExpectationTexts of(CheckStep.Expectation spec, CheckLanguage language, Optional<String> comment) {
        return new ExpectationTexts(spec.minimumBytes(), spec.okStatus().map(CheckStatus::valueOf),
                spec.errorStatus().map(CheckStatus::valueOf),
                spec.timeoutStatus().map(CheckStatus::valueOf).orElse(CheckStatus.L7TOUT),
                spec.onSuccess().map(language::text), spec.onError().map(language::text),
                spec.statusCode().map(language::number), comment);
    }

    /** @param code that of the protocol; one that {@code status-code} yields counts more */
    Outcome passed(CheckScope scope, OptionalInt code, String info) {
        return new Outcome.Next(okStatus.orElse(CheckStatus.L7OK), code(scope, code), onSuccess.map(t -> text(t, scope)).orElse(info));
    }

    /** @param info what is told unless {@code on-error} says something else */
    Outcome failed(CheckScope scope, CheckStatus otherwise, OptionalInt code, String info) {
        return new Outcome.Fail(errorStatus.orElse(otherwise), code(scope, code),
                onError.map(t -> text(t, scope)).orElse(info) + comment.map(c -> " comment: " + c).orElse(""));
    }

    private OptionalInt code(CheckScope scope, OptionalInt otherwise) {
        if (statusCode.isEmpty()) {
            return otherwise;
        }
        return OptionalInt.of((int) statusCode.get().evaluate(scope).orElse(0));
    }

    private static String text(CheckLanguage.Text text, CheckScope scope) {
        return new String(text.render(scope), StandardCharsets.ISO_8859_1);
    }
}
