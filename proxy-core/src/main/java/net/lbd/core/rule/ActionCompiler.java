package net.lbd.core.rule;

import net.lbd.config.model.ActionSpec;
import net.lbd.config.model.RuleSet;
import net.lbd.core.sample.RuntimeNames;

/**
 * A row of the action table: makes the behaviour of one kind of action record.
 *
 * @param type the record that the row compiles
 */
record ActionCompiler<A extends ActionSpec>(Class<A> type, Maker<A> maker) {

    /** The part that differs from row to row. */
    @FunctionalInterface
    interface Maker<A> {
        /** @param set tells whether a request or a response is meant */
        Action make(A action, RuleSet set, RuntimeNames names);
    }

    Action compile(ActionSpec action, RuleSet set, RuntimeNames names) {
        return maker.make(type.cast(action), set, names);
    }
}
