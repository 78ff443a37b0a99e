package net.lbd.cli.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.lbd.cli.FakeEngine;
import net.lbd.cli.Fixtures;
import net.lbd.config.model.Configuration;
import net.lbd.config.syntax.Diagnostic;
import net.lbd.config.syntax.Severity;
import net.lbd.config.syntax.SourceLocation;
import org.junit.jupiter.api.Test;

class ReloadCoordinatorTest {

    private static final String GOOD = """
            defaults
              mode http
              timeout connect 1s
              timeout client 1s
              timeout server 1s
            frontend fe
              bind 127.0.0.1:18080
              default_backend be
            backend be
              server s1 127.0.0.1:18081
            """;
    private static final String BETTER = GOOD + "  server s2 127.0.0.1:18082\n";
    private static final String BROKEN = GOOD.replace("default_backend be", "default_backend nope");
    private static final String WARNED = GOOD.replace("  timeout server 1s\n", "");

    private final FakeEngine engine = new FakeEngine();
    private final RecordingParticipant participant = new RecordingParticipant();
    private String text = GOOD;

    private ReloadCoordinator coordinator(boolean zeroWarning) {
        return new ReloadCoordinator(() -> Fixtures.compared(text), engine, List.of(participant), zeroWarning);
    }

    private Configuration serving() {
        return engine.runtime().orElseThrow().configuration();
    }

    @Test
    void firstReloadPublishes() {
        ReloadCoordinator coordinator = coordinator(false);

        ReloadResult result = coordinator.reload();

        assertThat(result.applied()).isTrue();
        assertThat(result.refusal()).isEmpty();
        assertThat(serving().frontend("fe")).isPresent();
        assertThat(participant.events).containsExactly("prepare", "commit");
    }

    @Test
    void brokenFileLeavesTheOldConfigurationAndNextGoodOneWorks() {
        ReloadCoordinator coordinator = coordinator(false);
        coordinator.reload();
        Configuration old = serving();

        text = BROKEN;
        ReloadResult refused = coordinator.reload();

        assertThat(refused.applied()).isFalse();
        assertThat(refused.summary()).isEqualTo("errors found in the configuration, 1 error");
        assertThat(refused.diagnostics()).anyMatch(d -> d.severity() == Severity.ERROR);
        assertThat(serving()).isSameAs(old);
        assertThat(engine.calls()).containsExactly("apply");

        text = BETTER;
        ReloadResult applied = coordinator.reload();

        assertThat(applied.applied()).isTrue();
        assertThat(serving().backend("be").orElseThrow().servers()).hasSize(2);
        assertThat(engine.calls()).containsExactly("apply", "apply");
    }

    @Test
    void engineThatRefusesRollsEverythingBack() {
        ReloadCoordinator coordinator = coordinator(false);
        coordinator.reload();
        Configuration old = serving();
        Diagnostic inUse = new Diagnostic(Severity.ERROR, "LB9999", new SourceLocation("test.cfg", 7, 8), 4, "",
                "cannot listen on 127.0.0.1:18080: address already in use", Optional.empty());
        engine.refuse(List.of(inUse));

        ReloadResult result = coordinator.reload();

        assertThat(result.applied()).isFalse();
        assertThat(result.diagnostics()).contains(inUse);
        assertThat(serving()).isSameAs(old);
        assertThat(participant.events).containsExactly("prepare", "commit", "prepare", "rollback");
    }

    @Test
    void participantThatCannotFollowStopsBeforeTheEngine() {
        participant.failure = Optional.of(new IOException("control socket /x: cannot listen"));

        ReloadResult result = coordinator(false).reload();

        assertThat(result.applied()).isFalse();
        assertThat(result.summary()).isEqualTo("control socket /x: cannot listen");
        assertThat(engine.calls()).isEmpty();
    }

    @Test
    void warningsRefuseOnlyWithZeroWarning() {
        text = WARNED;

        assertThat(coordinator(false).reload().applied()).isTrue();
        ReloadResult strict = coordinator(true).reload();

        assertThat(strict.applied()).isFalse();
        assertThat(strict.summary()).startsWith("warnings were found, and 'zero-warning' (-dW) is set");
    }

    @Test
    void wordsThatAreNotSupportedYetAreRefused() {
        text = GOOD + "\nfcgi-app f\n  docroot /srv\n";

        ReloadResult result = coordinator(false).reload();

        assertThat(result.applied()).isFalse();
        assertThat(result.refusal()).contains("does not support yet");
        assertThat(engine.calls()).isEmpty();
    }

    @Test
    void bugOfTheEngineIsARefusalAndRollsBack() {
        engine.onApply(() -> {
            throw new IllegalStateException("boom");
        });

        ReloadResult result = coordinator(false).reload();

        assertThat(result.applied()).isFalse();
        assertThat(result.summary()).contains("internal error", "boom");
        assertThat(participant.events).containsExactly("prepare", "rollback");
    }

