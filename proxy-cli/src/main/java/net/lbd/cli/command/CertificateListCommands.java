package net.lbd.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.config.check.CertificateLine;
import net.lbd.config.model.CertificateList;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.config.model.Settings;
import net.lbd.core.tls.CertificateStore;
import net.lbd.core.tls.TlsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lines of {@code crt-list} files in service; the files themselves are not written. Source: HAProxy's management guide, "show ssl crt-list". */
final class CertificateListCommands {

    static final List<Command> TABLE = List.of(
            Command.of("show ssl crt-list", "[-n] [<list>]", Level.OPERATOR, "list the lists of certificates, or the lines of one",
                    CertificateListCommands::show),
            Command.of("add ssl crt-list", "<list> <cert> | <list> <payload>", Level.ADMIN, "add a line to a list of certificates",
                    CertificateListCommands::add),
            Command.of("del ssl crt-list", "<list> <cert[:line]>", Level.ADMIN, "take a line out of a list of certificates",
                    CertificateListCommands::delete));

    private static final Logger LOG = LoggerFactory.getLogger(CertificateListCommands.class);
    private static final String WANTED = "expects a filename and a certificate name";

    private CertificateListCommands() { }

    private static CertificateStore store(Invocation invocation) {
        return invocation.daemon().engine().certificates();
    }

    private static String show(Invocation invocation) throws CommandException {
        Map<String, List<CertificateList.Line>> lists = store(invocation).lists();
        boolean numbered = invocation.argument(0).equals("-n");
        String name = invocation.argument(numbered ? 1 : 0);
        if (name.isEmpty()) {
            return lists.keySet().stream().map(list -> list + "\n").collect(Collectors.joining());
        }
        if (!lists.containsKey(name)) {
            throw new CommandException("didn't find the specified filename");
        }
        StringBuilder text = new StringBuilder("# ").append(name).append('\n');
        for (CertificateList.Line line : lists.get(name)) {
            text.append(line.path());
            if (numbered) {
                text.append(':').append(line.location().line());
            }
            if (!line.optionText().isBlank()) {
                text.append(" [").append(line.optionText().strip()).append(']');
            }
            line.filters().forEach(filter -> text.append(' ').append(filter));
            text.append('\n');
        }
        return text.toString();
    }

    private static String add(Invocation invocation) throws CommandException {
        String list = invocation.argument(0);
        String text = invocation.payload().map(String::strip).orElse(invocation.argument(1));
        if (list.isEmpty() || text.isEmpty()) {
            throw new CommandException("'add ssl crtlist' " + WANTED);
        }
        String cannot = "Can't edit the crt-list: ";
        CertificateStore store = store(invocation);
        List<CertificateList.Line> lines = Optional.ofNullable(store.lists().get(list)).orElseThrow(() ->
                new CommandException(cannot + "crt-list '" + list + "' does not exist!"));
        if (text.indexOf('\n') >= 0) {
            throw new CommandException(cannot + "more than one line in the payload!");
        }
        int number = lines.get(lines.size() - 1).location().line() + 1;
        Settings global = invocation.daemon().engine().runtime().map(r -> r.configuration().global().settings()).orElse(Settings.EMPTY);
        CertificateLine read = CertificateLine.read(list, number, text, global);
        CertificateList.Line line = read.line().orElseThrow(() -> new CommandException(cannot
                + (read.errors().isEmpty() ? "the line is empty" : read.errors().get(0).message())));
        if (store.certificates().find(line.path()).isEmpty()) {
            throw new CommandException(cannot + "certificate '" + line.path() + "' does not exist!");
        }
        try {
            int binds = store.addLine(line);
            LOG.info("the administrator has added '{}' to the list of certificates {}", text, list);
            return "Inserting certificate '" + line.path() + "' in crt-list '" + list + "'" + ".".repeat(binds) + "\nSuccess!\n";
        } catch (TlsException e) {
            throw new CommandException(cannot + e.getMessage());
        }
    }

    private static String delete(Invocation invocation) throws CommandException {
        String list = invocation.argument(0);
        String word = invocation.argument(1);
        if (list.isEmpty() || word.isEmpty()) {
            throw new CommandException("'del ssl crtlist' " + WANTED);
        }
        int colon = word.lastIndexOf(':');
        boolean numbered = colon > 0 && word.substring(colon + 1).matches("[0-9]{1,6}");
        String file = numbered ? word.substring(0, colon) : word;
        String cannot = "Can't delete the entry: ";
        CertificateStore store = store(invocation);
        List<CertificateList.Line> lines = Optional.ofNullable(store.lists().get(list)).orElseThrow(() ->
                new CommandException(cannot + "crt-list '" + list + "' does not exist!"));
        if (store.certificates().find(file).isEmpty()) {
            throw new CommandException(cannot + "certificate '" + file + "' does not exist!");
        }
        List<CertificateList.Line> found = new ArrayList<>(lines.stream().filter(l -> l.path().equals(file)).toList());
        if (!numbered && found.size() > 1) {
            throw new CommandException(cannot + "found the certificate '" + file
                    + "' in several entries, please specify a line number preceded by colons ("
                    + found.stream().map(l -> Integer.toString(l.location().line())).collect(Collectors.joining(", ")) + ")!");
        }
        if (numbered) {
            found.removeIf(l -> l.location().line() != Integer.parseInt(word.substring(colon + 1)));
        }
        if (found.isEmpty()) {
            throw new CommandException(cannot + "certificate '" + file + "' is not in the crt-list '" + list + "'!");
        }
        if (!store.removeLine(found.get(0))) {
            throw new CommandException(cannot + "a bind line would be left without a certificate!");
        }
        LOG.info("the administrator has taken {} out of the list of certificates {}", file, list);
        return "Entry '" + file + "' deleted in crtlist '" + list + "'!\n";
    }
}
