package net.lbd.health.check;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.CheckSpec;
import net.lbd.config.model.CheckStep;
import net.lbd.config.model.CheckStep.ConnectFlag;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.model.PortSpec;
import net.lbd.health.http.BoundedPattern;
import net.lbd.health.http.HttpCheckResponse;

/**
 * A {@link CheckSpec} made ready to run: patterns compiled, requests rendered, and the connection that every check
 * begins with put in where the configuration leaves it out. Immutable; {@link #newSteps} makes the steps of one run.
 */
public final class CheckPlan {

    /** How much of a body {@code expect string} and {@code rstring} see. HAProxy: {@code tune.bufsize} less the head. */
    public static final int DEFAULT_BODY_LIMIT_BYTES = 16_384;

    /** Makes a step for one run. */
    interface PlannedStep {
        Step newStep(RunState run);
    }

    /** What the steps of one run share. */
    static final class RunState {
        final CheckRunner.Subject subject;
        HttpCheckResponse response = new HttpCheckResponse(false, 0);

        RunState(CheckRunner.Subject subject) {
            this.subject = subject;
        }
    }

    /**
     * How the connections of a check are made.
     *
     * @param tls how to speak TLS, for steps that ask for it
     * @param tlsByDefault whether a connection of which nothing is said has TLS
     * @param proxyHeader whether such a connection begins with a header of the PROXY protocol
     * @param proxyVersion of that header, and of one that a step asks for: 1 or 2
     * @param protocol what HTTP checks speak; empty: HTTP/1
     * @param local where they come from
     */
    public record Connections(Optional<TlsClient> tls, boolean tlsByDefault, boolean proxyHeader, int proxyVersion,
            Optional<CheckProtocol> protocol, LocalEnd local) {

        /** From wherever the kernel chooses; HTTP checks speak HTTP/1. */
        public Connections(Optional<TlsClient> tls, boolean tlsByDefault, boolean proxyHeader, int proxyVersion) {
            this(tls, tlsByDefault, proxyHeader, proxyVersion, Optional.empty(), LocalEnd.ANY);
        }

        /** The same for what is no HTTP. */
        Connections inBytes() {
            return new Connections(tls, tlsByDefault, proxyHeader, proxyVersion, Optional.empty(), local);
        }

        /** TLS if there is a client for it. */
        public static Connections of(Optional<TlsClient> tls) {
            return new Connections(tls, tls.isPresent(), false, 1);
        }

        ConnectStep.Target standard() {
            return new ConnectStep.Target(Optional.empty(), Optional.empty(), Optional.empty(),
                    tlsByDefault ? tls : Optional.empty(), proxyHeader ? proxyVersion : 0, protocol, local, false);
        }
    }

    private final CheckLanguage language;
    private final List<PlannedStep> steps;

    private CheckPlan(CheckLanguage language, List<PlannedStep> steps) {
        this.language = language;
        this.steps = List.copyOf(steps);
    }

    /** For checks without expressions. */
    public static CheckPlan of(CheckSpec spec, Connections connections) {
        return of(spec, connections, CheckLanguage.LITERALS);
    }

    /**
     * @throws IllegalArgumentException if the steps make no sequence, which a checked configuration rules out, or say
     *     what the language does not know
     */
    public static CheckPlan of(CheckSpec spec, Connections connections, CheckLanguage language) {
        if (spec.kind() == CheckSpec.Kind.EXTERNAL) {
            throw new IllegalArgumentException(spec.location() + ": a program is no plan");
        }
        return new CheckPlan(language, new Builder(spec, connections, language).build());
    }

    /** A question to an agent, which may be empty, and the line that it answers. */
    public static CheckPlan agent(Connections connections, byte[] question) {
        ConnectStep.Target target = connections.inBytes().standard();
        List<PlannedStep> steps = new ArrayList<>();
        steps.add(run -> new ConnectStep(target, "", ""));
        if (question.length > 0) {
            steps.add(run -> new BytesStep(question, "question"));
        }
        steps.add(run -> new AnswerStep("the agent's line", 2, CheckPlan::line));
        return new CheckPlan(CheckLanguage.LITERALS, steps);
    }

    private static Outcome line(ByteBuf in, boolean last) {
        int end = in.forEachByte(b -> b != '\n' && b != '\r');
        if (end < 0 && !last) {
            return Outcome.WAIT;
        }
        int from = in.readerIndex();
        return Outcome.next(CheckStatus.L7OK,
                in.toString(from, (end < 0 ? in.writerIndex() : end) - from, StandardCharsets.ISO_8859_1));
    }

    CheckScope newScope() {
        return language.newScope();
    }

