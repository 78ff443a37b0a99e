package net.lbd.config.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.draft.AclDraft;
import net.lbd.config.draft.ConditionDraft;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.expr.PredefinedAcls;
import net.lbd.config.keyword.sample.Checkpoint;
import net.lbd.config.model.AclSpec;
import net.lbd.config.model.ConditionSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Diagnostics;
import net.lbd.config.syntax.Nearest;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.config.syntax.Word;

/** Looks up the ACLs of conditions and checks the samples in them. Not thread-safe. */
final class ConditionResolver {

    private final SampleChecker samples;
    private final Diagnostics diagnostics;

    ConditionResolver(SampleChecker samples, Diagnostics diagnostics) {
        this.samples = samples;
        this.diagnostics = diagnostics;
    }

    /** Empty in, empty out; terms that cannot be resolved are reported and left out. */
    Optional<ConditionSpec> resolve(Optional<ConditionDraft> condition, Set<Checkpoint> checkpoints, ProxyDraft proxy) {
        return condition.isEmpty() ? Optional.empty() : Optional.of(resolve(condition.get(), checkpoints, proxy));
    }

    ConditionSpec resolve(ConditionDraft condition, Set<Checkpoint> checkpoints, ProxyDraft proxy) {
        List<List<ConditionSpec.Term>> anyOf = new ArrayList<>();
        for (List<ConditionDraft.Term> allOf : condition.anyOf()) {
            List<ConditionSpec.Term> terms = new ArrayList<>();
            for (ConditionDraft.Term term : allOf) {
                Optional<AclSpec> acl = term.anonymous().isPresent() ? term.anonymous() : named(term.name(), proxy);
                if (acl.isPresent()) {
                    for (AclSpec.Test test : acl.get().tests()) {
                        samples.checkCondition(test.sample(), term.name(), checkpoints, proxy);
                    }
                    terms.add(new ConditionSpec.Term(term.negated(), acl.get()));
                }
            }
            anyOf.add(terms);
        }
        return new ConditionSpec(condition.keyword().location(), condition.unless(), anyOf);
    }

    private Optional<AclSpec> named(Word name, ProxyDraft proxy) {
        AclDraft acl = proxy.acls().get(name.text());
        if (acl == null) {
            Optional<AclSpec> predefined = PredefinedAcls.find(name.text());
            if (predefined.isEmpty()) {
                List<String> candidates = new ArrayList<>(proxy.acls().keySet());
                candidates.addAll(PredefinedAcls.names());
                String nearest = Nearest.suggestion(name.text(), candidates);
                diagnostics.error(Code.UNKNOWN_ACL, name, "no ACL is named '" + name + "' in " + proxy.title()
                        + (name.text().startsWith("{") ? "; blanks must stand around braces: { criterion pattern }"
                        : nearest.isEmpty() ? "; an anonymous one is written { criterion pattern }" : nearest));
            }
            return predefined;
        }
        acl.markUsed();
        if (isBehind(acl.name().location(), name.location())) {
            diagnostics.error(Code.UNKNOWN_ACL, name, "ACL '" + name + "' is used above its declaration",
                    "move the line " + acl.name().location().fileAndLine() + " above this one");
        }
        return Optional.of(acl.toSpec());
    }

    private static boolean isBehind(SourceLocation declared, SourceLocation used) {
        return declared.file().equals(used.file()) && declared.line() > used.line();
    }
}
