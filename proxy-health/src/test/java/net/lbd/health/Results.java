package net.lbd.health;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import net.lbd.health.check.CheckResult;
import net.lbd.health.check.CheckStatus;

/** Made-up results for tests that need no connection. */
final class Results {

    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private Results() { }

    static CheckResult passed(Instant at) {
        return new CheckResult.Passed(CheckStatus.L4OK, OptionalInt.empty(), "", Duration.ZERO, at);
    }

    static CheckResult failed(Instant at) {
        return new CheckResult.Failed(CheckStatus.L4CON, OptionalInt.empty(), "Connection refused", "", Duration.ZERO, at);
    }

    static CheckResult of(char sign, Instant at) {
        return sign == '+' ? passed(at) : failed(at);
    }
}
