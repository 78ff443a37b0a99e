package net.lbd.core.rule;

import java.util.List;
import java.util.Optional;
import net.lbd.config.keyword.rule.BandwidthKeywords.SetBandwidthLimit;
import net.lbd.config.model.BandwidthLimitSpec;
import net.lbd.config.model.RuleSet;
import net.lbd.config.model.SampleSpec;
import net.lbd.config.model.SampleType;
import net.lbd.config.model.StickDataType;
import net.lbd.config.model.StickTableSpec;
import net.lbd.core.sample.RuntimeNames;
import net.lbd.core.sample.Sample;
import net.lbd.core.sample.SampleExpression;
import net.lbd.core.stick.StickTable;
import net.lbd.core.stream.BandwidthBudget;
import net.lbd.core.stream.Stream;
import net.lbd.core.stream.Verdict;

/** The action that limits the bandwidth of a stream. Source: HAProxy manual (2.7 and later), "http-request set-bandwidth-limit". */
final class BandwidthActions {

    static final List<ActionCompiler<?>> ROWS = List.of(new ActionCompiler<>(SetBandwidthLimit.class, BandwidthActions::limit));

    private BandwidthActions() { }

    private static Action limit(SetBandwidthLimit action, RuleSet set, RuntimeNames names) {
        BandwidthLimitSpec filter = action.filter().orElseThrow();
        return filter.shared().isPresent() ? ofKey(filter, filter.shared().get(), names) : ofStream(action, filter, names);
    }

    private static Action ofStream(SetBandwidthLimit action, BandwidthLimitSpec filter, RuntimeNames names) {
        Optional<SampleExpression> limit = compiled(action.limit(), names);
        Optional<SampleExpression> period = compiled(action.periodMillis(), names);
        long fixedLimit = action.limitBytes().or(filter::defaultLimitBytes).orElseThrow();
        long fixedPeriod = action.period().or(filter::defaultPeriod).orElseThrow().toMillis();
        long defaultLimit = filter.defaultLimitBytes().orElseThrow();
        long defaultPeriod = filter.defaultPeriod().orElseThrow().toMillis();
        return stream -> {
            long bytes = limit.isPresent() ? number(stream, limit.get(), defaultLimit) : fixedLimit;
            long millis = period.isPresent() ? number(stream, period.get(), defaultPeriod) : fixedPeriod;
            stream.limitBandwidth(filter.ofResponse(),
                    new BandwidthBudget.OfStream(bytes, (int) Math.max(1, Math.min(Integer.MAX_VALUE, millis))), filter.minSizeBytes());
            return Verdict.CONTINUE;
        };
    }

    private static Optional<SampleExpression> compiled(Optional<SampleSpec> sample, RuntimeNames names) {
        return sample.map(spec -> SampleExpression.compile(spec, names));
    }

    /** What is no number above 0 leaves the default in force. */
    private static long number(Stream stream, SampleExpression expression, long otherwise) {
        Sample sample = stream.worker().scratch().take();
        long value = expression.evaluate(stream, sample, SampleType.INTEGER) && sample.number() > 0 ? sample.number() : otherwise;
        stream.worker().scratch().give(sample);
        return value;
    }

    private static Action ofKey(BandwidthLimitSpec filter, BandwidthLimitSpec.Shared shared, RuntimeNames names) {
        SampleExpression expression = SampleExpression.compile(shared.key(), names);
        StickTable table = names.table(shared.table());
        StickDataType rate = filter.ofResponse() ? StickDataType.BYTES_OUT_RATE : StickDataType.BYTES_IN_RATE;
        int period = table.spec().stored().stream().filter(stored -> stored.type() == rate).mapToInt(StickTableSpec.Stored::periodMillis)
                .findFirst().orElseThrow(() -> new IllegalArgumentException("table '" + table.name() + "' does not store " + rate.word()));
        return stream -> {
            Sample key = stream.worker().scratch().take();
            long handle = expression.evaluate(stream, key) && table.makeKey(key) ? table.findOrCreate(key) : StickTable.NONE;
            stream.worker().scratch().give(key);
            if (handle != StickTable.NONE) {
                stream.limitBandwidth(filter.ofResponse(),
                        new BandwidthBudget.OfKey(shared.limitBytes(), table, handle, rate, period), filter.minSizeBytes());
            }
            return Verdict.CONTINUE;
        };
    }
}
