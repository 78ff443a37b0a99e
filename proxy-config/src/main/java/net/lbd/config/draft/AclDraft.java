package net.lbd.config.draft;

import java.util.ArrayList;
import java.util.List;
import net.lbd.config.model.AclSpec;
import net.lbd.config.syntax.Word;

/** The lines of one ACL. Not thread-safe. */
public final class AclDraft {

    private final Word name;
    private final List<AclSpec.Test> tests = new ArrayList<>();
    private boolean used;

    AclDraft(Word name) {
        this.name = name;
    }

    /** Where its first line names it. */
    public Word name() {
        return name;
    }

    public void add(AclSpec.Test test) {
        tests.add(test);
    }

    public void markUsed() {
        used = true;
    }

    public boolean isUsed() {
        return used;
    }

    public AclSpec toSpec() {
        return new AclSpec(name.text(), name.location(), tests);
    }
}
