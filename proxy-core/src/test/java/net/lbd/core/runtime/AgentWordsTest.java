package net.lbd.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalInt;
import net.lbd.core.backend.ServerState.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentWordsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "up | true | | | ",
        "UP\t80% | true | | 80 | ",
        "down # disk full, 80% of it | false | | | ",
        "stopped#why | false | | | ",
        "fail | false | | | ",
        "ready,up 100% | true | READY | 100 | ",
        "drain 0% | | DRAIN | 0 | ",
        "maint | | MAINT | | ",
        "maxconn:30 up | true | | | ",
        "maxconn:many | | | | maxconn:many",
        "hello 123456% | | | | hello",
        "# only a description | | | | ",
    })
    void readsALine(String line, Boolean up, Admin admin, Integer percent, String unknown) {
        AgentWords words = AgentWords.of(line);

        assertThat(words.up()).isEqualTo(Optional.ofNullable(up));
        assertThat(words.admin()).isEqualTo(Optional.ofNullable(admin));
        assertThat(words.percent()).isEqualTo(percent == null ? OptionalInt.empty() : OptionalInt.of(percent));
        assertThat(words.unknown()).isEqualTo(unknown == null ? "" : unknown);
    }

    @Test
    void aNumberOfConnectionsIsALimit() {
        assertThat(AgentWords.of("maxconn:30 up").maxConnections()).hasValue(30);
        assertThat(AgentWords.of("up").maxConnections()).isEmpty();
    }

    @Test
    void theLastWordOfAKindCounts() {
        assertThat(AgentWords.of("up down 10% 20%").up()).contains(false);
        assertThat(AgentWords.of("up down 10% 20%").percent()).hasValue(20);
        assertThat(AgentWords.of("up down").status()).isEqualTo("down");
    }
}
