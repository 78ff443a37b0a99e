package net.lbd.core.rule;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import net.lbd.config.keyword.rule.StreamActionKeywords;
import net.lbd.config.keyword.rule.StreamActionKeywords.Which;
import net.lbd.config.model.CaptureSpec;
import net.lbd.config.model.RuleSet;
import net.lbd.config.model.SampleType;
import net.lbd.core.sample.RuntimeNames;
import net.lbd.core.sample.Sample;
import net.lbd.core.sample.SampleExpression;
import net.lbd.core.sample.Scratch;
import net.lbd.core.session.Peer;
import net.lbd.core.stream.Stream;
import net.lbd.core.stream.Verdict;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The actions on the stream and its connection. Source: HAProxy manual, "Actions keywords". */
final class StreamActions {

    private static final Logger LOG = LoggerFactory.getLogger(StreamActions.class);
    /** SOL_SOCKET and SO_MARK of Linux. */
    private static final IntegerUnixChannelOption SO_MARK = new IntegerUnixChannelOption("SO_MARK", 1, 36);
    private static final Action NOTHING = stream -> Verdict.CONTINUE;

    static final List<ActionCompiler<?>> ROWS = List.of(
            new ActionCompiler<>(StreamActionKeywords.SetPriority.class, (action, set, names) -> priority(action, names)),
            new ActionCompiler<>(StreamActionKeywords.SetLogLevel.class, (action, set, names) -> {
                int level = action.level().map(Enum::ordinal).orElse(Stream.UNLOGGED);
                return stream -> {
                    stream.setLogLevel(level);
                    return Verdict.CONTINUE;
                };
            }),
            new ActionCompiler<>(StreamActionKeywords.SetAddress.class, StreamActions::setAddress),
            new ActionCompiler<>(StreamActionKeywords.SetTimeout.class, StreamActions::setTimeout),
            new ActionCompiler<>(StreamActionKeywords.SetTos.class, (action, set, names) ->
                    option(ChannelOption.IP_TOS, action.tos(), "set-tos", "")),
            new ActionCompiler<>(StreamActionKeywords.SetMark.class, (action, set, names) ->
                    option(SO_MARK, action.mark(), "set-mark", "; it needs the capability CAP_NET_ADMIN and the native epoll transport")),
            new ActionCompiler<>(StreamActionKeywords.Nothing.class, (action, set, names) -> NOTHING),
            new ActionCompiler<>(StreamActionKeywords.DisableRetry.class, (action, set, names) -> stream -> {
                stream.disableRetry();
                return Verdict.CONTINUE;
            }),
            new ActionCompiler<>(StreamActionKeywords.Capture.class, (action, set, names) -> {
                SampleExpression expression = SampleExpression.compile(action.value(), names);
                boolean request = action.direction() == CaptureSpec.Direction.REQUEST;
                return stream -> {
                    Sample value = stream.worker().scratch().take();
                    if (expression.evaluate(stream, value, SampleType.STRING)) {
                        stream.capture(request, action.slot(), value);
                    }
                    stream.worker().scratch().give(value);
                    return Verdict.CONTINUE;
                };
            }));

    private StreamActions() { }

    /** What cannot be set is told once for each rule: every connection would repeat it. */
    private static Action option(ChannelOption<Integer> option, int value, String directive, String needs) {
        AtomicBoolean told = new AtomicBoolean();
        return stream -> {
            Channel channel = stream.session().channel();
            String problem = "this transport does not have it";
            boolean set = false;
            try {
                set = channel.config().setOption(option, value);
            } catch (ChannelException e) {
                problem = (e.getCause() == null ? e : e.getCause()).getMessage();
            }
            if (!set && channel.isOpen() && !(channel.localAddress() instanceof DomainSocketAddress) && told.compareAndSet(false, true)) {
                LOG.warn("'{} {}' has no effect on connections of frontend {}: {}{}", directive, value, stream.session().frontend().name(), problem, needs);
            }
            return Verdict.CONTINUE;
        };
    }

    private static Action setAddress(StreamActionKeywords.SetAddress action, RuleSet set, RuntimeNames names) {
        SampleExpression expression = SampleExpression.compile(action.value(), names);
        Which which = action.which();
        boolean port = which == Which.SRC_PORT || which == Which.DST_PORT;
        boolean source = which == Which.SRC || which == Which.SRC_PORT;
        boolean lasting = set == RuleSet.TCP_REQUEST_CONNECTION || set == RuleSet.TCP_REQUEST_SESSION;
        return stream -> {
            Sample value = stream.worker().scratch().take();
            if (expression.evaluate(stream, value, port ? SampleType.INTEGER : SampleType.ADDRESS)) {
                Peer now = source ? stream.session().source() : stream.session().destination();
                Peer next = port ? now.withPort((int) value.number() & 0xffff) : now.withAddress(value.copyBytes());
                if (lasting) {
                    stream.session().setAddresses(source ? next : stream.session().source(),
                            source ? stream.session().destination() : next);
                } else {
                    stream.session().setStreamAddresses(source ? next : stream.session().source(),
                            source ? stream.session().destination() : next);
                }
            }
            stream.worker().scratch().give(value);
            return Verdict.CONTINUE;
        };
    }

    private static Action setTimeout(StreamActionKeywords.SetTimeout action, RuleSet set, RuntimeNames names) {
        if (action.time().isPresent()) {
            long millis = Math.max(1, action.time().get().toMillis());
            return stream -> setTimeout(stream, action.tunnel(), millis);
        }
        SampleExpression expression = SampleExpression.compile(action.millis().orElseThrow(), names);
        return stream -> {
            Sample value = stream.worker().scratch().take();
            if (expression.evaluate(stream, value, SampleType.INTEGER) && value.number() > 0) {
                setTimeout(stream, action.tunnel(), value.number());
            }
            stream.worker().scratch().give(value);
            return Verdict.CONTINUE;
        };
    }

    private static Verdict setTimeout(Stream stream, boolean tunnel, long millis) {
        if (tunnel) {
            stream.setTunnelTimeoutMillis(millis);
        } else {
            stream.setServerTimeoutMillis(millis);
        }
        return Verdict.CONTINUE;
    }

    /** Without a value the stream keeps what it has. */
    private static Action priority(StreamActionKeywords.SetPriority action, RuntimeNames names) {
        SampleExpression value = SampleExpression.compile(action.value(), names);
        return stream -> {
            Scratch scratch = stream.worker().scratch();
            Sample sample = scratch.take();
            if (value.evaluate(stream, sample, SampleType.INTEGER)) {
                if (action.offset()) {
                    stream.setPriorityOffset((int) Math.max(-524_287, Math.min(524_287, sample.number())));
                } else {
                    stream.setPriorityClass((int) Math.max(-2047, Math.min(2047, sample.number())));
                }
            }
            scratch.give(sample);
            return Verdict.CONTINUE;
        };
    }
}
