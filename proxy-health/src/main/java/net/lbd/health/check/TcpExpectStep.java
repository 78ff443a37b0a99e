package net.lbd.health.check;

import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import net.lbd.config.model.CheckStep.TcpMatch;
import net.lbd.health.http.BoundedPattern;
import net.lbd.health.http.Bytes;

/**
 * {@code tcp-check expect}: looks at all that came since the last send. A match decides at once, either way; that there
 * is none counts once nothing more can come: the server has closed, the input is full, or {@code min-recv} is reached.
 */
final class TcpExpectStep implements Step {

    /** Looks that all searches in an unfinished input may need together. */
    private static final long EARLY_STEPS = 2 * BoundedPattern.DEFAULT_STEP_LIMIT;

    /**
     * What is looked for. Immutable.
     *
     * @param text as the user wrote it, for messages
     * @param bytes of the forms that are compared byte by byte
     * @param pattern of the forms that are regular expressions
     */
    record Rule(TcpMatch match, boolean negated, String text, CheckLanguage.Text bytes, Optional<BoundedPattern> pattern,
            ExpectationTexts texts, int number, String place, String success) {

        /** As messages name the pattern. */
        String quoted() {
            return switch (match) {
                case STRING -> "'" + text + "'";
                case RSTRING -> "(regex)";
                case BINARY -> "(binary)";
                case RBINARY -> "(binary regex)";
                case STRING_LF -> "(log-format string)";
                case BINARY_LF -> "(log-format binary)";
            };
        }
    }

    private final Rule rule;
    private long early = EARLY_STEPS;
    private int tried = -1;

    TcpExpectStep(Rule rule) {
        this.rule = rule;
    }

    @Override
    public Outcome advance(Wire wire) {
        int length = wire.received().readableBytes();
        boolean last = wire.ended() || length >= CheckRunner.INPUT_LIMIT_BYTES;
        ExpectationTexts texts = rule.texts();
        if (length == 0) {
            return last ? texts.failed(wire.scope(), CheckStatus.L7RSP, OptionalInt.empty(),
                    "TCPCHK got an empty response at step " + rule.number()) : Outcome.WAIT;
        }
        wire.scope().show(wire.received());
        byte[] wanted = {};
        if (rule.pattern().isEmpty()) {
            wanted = rule.bytes().render(wire.scope());
            if (rule.match() == TcpMatch.BINARY || rule.match() == TcpMatch.BINARY_LF) {
                try {
                    wanted = HexFormat.of().parseHex(new String(wanted, StandardCharsets.ISO_8859_1));
                } catch (IllegalArgumentException odd) {
                    return Outcome.fail(CheckStatus.L7RSP, "Failed to parse hexastring resulting of eval of a log-format string");
                }
            }
        }
        if (!last && length < texts.minimumBytes()) {
            return Outcome.WAIT;
        }
        boolean conclusive = last || texts.minimumBytes() >= 0 && length >= wanted.length;
        byte[] data = ByteBufUtil.getBytes(wire.received(), wire.received().readerIndex(),
                Math.min(length, CheckRunner.INPUT_LIMIT_BYTES));
        return switch (find(data, wanted, conclusive)) {
            case FOUND -> rule.negated() ? failed(wire, "TCPCHK matched unwanted content ") : passed(wire);
            case ABSENT -> !conclusive ? Outcome.WAIT : rule.negated() ? passed(wire) : failed(wire, "TCPCHK did not match content ");
            case GAVE_UP -> texts.failed(wire.scope(), CheckStatus.L7RSP, OptionalInt.empty(),
                    "the regular expression needs too many steps at step " + rule.number());
        };
    }

    private BoundedPattern.Outcome find(byte[] data, byte[] wanted, boolean conclusive) {
        if (rule.pattern().isEmpty()) {
            return Bytes.indexOf(data, data.length, wanted, 0) >= 0 ? BoundedPattern.Outcome.FOUND : BoundedPattern.Outcome.ABSENT;
        }
        if (!conclusive && (early <= 0 || tried == data.length)) {
            return BoundedPattern.Outcome.ABSENT;
        }
        tried = data.length;
        byte[] text = rule.match() == TcpMatch.RBINARY
                ? HexFormat.of().formatHex(data).toUpperCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII) : data;
        long limit = conclusive ? BoundedPattern.DEFAULT_STEP_LIMIT : Math.min(early, BoundedPattern.DEFAULT_STEP_LIMIT);
        BoundedPattern.Search search = rule.pattern().orElseThrow().find(text, text.length, limit);
        if (!conclusive) {
            early -= search.steps();
        }
        // Before the end, a search that gave up has found nothing yet.
        return search.outcome() == BoundedPattern.Outcome.GAVE_UP && !conclusive ? BoundedPattern.Outcome.ABSENT : search.outcome();
    }

    private Outcome passed(Wire wire) {
        return rule.texts().passed(wire.scope(), OptionalInt.empty(), rule.success());
    }

    private Outcome failed(Wire wire, String what) {
        return rule.texts().failed(wire.scope(), CheckStatus.L7RSP, OptionalInt.empty(),
                what + rule.quoted() + " at step " + rule.number());
    }

    @Override
    public boolean takesBreakAsEnd(Wire wire) {
        return wire.received().isReadable();
    }

    @Override
    public CheckStatus timeoutStatus() {
        return rule.texts().timeoutStatus();
    }

    @Override
    public String place() {
        return rule.place();
    }

    @Override
    public String describe() {
        return "expect " + (rule.negated() ? "! " : "") + rule.match().keyword() + " " + rule.text();
    }
}