    /** The steps of one run, in order; the first that does something connects. */
    List<Step> newSteps(CheckRunner.Subject subject) {
        RunState run = new RunState(subject);
        List<Step> made = new ArrayList<>(steps.size());
        for (PlannedStep step : steps) {
            made.add(step.newStep(run));
        }
        return made;
    }

    /** Used once, by one thread. */
    private static final class Builder {

        private static final String INITIAL = " at initial connection step of tcp-check";

        private final CheckSpec spec;
        private final Connections connections;
        private final CheckLanguage language;
        private final boolean tcp;
        private final String success;
        private final List<PlannedStep> planned = new ArrayList<>();
        private Optional<String> pendingComment = Optional.empty();

        Builder(CheckSpec spec, Connections connections, CheckLanguage language) {
            this.spec = spec;
            this.connections = spec.kind() == CheckSpec.Kind.HTTP ? connections : connections.inBytes();
            this.language = language;
            this.tcp = spec.kind() == CheckSpec.Kind.TCP;
            this.success = tcp && !spec.steps().isEmpty() ? "(tcp-check)" : "";
        }

        List<PlannedStep> build() {
            boolean connects = spec.steps().stream().anyMatch(step -> step instanceof CheckStep.Connect);
            if (!connects) {
                ConnectStep.Target target = connections.standard();
                planned.add(run -> new ConnectStep(target, tcp ? INITIAL : "", success));
            }
            switch (spec.kind()) {
                case CONNECT -> { }
                case TCP -> tcp();
                case HTTP -> http();
                default -> planned.addAll(ProtocolChecks.steps(spec));
            }
            return planned;
        }

        private void tcp() {
            int number = 0;
            for (CheckStep step : spec.steps()) {
                tcp(step, ++number, step.comment().or(() -> pendingComment));
                pendingComment = step instanceof CheckStep.Comment comment ? Optional.of(comment.text()) : Optional.empty();
            }
        }

        private void tcp(CheckStep step, int number, Optional<String> comment) {
            if (step instanceof CheckStep.TcpSend send) {
                CheckLanguage.Text data = language.text(send.data());
                String place = place(number, "send", comment);
                planned.add(run -> new TcpSendStep(data, send.hex(), number, place, success));
            } else if (step instanceof CheckStep.TcpExpect expect) {
                TcpExpectStep.Rule rule = rule(expect, number, comment);
                planned.add(run -> new TcpExpectStep(rule));
            } else if (!shared(step, number, comment)) {
                throw new IllegalArgumentException(step.location() + ": not a step of tcp-check: " + step);
            }
        }

        private TcpExpectStep.Rule rule(CheckStep.TcpExpect expect, int number, Optional<String> comment) {
            String text = expect.pattern().text();
            boolean regex = expect.match() == CheckStep.TcpMatch.RSTRING || expect.match() == CheckStep.TcpMatch.RBINARY;
            String what = switch (expect.match()) {
                case STRING -> "expect string '" + text + "'";
                case BINARY -> "expect binary '" + ProtocolChecks.binaryText(text) + "'";
                case RSTRING -> "expect regex";
                case RBINARY -> "expect binary regex";
                case STRING_LF -> "expect log-format string";
                case BINARY_LF -> "expect log-format binary";
            };
            return new TcpExpectStep.Rule(expect.match(), expect.negated(), text,
                    language.text(expect.pattern()),
                    regex ? Optional.of(BoundedPattern.compile(text)) : Optional.empty(),
                    ExpectationTexts.of(expect.expectation(), language, comment), number, place(number, what, comment), success);
        }

        /** Steps that both families have; false for any other. */
        private boolean shared(CheckStep step, int number, Optional<String> comment) {
            if (step instanceof CheckStep.Connect connect) {
                ConnectStep.Target target = target(connect);
                String place = tcp ? place(number, "connect" + connect.port().map(p -> " port " + p).orElse(""), comment) : "";
                planned.add(run -> new ConnectStep(target, place, success));
            } else if (step instanceof CheckStep.SetVar set) {
                CheckLanguage.Assignment assignment = language.assignment(set);
                planned.add(run -> new AssignmentStep(assignment, "set-var(" + set.name() + ")"));
            } else if (step instanceof CheckStep.UnsetVar unset) {
                CheckLanguage.Assignment assignment = language.assignment(unset);
                planned.add(run -> new AssignmentStep(assignment, "unset-var(" + unset.name() + ")"));
            } else {
                return step instanceof CheckStep.Comment;
            }
            return true;
        }

        private static String place(int number, String what, Optional<String> comment) {
            return " at step " + number + " of tcp-check (" + what + ")" + comment.map(c -> " comment: '" + c + "'").orElse("");
        }

