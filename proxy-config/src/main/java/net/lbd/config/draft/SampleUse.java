package net.lbd.config.draft;

import java.util.Set;
import net.lbd.config.keyword.sample.Checkpoint;
import net.lbd.config.model.SampleSpec;
import net.lbd.config.syntax.Word;

/**
 * That an expression is used at some checkpoints; it must have a value at one of them. Immutable.
 */
public record SampleUse(SampleSpec sample, Word at, Set<Checkpoint> checkpoints) {

    public SampleUse {
        checkpoints = Set.copyOf(checkpoints);
    }
}
