package net.lbd.health.check;

/** {@code set-var} and its kin, and {@code comment}, which does nothing. */
final class AssignmentStep implements Step {

    private final CheckLanguage.Assignment assignment;
    private final String description;

    AssignmentStep(CheckLanguage.Assignment assignment, String description) {
        this.assignment = assignment;
        this.description = description;
    }

    @Override
    public Outcome advance(Wire wire) {
        assignment.run(wire.scope());
        return Outcome.SKIP;
    }

    @Override
    public String describe() {
        return description;
    }
}