        private ConnectStep.Target target(CheckStep.Connect connect) {
            Set<ConnectFlag> flags = connect.flags();
            boolean standard = flags.contains(ConnectFlag.DEFAULT);
            boolean ssl = flags.contains(ConnectFlag.SSL) || standard && connections.tlsByDefault();
            Optional<TlsClient> tls = ssl ? Optional.of(connections.tls().orElseThrow(() -> new IllegalArgumentException(
                    connect.location() + ": nothing says how to speak TLS to the server"))) : Optional.empty();
            if (connect.sni().isPresent() || !connect.alpn().isEmpty()) {
                tls = tls.map(client -> client.with(connect.sni(), connect.alpn()));
            }
            Optional<Integer> port = connect.port();
            Optional<InetAddress> address = Optional.empty();
            if (connect.address().isPresent()) {
                if (!(connect.address().get() instanceof AddressSpec.Ip ip)) {
                    throw new IllegalArgumentException(connect.location() + ": 'addr' must be an IP address");
                }
                address = Optional.of(ip.address());
                port = port.or(() -> ip.port() instanceof PortSpec.Fixed fixed ? Optional.of(fixed.port()) : Optional.empty());
            }
            return new ConnectStep.Target(address, port, connect.portExpression().map(language::number), tls,
                    flags.contains(ConnectFlag.SEND_PROXY) || standard && connections.proxyHeader() ? connections.proxyVersion() : 0,
                    connections.protocol(), connections.local(), flags.contains(ConnectFlag.LINGER));
        }

        private void http() {
            List<CheckStep> steps = new ArrayList<>(spec.steps());
            if (steps.stream().noneMatch(step -> step instanceof CheckStep.HttpSend)) {
                int at = 0;
                while (at < steps.size() && !(steps.get(at) instanceof CheckStep.HttpExpect)) {
                    at++;
                }
                steps.add(at, new CheckStep.HttpSend(spec.location(), "OPTIONS", LogFormatSpec.literal(spec.location(), "/"),
                        "HTTP/1.0", List.of(), LogFormatSpec.literal(spec.location(), ""), Optional.empty()));
            }
            boolean unanswered = false;
            for (int i = 0; i < steps.size(); i++) {
                CheckStep step = steps.get(i);
                Optional<String> comment = step.comment().or(() -> pendingComment);
                if (step instanceof CheckStep.HttpSend send) {
                    send(send, rulesBehind(steps, i));
                    unanswered = true;
                } else if (step instanceof CheckStep.HttpExpect expect) {
                    expect(HttpRule.of(expect, language, comment));
                    unanswered = false;
                } else {
                    if (step instanceof CheckStep.Connect && unanswered) {
                        expect(HttpRule.TWO_OR_THREE_HUNDRED);
                        unanswered = false;
                    }
                    if (!shared(step, i + 1, comment)) {
                        throw new IllegalArgumentException(step.location() + ": not a step of http-check: " + step);
                    }
                }
                pendingComment = step instanceof CheckStep.Comment c ? Optional.of(c.text()) : Optional.empty();
            }
            if (unanswered) {
                expect(HttpRule.TWO_OR_THREE_HUNDRED);
            }
        }

        /** The rules that will look at the response to a request. */
        private List<HttpRule> rulesBehind(List<CheckStep> steps, int send) {
            List<HttpRule> rules = new ArrayList<>();
            for (int i = send + 1; i < steps.size() && !(steps.get(i) instanceof CheckStep.Connect); i++) {
                if (steps.get(i) instanceof CheckStep.HttpSend again) {
                    throw new IllegalArgumentException(again.location() + ": 'http-check send' needs a connection of its own");
                }
                if (steps.get(i) instanceof CheckStep.HttpExpect expect) {
                    rules.add(HttpRule.of(expect, language, Optional.empty()));
                }
            }
            return rules;
        }

        private void send(CheckStep.HttpSend send, List<HttpRule> rules) {
            HttpRequestPlan request = new HttpRequestPlan(send, language, spec.options().sendState());
            boolean head = request.method().equals("HEAD");
            int kept = rules.stream().anyMatch(HttpRule::looksAtBody) ? DEFAULT_BODY_LIMIT_BYTES : 0;
            boolean headers = rules.stream().anyMatch(HttpRule::looksAtHeaders);
            planned.add(run -> {
                boolean all = language.readsAnswers();
                run.response = new HttpCheckResponse(head, all ? DEFAULT_BODY_LIMIT_BYTES : kept, all || headers);
                return new HttpSendStep(request, run.subject);
            });
        }

        private void expect(HttpRule rule) {
            boolean disable = spec.options().disableOn404();
            planned.add(run -> new HttpExpectStep(run.response, rule, run.subject, disable));
        }
    }
}
