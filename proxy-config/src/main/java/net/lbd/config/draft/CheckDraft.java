package net.lbd.config.draft;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.lbd.config.model.CheckSpec;
import net.lbd.config.model.CheckStep;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.config.syntax.Word;

/**
 * The check of a backend: {@code option httpchk} or {@code option tcp-check} and the steps that
 * {@code http-check} and {@code tcp-check} lines add. Not thread-safe.
 */
public final class CheckDraft {

    private CheckSpec.Kind kind = CheckSpec.Kind.CONNECT;
    private SourceLocation location = SourceLocation.BUILT_IN;
    private Optional<CheckStep.HttpSend> request = Optional.empty();
    private final List<CheckStep> httpSteps = new ArrayList<>();
    private final List<Word> httpWords = new ArrayList<>();

    private final List<Connect> connects = new ArrayList<>();

    /**
     * A {@code connect} step.
     *
     * @param tls the word that asks for TLS
     */
    public record Connect(boolean namesPort, Optional<Word> tls) { }

    /** The {@code connect} steps, in their order. */
    public List<Connect> connects() {
        return connects;
    }

    /** Chooses the kind of check; the one before is forgotten. */
    public void choose(CheckSpec.Kind other, Word word) {
        kind = other;
        location = word.location();
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

    public void addHttp(CheckStep step, Word word) {
        httpSteps.add(step);
        httpWords.add(word);
    }

    /** The lines whose steps need {@code option httpchk}. */
    public List<Word> httpWords() {
        return httpWords;
    }

    public void inherit(CheckDraft defaults) {
        kind = defaults.kind;
        location = defaults.location;
        request = defaults.request;
        if (!defaults.httpSteps.isEmpty()) {
            httpSteps.addAll(defaults.httpSteps);
            httpWords.addAll(defaults.httpWords);
        }
        if (!defaults.connects.isEmpty()) {
            connects.addAll(defaults.connects);
        }
    }

    /** A proxy that has check lines of its own does not continue the list of its defaults. */
    public void forgetSteps() {
        httpSteps.clear();
        httpWords.clear();
        connects.clear();
    }

    public CheckSpec toSpec() {
        if (kind == CheckSpec.Kind.CONNECT) {
            return CheckSpec.CONNECT;
        }
        List<CheckStep> steps = new ArrayList<>();
        if (kind == CheckSpec.Kind.HTTP) {
            boolean sends = httpSteps.stream().anyMatch(s -> s instanceof CheckStep.HttpSend);
            if (!sends) {
                request.ifPresent(steps::add);
            }
            steps.addAll(httpSteps);
        }
        return new CheckSpec(location, kind, steps);
    }
}
