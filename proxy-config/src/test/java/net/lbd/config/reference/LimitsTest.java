package net.lbd.config.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.lbd.config.GoldenTest;
import net.lbd.config.syntax.Code;
import org.junit.jupiter.api.Test;

/** What is told to be not supported yet is what the check refuses to start with, row by row and word by word. */
class LimitsTest {

    private static final Pattern SAID = Pattern.compile("=> \\d+\\+\\d+ \\S+ " + Code.NOT_YET.id() + " (.*?) is not supported yet.*");

    private final Set<String> messages = messages();

    @Test
    void whateverTheCheckRefusesIsInTheListOfKeywords() {
        Set<String> later = new TreeSet<>();
        KeywordList.text().lines().map(line -> line.split("\t")).filter(fields -> fields[2].equals("not-yet"))
                .forEach(fields -> later.add(fields[3].replaceAll("[ (\\[{<…].*", "")));
        List<String> untold = new ArrayList<>();
        for (String message : messages) {
            boolean limited = Limits.ALL.stream().anyMatch(limit -> Pattern.matches(limit.message(), message));
            if (!limited && !message.startsWith("section '") && !message.matches("'\\+[a-z]+'") && !isRow(message, later)) {
                untold.add(message);
            }
        }
        assertThat(untold).as("neither a row that is not supported yet nor in Limits").isEmpty();
    }

    /** The last word of {@code 'server … tfo'}, {@code 'http-request use-service'}, {@code 'guid'} names a row. */
    private static boolean isRow(String message, Set<String> rows) {
        Matcher quoted = Pattern.compile("'([^']*)'.*").matcher(message);
        if (!quoted.matches()) {
            return false;
        }
        for (String word : quoted.group(1).split(" ")) {
            if (rows.contains(word)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void whateverIsToldIsRefused() {
        List<String> stale = new ArrayList<>();
        for (Limits.Limit limit : Limits.ALL) {
            if (messages.stream().noneMatch(message -> Pattern.matches(limit.message(), message))) {
                stale.add(limit.row() + " " + limit.words());
            }
        }
        assertThat(stale).as("no golden case is told LB1217 for them: are they supported now? then take them out of Limits").isEmpty();
    }

    private static Set<String> messages() {
        Set<String> found = new TreeSet<>();
        try {
            for (Path file : GoldenTest.files()) {
                for (GoldenTest.Case c : GoldenTest.cases(file)) {
                    for (String said : c.expected()) {
                        Matcher matcher = SAID.matcher(said);
                        if (matcher.matches()) {
                            found.add(matcher.group(1));
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return found;
    }
}
