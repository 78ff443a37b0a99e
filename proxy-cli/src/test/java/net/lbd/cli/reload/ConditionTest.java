package net.lbd.cli.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import net.lbd.cli.Fixtures;
import net.lbd.cli.reload.Condition.Traffic;
import net.lbd.core.backend.ServerState;
import net.lbd.core.runtime.ProxyRuntime;
import net.lbd.health.check.CheckStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionTest {

    private static final Traffic NONE = new Traffic(0, 0, 0, 0);

    private static Condition servers(Map<String, Boolean> servers, Map<String, Integer> usable) {
        return new Condition(servers, usable, NONE);
    }

    @Test
    void aServerThatWasUpAndIsDownIsWorse() {
        Condition before = servers(Map.of("owa/ex1", true, "owa/ex2", false), Map.of("owa", 1));

        assertThat(servers(Map.of("owa/ex1", false, "owa/ex2", true), Map.of("owa", 1)).worseThan(before, NONE, NONE))
                .contains("server owa/ex1 was up and is down");
        assertThat(servers(Map.of("owa/ex1", true, "owa/ex2", false), Map.of("owa", 1)).worseThan(before, NONE, NONE))
                .as("one that was down before").isEmpty();
        assertThat(servers(Map.of("owa/ex1", true, "owa/ex3", false), Map.of("owa", 1)).worseThan(before, NONE, NONE))
                .as("one that is new, while others serve").isEmpty();
    }

    @Test
    void aBackendWithoutServersIsWorseUnlessItHadNoneBefore() {
        Condition before = servers(Map.of(), Map.of("owa", 2, "ecp", 0));

        assertThat(servers(Map.of(), Map.of("owa", 0)).worseThan(before, NONE, NONE)).contains("backend owa has no server that takes traffic");
        assertThat(servers(Map.of(), Map.of("ecp", 0)).worseThan(before, NONE, NONE)).isEmpty();
        assertThat(servers(Map.of(), Map.of("new", 0)).worseThan(before, NONE, NONE)).contains("backend new has no server that takes traffic");
        assertThat(servers(Map.of(), Map.of()).worseThan(before, NONE, NONE)).as("one that is gone").isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
            // answers and errors before, answers and errors since, whether that is worse
            "1000, 0, 1000, 9, false",
            "1000, 0, 1000, 10, false",
            "1000, 0, 200, 10, true",
            "1000, 100, 1000, 190, false",
            "1000, 100, 1000, 200, true",
            "0, 0, 10, 10, true",
            "0, 0, 0, 0, false",
            "100, 60, 100, 100, false"})
    void failuresAreWorseIfTheirShareHasDoubledAndThereAreSome(long allBefore, long badBefore, long all, long bad, boolean worse) {
        Condition same = servers(Map.of(), Map.of());

        assertThat(same.worseThan(same, new Traffic(allBefore, badBefore, 0, 0), new Traffic(all, bad, 0, 0)).isPresent()).isEqualTo(worse);
        assertThat(same.worseThan(same, new Traffic(0, 0, allBefore, badBefore), new Traffic(0, 0, all, bad)).isPresent()).isEqualTo(worse);
    }

    @Test
    void theSentenceHasBothShares() {
        Condition same = servers(Map.of(), Map.of());

        assertThat(same.worseThan(same, new Traffic(1000, 10, 0, 0), new Traffic(200, 50, 0, 0)))
                .contains("50 of 200 answers are 5xx (25.0 %; before: 1.0 %)");
        assertThat(same.worseThan(same, NONE, new Traffic(0, 0, 20, 20))).contains("20 of 20 connections to servers fail (100.0 %; before: 0.0 %)");
    }

    @Test
    void itIsReadFromWhatServes() {
        ProxyRuntime runtime = Fixtures.runtime(Fixtures.configuration("""
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 5s
                  timeout server 5s
                frontend web
                  bind 127.0.0.1:1
                  default_backend owa
                backend owa
                  server ex1 192.0.2.1:80 check
                  server ex2 192.0.2.2:80 check
                  server ex3 192.0.2.3:80 check disabled
                backend parked
                  server ex1 192.0.2.1:80 disabled
                """));
        Fixtures.checked(Fixtures.server(runtime, "owa", "ex2").state(), 0, CheckStatus.L4TOUT, 0, "");
        runtime.frontend("web").orElseThrow().counters().countResponse(200);
        runtime.frontend("web").orElseThrow().counters().countResponse(503);
        ServerState ex1 = Fixtures.server(runtime, "owa", "ex1").state();
        ex1.counters().connects.add(3);
        ex1.counters().connectErrors.add(2);

        Condition now = Condition.of(runtime);

        assertThat(now.servers()).isEqualTo(Map.of("owa/ex1", true, "owa/ex2", false));
        assertThat(now.usable()).as("what was taken out on purpose does not count").isEqualTo(Map.of("owa", 1));
        assertThat(now.traffic()).isEqualTo(new Traffic(2, 1, 3, 2));
        assertThat(now.worseThan(now, NONE, NONE)).isEqualTo(Optional.empty());
    }
}
