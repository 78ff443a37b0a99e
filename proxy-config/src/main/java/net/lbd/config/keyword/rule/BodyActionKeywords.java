package net.lbd.config.keyword.rule;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Durations;
import net.lbd.config.grammar.Sizes;
import net.lbd.config.grammar.Support;
import net.lbd.config.model.ActionSpec;
import net.lbd.config.model.RuleSet;
import net.lbd.config.syntax.Word;

/** The actions about bodies of messages. Source: HAProxy manual, "http-request wait-for-body", "http-response wait-for-body". */
public final class BodyActionKeywords {

    /** {@code wait-for-body time TIME [at-least BYTES]}; 0 bytes: all of it. */
    public record WaitForBody(Duration time, int atLeastBytes) implements ActionSpec {
        public WaitForBody {
            Objects.requireNonNull(time, "time");
        }
    }

    static final List<ActionKeyword> ROWS = List.of(new ActionKeyword("wait-for-body", List.of(),
            Set.of(RuleSet.HTTP_REQUEST, RuleSet.HTTP_RESPONSE), "time <time> [at-least <bytes>]", """
            Waits until the body is there, as much of it as is asked for, or as much as the buffer takes (tune.bufsize); a client that is
            slower than the time is answered 408. A client that waits for it gets its 100 from here. Of a response: a server that is
            slower than the time makes the answer a 504.""", Support.SUPPORTED, BodyActionKeywords::waitForBody));

    private BodyActionKeywords() { }

    private static Optional<ActionSpec> waitForBody(ActionContext context) {
        Arguments arguments = context.arguments();
        Optional<Duration> time = Optional.empty();
        int atLeast = 0;
        while (!context.atCondition()) {
            Word word = arguments.next("a parameter");
            switch (word.text()) {
                case "time" -> time = Optional.of(arguments.next("a time", Durations.POSITIVE_MILLIS));
                case "at-least" -> atLeast = arguments.next("a size", Sizes.upTo(1 << 30));
                default -> throw arguments.unknown(word, "parameter", List.of("time", "at-least", "if", "unless"));
            }
        }
        if (time.isEmpty()) {
            throw arguments.missing("'time' and how long to wait");
        }
        return Optional.of(new WaitForBody(time.get(), atLeast));
    }
}
