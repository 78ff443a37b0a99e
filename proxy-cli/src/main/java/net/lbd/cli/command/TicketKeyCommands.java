package net.lbd.cli.command;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.core.tls.TicketKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The keys of session tickets. Source: HAProxy's management guide, "show tls-keys", "set ssl tls-key". */
final class TicketKeyCommands {

    static final List<Command> TABLE = List.of(
            Command.of("show tls-keys", "[<id>|*]", Level.ADMIN, "list files of ticket keys, or the keys themselves", TicketKeyCommands::show),
            Command.of("set ssl tls-key", "<id|file> <key>", Level.ADMIN, "add a ticket key, and forget the oldest", TicketKeyCommands::set));

    private static final Logger LOG = LoggerFactory.getLogger(TicketKeyCommands.class);

    private TicketKeyCommands() { }

    private static List<Map.Entry<String, TicketKeys>> files(Invocation invocation) {
        return new ArrayList<>(invocation.daemon().engine().certificates().ticketKeys().entrySet());
    }

    private static String show(Invocation invocation) throws CommandException {
        List<Map.Entry<String, TicketKeys>> files = files(invocation);
        String wanted = invocation.argument(0);
        StringBuilder text = new StringBuilder(wanted.isEmpty() ? "# id (file)\n" : "# id secret\n");
        int only = wanted.isEmpty() || wanted.equals("*") ? -1 : find(files, wanted).orElseThrow(() ->
                new CommandException("'show tls-keys' unable to locate referenced filename"));
        for (int id = 0; id < files.size(); id++) {
            String file = id + " (" + files.get(id).getKey() + ")\n";
            if (wanted.isEmpty()) {
                text.append(file);
            } else if (only < 0 || only == id) {
                text.append("# ").append(file);
                List<byte[]> keys = files.get(id).getValue().keys();
                for (int i = 0; i < keys.size(); i++) {
                    text.append(id).append('.').append(i).append(' ').append(Base64.getEncoder().encodeToString(keys.get(i))).append('\n');
                }
            }
        }
        return text.toString();
    }

    /** By {@code #number}, or by the name of the file. */
    private static Optional<Integer> find(List<Map.Entry<String, TicketKeys>> files, String wanted) {
        for (int id = 0; id < files.size(); id++) {
            if (wanted.equals("#" + id) || wanted.equals(files.get(id).getKey())) {
                return Optional.of(id);
            }
        }
        return Optional.empty();
    }

    private static String set(Invocation invocation) throws CommandException {
        if (invocation.argument(1).isEmpty()) {
            throw new CommandException("'set ssl tls-key' expects a filename and the new TLS key in base64 encoding.");
        }
        List<Map.Entry<String, TicketKeys>> files = files(invocation);
        int id = find(files, invocation.argument(0)).orElseThrow(() ->
                new CommandException("'set ssl tls-key' unable to locate referenced filename"));
        byte[] key;
        try {
            key = Base64.getDecoder().decode(invocation.argument(1));
        } catch (IllegalArgumentException e) {
            throw new CommandException("'set ssl tls-key' received invalid base64 encoded TLS key.");
        }
        if (key.length != TicketKeys.BYTES) {
            throw new CommandException("'set ssl tls-key' received invalid base64 encoded TLS key.");
        }
        files.get(id).getValue().push(key);
        LOG.info("the administrator has added a ticket key to those of {}", files.get(id).getKey());
        return "TLS ticket key updated!\n";
    }
}
