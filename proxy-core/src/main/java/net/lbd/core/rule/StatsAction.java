package net.lbd.core.rule;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import net.lbd.config.model.StatsSpec;
import net.lbd.core.auth.Credentials;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.http.LocalReply;
import net.lbd.core.report.ReportDesk;
import net.lbd.core.report.ReportFormat;
import net.lbd.core.report.StatRow;
import net.lbd.core.report.StatsOutcome;
import net.lbd.core.report.StatsPage;
import net.lbd.core.sample.ByteSink;
import net.lbd.core.stream.Stream;
import net.lbd.core.stream.Verdict;

/**
 * Answers requests for the statistics page, behind the {@code http-request} rules and the {@code redirect} lines. Immutable. Source:
 * HAProxy manual, "stats uri", "stats auth", "stats admin", "stats http-request". <em>Difference:</em> a change needs the token that stands in the page.
 *
 * @param challenge what a client is answered that is not known
 * @param access rules of which the first that holds says whether a client may see the page
 * @param admin rules of which one holds for a client that may change servers
 * @param bodyMillis how long a client may take to send its form
 */
record StatsAction(StatsSpec spec, String proxy, Action challenge, RuleList access, RuleList admin, ReportDesk desk, long bodyMillis) implements Action {

    /** Of a page that says nothing of it. */
    static final String REALM = "HAProxy Statistics";

    private static final byte[] GET = Ascii.bytes("GET");
    private static final byte[] HEAD = Ascii.bytes("HEAD");
    private static final byte[] POST = Ascii.bytes("POST");
    private static final byte[] NO_BYTES = {};
    private static final String CSV = "text/csv; charset=utf-8";
    private static final String PLAIN = "text/plain; charset=utf-8";
    private static final String JSON = "application/json; charset=utf-8";

    StatsAction {
        Objects.requireNonNull(spec, "spec");
        Objects.requireNonNull(proxy, "proxy");
        Objects.requireNonNull(challenge, "challenge");
        Objects.requireNonNull(access, "access");
        Objects.requireNonNull(admin, "admin");
        Objects.requireNonNull(desk, "desk");
    }

    @Override
    public Verdict apply(Stream stream) {
        HttpMessage request = stream.request();
        Optional<String> asked = behindUri(request);
        if (asked.isEmpty()) {
            return Verdict.CONTINUE;
        }
        Verdict verdict = access.evaluate(stream);
        if (verdict != Verdict.CONTINUE && verdict != Verdict.STOP) {
            return verdict;
        }
        if (!isKnown(request)) {
            return challenge.apply(stream);
        }
        boolean mayChange = admin.evaluate(stream) == Verdict.STOP;
        if (request.methodIs(POST)) {
            return mayChange ? change(stream) : new Verdict.Deny(403);
        }
        if (!request.methodIs(GET) && !request.methodIs(HEAD)) {
            return new Verdict.Deny(405);
        }
        return new Verdict.Service(desk, show(request, asked.get(), mayChange));
    }

    /** What stands behind the page's address; empty if the request is for something else. */
    private Optional<String> behindUri(HttpMessage request) {
        String uri = spec.uri();
        if (!request.hasPath() || request.pathAndQueryLength() < uri.length()) {
            return Optional.empty();
        }
        for (int i = 0; i < uri.length(); i++) {
            if ((request.bytes()[request.pathOffset() + i] & 0xff) != uri.charAt(i)) {
                return Optional.empty();
            }
        }
        return Optional.of(Ascii.text(request.bytes(), request.pathOffset() + uri.length(), request.pathAndQueryLength() - uri.length()));
    }

    private boolean isKnown(HttpMessage request) {
        if (spec.logins().isEmpty()) {
            return true;
        }
        Optional<Credentials> given = Credentials.of(request);
        boolean known = false;
        for (StatsSpec.Login login : spec.logins()) {
            // All are looked at, whole: how long it takes tells nothing.
            known |= given.isPresent() && same(given.get().user(), login.user()) & same(given.get().password(), login.password());
        }
        return known;
    }

    /** Credentials have a character for each byte; the configuration is UTF-8. */
    private static boolean same(String given, String wanted) {
        return MessageDigest.isEqual(given.getBytes(StandardCharsets.ISO_8859_1), wanted.getBytes(StandardCharsets.UTF_8));
    }

    /** What the form of this page must bring back: only the same user can, and only here. */
    private String token(HttpMessage request) {
        return desk.token(proxy, Credentials.of(request).map(Credentials::user).orElse(""));
    }

    private Supplier<LocalReply> show(HttpMessage request, String asked, boolean mayChange) {
        List<String> words = List.of(asked.split("[;/]"));
        String outcome = words.stream().filter(w -> w.startsWith("st=")).map(w -> w.substring(3)).findFirst().orElse("");
        StatsPage.View view = new StatsPage.View(spec, proxy, words.contains("up"), !words.contains("norefresh"),
                mayChange ? Optional.of(token(request)) : Optional.empty(), outcome);
        if (words.contains("csv")) {
            return () -> reply(CSV, desk.rows(view, ReportFormat::csv));
        }
        if (words.contains("json")) {
            return () -> reply(JSON, desk.rows(view, ReportFormat::json));
        }
        if (words.contains("typed")) {
            Function<List<StatRow>, String> typed = rows -> ReportFormat.typed(rows, false);
            return () -> reply(PLAIN, desk.rows(view, typed));
        }
        return () -> reply("text/html; charset=utf-8", desk.page(view));
    }

    private static LocalReply reply(String type, String body) {
        return new LocalReply(200, List.of(header("Cache-Control", "no-cache"), header("Content-Type", type),
                header("X-Content-Type-Options", "nosniff"), header("X-Frame-Options", "DENY"),
                header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'")),
                body.getBytes(StandardCharsets.UTF_8), true);
    }

    private Verdict change(Stream stream) {
        if (!stream.awaitRequestBody(0, bodyMillis)) {
            return Verdict.YIELD;
        }
        ByteSink body = new ByteSink();
        stream.copyRequestBody(body);
        if (body.length() != stream.requestBodyLength()) {
            return new Verdict.Reply(ended(StatsOutcome.EXCD), 303);
        }
        String form = new String(body.bytes(), 0, body.length(), StandardCharsets.UTF_8);
        String token = token(stream.request());
        return new Verdict.Service(desk, () -> ended(desk.carryOut(form, token, spec, proxy)));
    }

    private LocalReply ended(StatsOutcome outcome) {
        return new LocalReply(303, List.of(header("Cache-Control", "no-cache"), header("Location", spec.uri() + ";st=" + outcome)),
                NO_BYTES, true);
    }

    private static LocalReply.Header header(String name, String value) {
        return new LocalReply.Header(Ascii.bytes(name), Ascii.bytes(value));
    }
}
