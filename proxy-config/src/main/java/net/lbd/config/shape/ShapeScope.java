package net.lbd.config.shape;

import java.util.Optional;
import java.util.Set;
import net.lbd.config.draft.ConditionDraft;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.draft.SampleUse;
import net.lbd.config.expr.SampleReader.Direction;
import net.lbd.config.keyword.sample.Checkpoint;
import net.lbd.config.model.SampleSpec;
import net.lbd.config.syntax.Word;

/**
 * Where a shape is read: expressions and conditions in it are noted down there, to be checked with the
 * rest. Immutable.
 *
 * @param draft empty outside of proxies, where nothing is noted
 */
public record ShapeScope(Optional<ProxyDraft> draft, Direction direction, Set<Checkpoint> checkpoints) {

    /** Outside of proxies. */
    public static final ShapeScope NONE = new ShapeScope(Optional.empty(), Direction.REQUEST, Set.of(Checkpoint.CONFIGURATION));

    public ShapeScope {
        checkpoints = Set.copyOf(checkpoints);
    }

    public static ShapeScope of(ProxyDraft draft, Direction direction, Checkpoint... checkpoints) {
        return new ShapeScope(Optional.of(draft), direction, Set.of(checkpoints));
    }

    void use(SampleSpec sample, Word at) {
        draft.ifPresent(d -> d.sampleUses().add(new SampleUse(sample, at, checkpoints)));
    }

    void useName(ProxyDraft.NameKind kind, Word name) {
        draft.ifPresent(d -> d.nameUses().add(new ProxyDraft.NameUse(kind, name)));
    }

    void useFile(Word name) {
        draft.ifPresent(d -> d.fileUses().add(name));
    }

    void use(ConditionDraft condition) {
        draft.ifPresent(d -> d.conditionUses().add(new ProxyDraft.ConditionUse(condition, checkpoints)));
    }
}
