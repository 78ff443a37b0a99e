package net.lbd.config.draft;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.lbd.config.model.CheckSpec;
import net.lbd.config.model.CheckStep;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.config.syntax.Word;

/**
 * The check of a backend: {@code option httpchk} or another that chooses a kind, and the steps that
 * {@code http-check} and {@code tcp-check} lines add. Not thread-safe.
 */
public final class CheckDraft {

    private CheckSpec.Kind kind = CheckSpec.Kind.CONNECT;
    private SourceLocation location = SourceLocation.BUILT_IN;
    private List<String> words = List.of();
    private Optional<CheckStep.HttpSend> request = Optional.empty();
    private boolean disableOn404;
    private boolean sendState;
    private Optional<Word> command = Optional.empty();
    private Optional<Word> path = Optional.empty();
    private final List<Line> http = new ArrayList<>();
    private final List<Line> tcp = new ArrayList<>();

    /** A step and the keyword that asked for it. */
    public record Line(CheckStep step, Word keyword) { }

    /** Chooses the kind of check; the one before is forgotten. */
    public void choose(CheckSpec.Kind other, Word word, List<String> arguments) {
        kind = other;
        location = word.location();
        words = List.copyOf(arguments);
    }

    public CheckSpec.Kind kind() {
        return kind;
    }

    /** The request that {@code option httpchk} describes. */
    public void request(CheckStep.HttpSend send) {
        request = Optional.of(send);
    }

    public Optional<CheckStep.HttpSend> request() {
        return request;
    }

    public void disableOn404() {
        disableOn404 = true;
    }

    public void sendState() {
        sendState = true;
    }

    /** The program of {@code option external-check}. */
    public void command(Word word) {
        command = Optional.of(word);
    }

    public Optional<Word> command() {
        return command;
    }

    public void path(Word word) {
        path = Optional.of(word);
    }

    public List<Line> http() {
        return http;
    }

    public List<Line> tcp() {
        return tcp;
    }

    /** The steps that count for the kind that is chosen. */
    public List<Line> counting() {
        return switch (kind) {
            case HTTP -> http;
            case TCP -> tcp;
            default -> List.of();
        };
    }

    public void inherit(CheckDraft defaults) {
        kind = defaults.kind;
        location = defaults.location;
        words = defaults.words;
        request = defaults.request;
        disableOn404 = defaults.disableOn404;
        sendState = defaults.sendState;
        command = defaults.command;
        path = defaults.path;
        http.addAll(defaults.http);
        tcp.addAll(defaults.tcp);
    }

    /** A proxy that has check lines of its own does not continue the list of its defaults. */
    public void forgetSteps() {
        http.clear();
        tcp.clear();
    }

    public CheckSpec toSpec() {
        if (kind == CheckSpec.Kind.CONNECT) {
            return CheckSpec.CONNECT;
        }
        List<CheckStep> steps = new ArrayList<>();
        boolean sends = http.stream().anyMatch(line -> line.step() instanceof CheckStep.HttpSend);
        boolean connects = http.stream().anyMatch(line -> line.step() instanceof CheckStep.Connect);
        if (kind == CheckSpec.Kind.HTTP && !sends && !connects) {
            request.ifPresent(steps::add);
        }
        for (Line line : counting()) {
            steps.add(line.step());
            if (kind == CheckSpec.Kind.HTTP && !sends && line.step() instanceof CheckStep.Connect) {
                request.ifPresent(steps::add);
            }
        }
        return new CheckSpec(location, kind, steps, new CheckSpec.Options(disableOn404, sendState, words,
                command.map(Word::text), path.map(Word::text)));
    }
}
