package net.lbd.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "show info          | [[show, info]]",
        "  show\t info  \r  | [[show, info]]",
        "show info;show stat| [[show, info], [show, stat]]",
        ";; a ; ;b;         | [[a], [b]]",
        "a\\;b c            | [[a;b, c]]",
        "a\\ b              | [[a b]]",
        "a\\\\              | [[a\\]]",
        "a \\               | [[a, \\]]",
        ";                  | []",
    })
    void splitsIntoCommandsAndWords(String line, String expected) {
        assertThat(CommandLine.split(line)).hasToString(expected);
    }

    @Test
    void emptyLineHoldsNoCommand() {
        assertThat(CommandLine.split("")).isEmpty();
    }

    @Test
    void anyLineYieldsOnlyCommandsWithWords() {
        Random random = new Random(4711);
        String alphabet = "ab ;\\\t\"'é\u0000";
        for (int round = 0; round < 2000; round++) {
            StringBuilder line = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                line.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            for (List<String> command : CommandLine.split(line.toString())) {
                assertThat(command).as("'%s'", line).isNotEmpty().allMatch(word -> !word.isEmpty());
            }
        }
    }
}
