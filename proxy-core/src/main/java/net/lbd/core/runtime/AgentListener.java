package net.lbd.core.runtime;

import java.util.Optional;
import java.util.OptionalInt;
import net.lbd.core.backend.ServerState;
import net.lbd.core.backend.ServerState.Admin;
import net.lbd.core.backend.ServerState.AgentReport;
import net.lbd.core.log.ProxyMessages.Change;
import net.lbd.core.runtime.ServerHealth.Plan;
import net.lbd.health.CheckTarget;
import net.lbd.health.HealthListener;
import net.lbd.health.HealthSnapshot;
import net.lbd.health.check.CheckResult;

/**
 * Carries out what a server's agent says. An agent that does not answer says nothing. Confined to the loop of the checks.
 * Source: HAProxy manual, "agent-check".
 */
final class AgentListener implements HealthListener {

    /** Carries out what only the engine's lock allows; must not wait for that. */
    interface Administrator {
        void setAdmin(Plan plan, Admin wanted);
    }

    private final Plan plan;
    private final ServerTransitions transitions;
    private final Administrator administrator;
    private Optional<Admin> asked = Optional.empty();

    AgentListener(Plan plan, ServerTransitions transitions, Administrator administrator) {
        this.plan = plan;
        this.transitions = transitions;
        this.administrator = administrator;
    }

    @Override
    public void onResult(CheckTarget target, CheckResult result, HealthSnapshot snapshot) {
        ServerState state = plan.server().state();
        if (!result.passed()) {
            state.setAgent(new AgentReport(result.status().name(), result.status().description(), OptionalInt.empty(),
                    result.info(), result.duration().toMillis()));
            return;
        }
        AgentWords words = AgentWords.of(result.info());
        state.setAgent(report(words, result));
        words.admin().filter(wanted -> !asked.equals(Optional.of(wanted))).ifPresent(wanted -> {
            asked = Optional.of(wanted);
            administrator.setAdmin(plan, wanted);
        });
        words.percent().ifPresent(percent ->
                state.setWeight(Math.min(256, (int) ((long) plan.server().configuredWeight() * percent / 100))));
        words.maxConnections().ifPresent(max -> plan.backend().limit(plan.server(), max));
        words.up().ifPresent(up -> setUp(plan, transitions, up, ", reason: " + (up ? "Layer7 check passed" : "Layer7 wrong status")
                + ", code: 0, info: \"via agent : " + words.status() + "\", check duration: " + result.duration().toMillis() + "ms"));
    }

    private static AgentReport report(AgentWords words, CheckResult result) {
        long millis = result.duration().toMillis();
        if (!words.unknown().isEmpty()) {
            return new AgentReport("CHECKED", "No status change", OptionalInt.empty(),
                    "agent reports an error : " + result.info(), millis);
        }
        return words.up().map(up -> up
                ? new AgentReport("L7OK", "Layer7 check passed", OptionalInt.of(0), "via agent : " + words.status(), millis)
                : new AgentReport("L7STS", "Layer7 wrong status", OptionalInt.of(0), "via agent : " + words.status(), millis))
                .orElseGet(() -> new AgentReport("CHECKED", "No status change", OptionalInt.empty(), "", millis));
    }

    /** Sets whether the server is up as far as its agent goes. */
    static void setUp(Plan plan, ServerTransitions transitions, boolean up, String cause) {
        ServerState state = plan.server().state();
        boolean before = state.isUp();
        state.setAgentUp(up);
        if (before != state.isUp() && state.admin() != Admin.MAINT) {
            transitions.changed(plan, up ? Change.UP : Change.DOWN, cause);
        }
    }

    @Override
    public void onTransition(CheckTarget target, HealthSnapshot before, HealthSnapshot after) {
        // Whether the agent can be asked says nothing of the server.
    }
}
