package net.lbd.cli.admin;

import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import net.lbd.cli.admin.SessionList.Session;
import net.lbd.cli.admin.TextTable.Cell;
import net.lbd.config.grammar.Addresses;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.model.PatternSpec;
import net.lbd.config.syntax.JsonWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code lbctl sessions}: who is connected, the oldest first; {@code kill} ends some. */
@Command(name = "sessions", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Lists the sessions, the oldest first: a connection in mode tcp, a request of a connection in mode http."
                + " Several filters mean that all must be met.",
        subcommands = SessionsCommand.Kill.class)
final class SessionsCommand implements Callable<Integer> {

    /** A daemon with very many sessions takes its time. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @ParentCommand
    private Lbctl lbctl;

    @Option(names = "--service", paramLabel = "NAME", description = "Only those of this frontend or backend.")
    private String service;

    @Option(names = "--server", paramLabel = "[BACKEND/]SERVER", description = "Only those on this server.")
    private String server;

    @Option(names = "--from", paramLabel = "ADDRESS[/BITS]", converter = Network.class, description = "Only those from this address or network.")
    private PatternSpec.Network from;

    @Option(names = "--older-than", paramLabel = "TIME", converter = ServerCommand.Time.class,
            description = "Only those whose connection, or the time since its last request ended, is at least this old, such as 10m.")
    private Duration age;

    @Option(names = "--long-polls", paramLabel = "TIME", arity = "0..1", fallbackValue = "30s", converter = ServerCommand.Time.class,
            description = "Only HTTP requests that have been open at least this long, as those of Outlook and phones are. Default: ${FALLBACK-VALUE}.")
    private Duration open;

    @Option(names = "--json", description = "Print JSON, for programs.")
    private boolean json;

    /** An address, or a network as 192.0.2.0/24. */
    static final class Network implements ITypeConverter<PatternSpec.Network> {
        @Override
        public PatternSpec.Network convert(String text) {
            try {
                return Addresses.network(text);
            } catch (ValueException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    @Override
    public Integer call() throws IOException {
        List<Session> all = SessionList.parse(lbctl.ask(SessionList.QUESTION, PATIENCE));
        List<Session> shown = all.stream().filter(this::isWanted)
                .sorted(Comparator.comparingLong((Session s) -> Math.max(s.ageMillis(), s.openMillis())).reversed()).toList();
        lbctl.terminal().out().print(json ? JsonWriter.write(document(all, shown)) : text(all, shown));
        lbctl.terminal().out().flush();
        return ExitCode.OK;
    }

    private boolean isWanted(Session session) {
        return (service == null || session.isOfService(service))
                && (server == null || session.isOnServer(server))
                && (from == null || session.isFrom(from))
                && (age == null || session.ageMillis() >= age.toMillis())
                && (open == null || session.openMillis() >= open.toMillis());
    }

    private static Map<String, Object> document(List<Session> all, List<Session> shown) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("total", all.size());
        root.put("sessions", shown.stream().map(Session::document).toList());
        return root;
    }

    private String text(List<Session> all, List<Session> shown) {
        String count = shown.size() == all.size() ? "" + all.size() : shown.size() + " of " + all.size();
        String sum = count + (all.size() == 1 ? " session\n" : " sessions\n");
        if (shown.isEmpty()) {
            return sum;
        }
        TextTable table = new TextTable("", "ID", "FROM", "FRONTEND", "SERVER", "STATE", "HTTP", "TLS", "AGE", "OPEN", "REQUESTS", "IN", "OUT");
        for (Session s : shown) {
            String to = s.backend().isEmpty() ? "-" : s.backend() + "/" + (s.server().isEmpty() ? "-" : s.server());
            table.add(Cell.of(s.id()), Cell.of(s.source()), Cell.of(s.frontend()), Cell.of(to),
                    new Cell(s.state(), t -> t.equals("queue") ? lbctl.terminal().paint(Terminal.Mood.WATCH, t) : t),
                    Cell.of(s.http().isEmpty() ? "-" : s.http()), Cell.of(s.tls() ? "yes" : "-"),
                    Cell.of(StatusCommand.duration(Long.toString(s.ageMillis() / 1000))),
                    Cell.of(s.openMillis() < 0 ? "-" : StatusCommand.duration(Long.toString(s.openMillis() / 1000))),
                    Cell.of(Long.toString(s.requests())), Cell.of(StatusCommand.bytes(Long.toString(s.bytesIn()))),
                    Cell.of(StatusCommand.bytes(Long.toString(s.bytesOut()))));
        }
        return table + "\n" + sum;
    }

    /** {@code lbctl sessions kill ID…}. */
    @Command(name = "kill", mixinStandardHelpOptions = true,
            description = "Ends connections at once; on a connection of HTTP/2 all its requests end.")
    static final class Kill implements Callable<Integer> {

        @ParentCommand
        private SessionsCommand sessions;

        @Spec
        private CommandSpec spec;

        @Parameters(arity = "1..*", paramLabel = "ID", description = "As the list shows it, such as 0x2a.")
        private List<String> ids;

        @Override
        public Integer call() throws IOException {
            for (String id : ids) {
                if (!id.matches("0x[0-9a-fA-F]{1,15}|[0-9]{1,18}")) {
                    throw new ParameterException(spec.commandLine(), "'" + id + "' is no ID of a session; they look like 0x2a; nothing was ended");
                }
            }
            int result = ExitCode.OK;
            for (String id : ids) {
                String complaint = sessions.lbctl.ask("shutdown session " + RawCommand.escape(id)).strip();
                if (complaint.isEmpty()) {
                    sessions.lbctl.terminal().out().println(id + " is ended");
                } else {
                    result = ExitCode.ERROR;
                    sessions.lbctl.terminal().complain(complaint.startsWith("No such session")
                            ? id + ": there is no such session any more; 'lbctl sessions' lists them" : id + ": " + complaint);
                }
            }
            return result;
        }
    }
}
