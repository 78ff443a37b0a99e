package net.lbd.cli.command;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.cli.reload.TrialTime;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.config.syntax.JsonWriter;
import net.lbd.core.runtime.ChangeRefused;
import net.lbd.core.runtime.Generations;

/**
 * The loads of the configuration that sessions still follow, which HAProxy has as old processes ({@code show proc} of its master);
 * ours, as one process has them all.
 */
final class GenerationCommands {

    static final List<Command> TABLE = List.of(
            Command.of("show generations", "[json]", Level.OPERATOR, "the configurations that sessions still follow, the oldest first",
                    GenerationCommands::show),
            Command.of("end generation", "<number> [within <time>]", Level.ADMIN,
                    "end what follows an old configuration: at once, or what is left of it then (60s, 5m)", GenerationCommands::end));

    private GenerationCommands() { }

    private static String show(Invocation invocation) throws CommandException {
        List<Generations.Facts> all = generations(invocation).list();
        if (invocation.arguments().equals(List.of("json"))) {
            return JsonWriter.write(Map.of("generations", all.stream().map(GenerationCommands::document).toList()));
        }
        if (!invocation.arguments().isEmpty()) {
            throw new CommandException("'show generations' takes 'json', or nothing.");
        }
        return all.stream().map(facts -> document(facts).entrySet().stream().map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(" ", "", "\n"))).collect(Collectors.joining());
    }

    /** The seconds of {@code ends_in} are -1 where nobody has asked for the end. */
    private static Map<String, Object> document(Generations.Facts facts) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("generation", facts.generation().number());
        document.put("state", facts.isInForce() ? "in-force" : facts.ends().isPresent() ? "ending" : "old");
        document.put("since", facts.generation().since().toString());
        document.put("active", facts.active());
        document.put("long_polls", facts.longPolls());
        document.put("at_rest", facts.atRest());
        document.put("oldest_ms", facts.oldestMillis());
        document.put("ends_in", facts.ends().map(Duration::toSeconds).orElse(-1L));
        return document;
    }

    private static String end(Invocation invocation) throws CommandException {
        List<String> words = invocation.arguments();
        Optional<Duration> within = words.size() == 1 ? Optional.of(Duration.ZERO)
                : words.size() == 3 && words.get(1).equals("within") ? TrialTime.parse(words.get(2)) : Optional.empty();
        if (within.isEmpty() || !words.get(0).matches("[0-9]{1,9}")) {
            throw new CommandException("'end generation' wants the number of an old generation as 'show generations' has it, and may have 'within' and a time "
                    + TrialTime.FORM + ".");
        }
        try {
            Generations.Facts facts = generations(invocation).end(Integer.parseInt(words.get(0)), within.get());
            return "generation " + words.get(0) + ": " + facts.active() + (facts.active() == 1 ? " session" : " sessions")
                    + (within.get().isZero() ? " ended\n" : " may go on for " + words.get(2) + ", and what is left is ended then\n");
        } catch (ChangeRefused e) {
            throw new CommandException("Refused: " + e.getMessage() + ".");
        }
    }

    private static Generations generations(Invocation invocation) throws CommandException {
        return invocation.daemon().engine().generations().orElseThrow(() -> new CommandException("Nothing serves yet."));
    }
}
