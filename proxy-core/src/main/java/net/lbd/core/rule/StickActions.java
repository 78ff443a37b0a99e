package net.lbd.core.rule;

import java.util.List;
import java.util.Optional;
import net.lbd.config.keyword.rule.StickActionKeywords.ScAddGpc;
import net.lbd.config.keyword.rule.StickActionKeywords.ScSetGpt;
import net.lbd.config.keyword.rule.StickActionKeywords.TrackSc;
import net.lbd.config.model.RuleSet;
import net.lbd.config.model.SampleSpec;
import net.lbd.config.model.SampleType;
import net.lbd.config.model.StickDataType;
import net.lbd.core.sample.RuntimeNames;
import net.lbd.core.sample.Sample;
import net.lbd.core.sample.SampleExpression;
import net.lbd.core.stick.StickTable;
import net.lbd.core.stick.Tracking;
import net.lbd.core.stream.Stream;
import net.lbd.core.stream.Verdict;

/**
 * The actions on stick-tables. When what is counted was read off HAProxy 2.6: beginning to track counts a connection, and a
 * request if there is one. Source: HAProxy manual, "http-request track-sc0".
 */
final class StickActions {

    static final List<ActionCompiler<?>> ROWS = List.of(
            new ActionCompiler<>(TrackSc.class, StickActions::track),
            new ActionCompiler<>(ScAddGpc.class, StickActions::add),
            new ActionCompiler<>(ScSetGpt.class, StickActions::set));

    private StickActions() { }

    private static Action track(TrackSc action, RuleSet set, RuntimeNames names) {
        SampleExpression expression = SampleExpression.compile(action.key(), names);
        StickTable table = names.table(action.table());
        int counter = action.counter();
        boolean lasting = set == RuleSet.TCP_REQUEST_CONNECTION || set == RuleSet.TCP_REQUEST_SESSION;
        boolean response = set == RuleSet.HTTP_RESPONSE;
        return stream -> {
            if (stream.tracking(counter).has(counter)) {
                return Verdict.CONTINUE;
            }
            Sample key = stream.worker().scratch().take();
            long handle = expression.evaluate(stream, key) && table.makeKey(key) ? table.findOrCreate(key) : StickTable.NONE;
            stream.worker().scratch().give(key);
            if (handle != StickTable.NONE) {
                Tracking tracking = lasting ? stream.session().ownTracking() : stream.ownTracking();
                tracking.begin(counter, table, handle);
                if (!lasting && stream.isHttp()) {
                    tracking.count(counter, StickDataType.HTTP_REQ_CNT, StickDataType.HTTP_REQ_RATE, 1);
                }
                if (response) {
                    stream.countResponse(tracking, counter);
                }
            }
            return Verdict.CONTINUE;
        };
    }

    private static Action add(ScAddGpc action, RuleSet set, RuntimeNames names) {
        Number amount = Number.of(action.amount(), action.value(), names);
        int counter = names.stickCounter(action.counter());
        return stream -> {
            Tracking tracking = stream.tracking(counter);
            if (tracking.has(counter)) {
                long value = amount.of(stream);
                if (value > 0) {
                    tracking.table(counter).countGpc(tracking.handle(counter), action.index(), value);
                }
            }
            return Verdict.CONTINUE;
        };
    }

    private static Action set(ScSetGpt action, RuleSet set, RuntimeNames names) {
        Number number = Number.of(action.number(), action.value(), names);
        int counter = names.stickCounter(action.counter());
        return stream -> {
            Tracking tracking = stream.tracking(counter);
            if (tracking.has(counter)) {
                long value = number.of(stream);
                StickTable table = tracking.table(counter);
                StickDataType type = table.gpt(action.index());
                if (value >= 0) {
                    table.set(tracking.handle(counter), type, StickTable.element(type, action.index()), value);
                }
            }
            return Verdict.CONTINUE;
        };
    }

    /** A number of the configuration, or what an expression yields. */
    private record Number(long constant, Optional<SampleExpression> expression) {

        static Number of(long constant, Optional<SampleSpec> value, RuntimeNames names) {
            return new Number(constant, value.map(spec -> SampleExpression.compile(spec, names)));
        }

        /** -1: the expression has no value. */
        long of(Stream stream) {
            if (expression.isEmpty()) {
                return constant;
            }
            Sample sample = stream.worker().scratch().take();
            long value = expression.get().evaluate(stream, sample, SampleType.INTEGER) ? Math.max(-1, sample.number()) : -1;
            stream.worker().scratch().give(sample);
            return value;
        }
    }
}