    @Test
    void reloadsRunOneAtATime() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch firstIsIn = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        engine.onApply(() -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            firstIsIn.countDown();
            await(goOn);
            inside.decrementAndGet();
        });
        ReloadCoordinator coordinator = coordinator(false);

        List<CompletableFuture<ReloadResult>> reloads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            reloads.add(CompletableFuture.supplyAsync(coordinator::reload, task -> new Thread(task).start()));
        }
        await(firstIsIn);
        goOn.countDown();
        for (CompletableFuture<ReloadResult> reload : reloads) {
            assertThat(reload.get(10, TimeUnit.SECONDS).applied()).isTrue();
        }

        assertThat(most).hasValue(1);
        assertThat(engine.calls()).hasSize(4);
    }

    @Test
    void afterCloseNothingIsReloaded() {
        ReloadCoordinator coordinator = coordinator(false);
        coordinator.close();

        assertThat(coordinator.reload().summary()).isEqualTo("the daemon is stopping");
        assertThat(engine.calls()).isEmpty();
    }

    @Test
    void whatIsOnTrialStaysIfConfirmed() throws Exception {
        ReloadCoordinator coordinator = coordinator(false);
        coordinator.reload();
        text = BETTER;

        assertThat(coordinator.reloadOnTrial(Duration.ofHours(1)).applied()).isTrue();
        ReloadCoordinator.Trial trial = coordinator.trial().orElseThrow();
        Configuration better = serving();
        assertThat(trial.left()).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
        assertThat(coordinator.confirm()).isTrue();

        assertThat(trial.awaitDecision()).isTrue();
        assertThat(coordinator.trial()).isEmpty();
        assertThat(coordinator.goBackUnlessDecided(trial).applied()).isFalse();
        assertThat(serving()).isSameAs(better);
        assertThat(coordinator.confirm()).isFalse();
    }

    @Test
    void whatIsNotConfirmedInTimeGoesBackThroughTheSameTransaction() throws Exception {
        ReloadCoordinator coordinator = coordinator(false);
        coordinator.reload();
        Configuration old = serving();
        text = BETTER;
        coordinator.reloadOnTrial(Duration.ofMillis(1));
        ReloadCoordinator.Trial trial = coordinator.trial().orElseThrow();

        assertThat(trial.awaitDecision()).isFalse();
        assertThat(coordinator.goBackUnlessDecided(trial).applied()).isTrue();

        assertThat(serving()).isSameAs(old);
        assertThat(coordinator.trial()).isEmpty();
        assertThat(participant.events).containsExactly("prepare", "commit", "prepare", "commit", "prepare", "commit");
        assertThat(coordinator.preview().sections()).as("the files still hold the new one").hasSize(1);
    }

    @Test
    void duringATrialReloadsAreRefusedAndTheWayBackStaysTheSame() {
        ReloadCoordinator coordinator = coordinator(false);
        coordinator.reload();
        Configuration old = serving();
        text = BETTER;
        coordinator.reloadOnTrial(Duration.ofHours(1));

        assertThat(coordinator.reload().refusal()).contains("a reload waits to be confirmed", "'reload confirmed'", "'reload back'");
        assertThat(coordinator.reloadOnTrial(Duration.ofSeconds(1)).applied()).isFalse();
        assertThat(coordinator.trial().orElseThrow().left()).isGreaterThan(Duration.ofMinutes(59));

        assertThat(coordinator.goBack().applied()).isTrue();
        assertThat(serving()).isSameAs(old);
        assertThat(coordinator.goBack().refusal()).isEqualTo("no reload waits to be confirmed");
        assertThat(coordinator.reload().applied()).isTrue();
    }

    @Test
    void aWayBackThatIsRefusedLeavesTheTrialToBeDecidedAgain() {
        ReloadCoordinator coordinator = coordinator(false);
        coordinator.reload();
        text = BETTER;
        coordinator.reloadOnTrial(Duration.ofHours(1));
        Configuration better = serving();
        participant.failure = Optional.of(new IOException("control socket /x: cannot listen"));

        assertThat(coordinator.goBack().refusal()).isEqualTo("control socket /x: cannot listen");

        assertThat(serving()).isSameAs(better);
        assertThat(coordinator.confirm()).isTrue();
    }

    @Test
    void aRefusedReloadIsNotOnTrial() {
        ReloadCoordinator coordinator = coordinator(false);
        coordinator.reload();
        text = BROKEN;

        assertThat(coordinator.reloadOnTrial(Duration.ofHours(1)).applied()).isFalse();
        assertThat(coordinator.trial()).isEmpty();
    }

    @Test
    void theEndOfTheDaemonEndsATrial() throws Exception {
        ReloadCoordinator coordinator = coordinator(false);
        coordinator.reload();
        text = BETTER;
        coordinator.reloadOnTrial(Duration.ofHours(1));
        ReloadCoordinator.Trial trial = coordinator.trial().orElseThrow();

        coordinator.close();

        assertThat(trial.awaitDecision()).isTrue();
        assertThat(coordinator.goBack().applied()).isFalse();
    }

    @Test
    void previewTellsWhatAReloadWouldChangeAndChangesNothing() {
        ReloadCoordinator coordinator = coordinator(false);
        coordinator.reload();
        assertThat(coordinator.preview().text()).startsWith("nothing would change");

        text = BETTER.replace("timeout client 1s", "timeout client 2s");
        assertThat(coordinator.preview().text()).isEqualTo("""
                  frontend fe
                -   timeout client 1s
                +   timeout client 2s
                  backend be
                +   server s2 127.0.0.1:18082
                2 sections changed, 0 added, 0 removed
                """);

        text = BROKEN;
        assertThat(coordinator.preview().isApplicable()).isFalse();
        assertThat(coordinator.preview().text()).contains("test.cfg:").endsWith("a reload would be refused: errors found in the configuration\n");
        assertThat(coordinator.preview().json()).contains("\"applicable\": false", "\"sections\": []");
        assertThat(engine.calls()).containsExactly("apply");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class RecordingParticipant implements Participant {

        private final List<String> events = new ArrayList<>();
        private Optional<IOException> failure = Optional.empty();

        @Override
        public Change prepare(Configuration configuration) throws IOException {
            if (failure.isPresent()) {
                throw failure.get();
            }
            events.add("prepare");
            return new Change() {
                @Override
                public void commit() {
                    events.add("commit");
                }

                @Override
                public void rollback() {
                    events.add("rollback");
                }
            };
        }
    }
}
