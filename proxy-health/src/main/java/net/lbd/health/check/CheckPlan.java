package net.lbd.health.check;

import java.util.ArrayList;
import java.util.List;
import net.lbd.config.model.CheckSpec;
import net.lbd.config.model.CheckStep;
import net.lbd.config.model.CheckStep.HttpExpect;
import net.lbd.config.model.CheckStep.HttpSend;
import net.lbd.health.http.HttpCheckRequest;
import net.lbd.health.http.HttpCheckResponse;

/**
 * A {@link CheckSpec} made ready to run: patterns compiled, requests rendered. Immutable; {@link #newSteps}
 * makes the steps of one run.
 *
 * <p>A plan is a row of segments, each the steps that share something: today a request and the rules for its
 * response. A further kind of check adds a segment here and its {@link Step}s beside it.
 */
public final class CheckPlan {

    /** How much of a body {@code expect string} and {@code rstring} see. HAProxy: {@code tune.bufsize} less the head. */
    public static final int DEFAULT_BODY_LIMIT_BYTES = 16_384;

    /** Steps that share state; called once for each run. */
    private interface Segment {
        List<Step> newSteps();
    }

    private final List<Segment> segments;

    private CheckPlan(List<Segment> segments) {
        this.segments = List.copyOf(segments);
    }

    public static CheckPlan of(CheckSpec spec) {
        return of(spec, DEFAULT_BODY_LIMIT_BYTES);
    }

    /**
     * @throws IllegalArgumentException if the steps make no sequence, which a checked configuration rules out:
     *     a second request on one connection, an expectation before any request, a pattern that does not compile
     */
    public static CheckPlan of(CheckSpec spec, int bodyLimitBytes) {
        return switch (spec.kind()) {
            case CONNECT -> new CheckPlan(List.of());
            case HTTP -> new CheckPlan(List.of(http(spec, bodyLimitBytes)));
            case TCP -> {
                if (!spec.steps().isEmpty()) {
                    throw new IllegalArgumentException(
                            spec.steps().get(0).location() + ": a step of tcp-check that this version cannot run");
                }
                yield new CheckPlan(List.of());
            }
        };
    }

    private static Segment http(CheckSpec spec, int bodyLimitBytes) {
        HttpSend request = null;
        List<HttpRule> rules = new ArrayList<>();
        for (CheckStep step : spec.steps()) {
            if (step instanceof HttpSend send) {
                if (request != null || !rules.isEmpty()) {
                    throw new IllegalArgumentException(
                            send.location() + ": 'http-check send' needs a connection of its own");
                }
                request = send;
            } else if (step instanceof HttpExpect expect) {
                rules.add(HttpRule.of(expect));
            } else {
                throw new IllegalArgumentException(step.location() + ": not a step of http-check: " + step);
            }
        }
        if (request == null) {
            request = new HttpSend(spec.location(), "OPTIONS", "/", "HTTP/1.0", List.of(), "");
        }
        if (rules.isEmpty()) {
            rules.add(HttpRule.TWO_OR_THREE_HUNDRED);
        }
        byte[] bytes = HttpCheckRequest.bytes(request);
        boolean head = request.method().equals("HEAD");
        int kept = rules.stream().anyMatch(HttpRule::looksAtBody) ? bodyLimitBytes : 0;
        return () -> {
            HttpCheckResponse response = new HttpCheckResponse(head, kept);
            List<Step> steps = new ArrayList<>(1 + rules.size());
            steps.add(new SendStep(bytes));
            for (HttpRule rule : rules) {
                steps.add(new HttpExpectStep(response, rule));
            }
            return steps;
        };
    }

    /** The steps of one run, in order; none for a plain connect. */
    List<Step> newSteps() {
        List<Step> steps = new ArrayList<>();
        for (Segment segment : segments) {
            steps.addAll(segment.newSteps());
        }
        return steps;
    }
}
