package net.lbd.health.check;

import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import net.lbd.config.model.CheckStep;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.model.SampleSpec;

/**
 * Compiles what a check says in the language of samples and log-format strings. This module knows that language
 * without expressions only ({@link #LITERALS}); whoever has fetches and converters brings them along. Thread-safe.
 */
public interface CheckLanguage {

    /** Text that may be another in each run. */
    interface Text {
        byte[] render(CheckScope scope);
    }

    /** A number; empty if the expression has no value. */
    interface Number {
        OptionalLong evaluate(CheckScope scope);
    }

    /** Sets or forgets a variable. */
    interface Assignment {
        void run(CheckScope scope);
    }

    /** @throws IllegalArgumentException if it says what cannot be carried out */
    Text text(LogFormatSpec format);

    /** @throws IllegalArgumentException if it says what cannot be carried out */
    Number number(SampleSpec sample);

    /** @throws IllegalArgumentException if it says what cannot be carried out */
    Assignment assignment(CheckStep.SetVar step);

    /** @throws IllegalArgumentException if it says what cannot be carried out */
    Assignment assignment(CheckStep.UnsetVar step);

    /** Whether any expression was compiled that may look at what servers answer: it is kept for them then. */
    default boolean readsAnswers() {
        return false;
    }

    /** For one run. */
    CheckScope newScope();

    /** Text without expressions, as UTF-8. */
    CheckLanguage LITERALS = new CheckLanguage() {
        @Override
        public Text text(LogFormatSpec format) {
            byte[] bytes = format.asLiteral().orElseThrow(() -> unknown(format.location() + ": '" + format.text() + "'"))
                    .getBytes(StandardCharsets.UTF_8);
            return scope -> bytes;
        }

        @Override
        public Number number(SampleSpec sample) {
            throw unknown(sample.location() + ": '" + sample.text() + "'");
        }

        @Override
        public Assignment assignment(CheckStep.SetVar step) {
            throw unknown(step.location() + ": set-var(" + step.name() + ")");
        }

        @Override
        public Assignment assignment(CheckStep.UnsetVar step) {
            throw unknown(step.location() + ": unset-var(" + step.name() + ")");
        }

        @Override
        public CheckScope newScope() {
            return CheckScope.NONE;
        }

        private IllegalArgumentException unknown(String what) {
            return new IllegalArgumentException(what + " needs the language of samples, which is not there");
        }
    };
}
