package net.lbd.cli.command;

import java.util.Optional;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.core.tls.Shelf;
import org.slf4j.Logger;

/** What the commands on certificates, authorities and lists of revoked certificates have in common, in HAProxy's words. Pure functions. */
final class Transactions {

    private Transactions() { }

    /** The name that the command is about. */
    static String name(Invocation invocation, String otherwise) throws CommandException {
        if (invocation.argument(0).isEmpty()) {
            throw new CommandException(otherwise);
        }
        return invocation.argument(0);
    }

    static String another(String begun, String verb, String asked) {
        return "The ongoing transaction is about '" + begun + "' but you are trying to " + verb + " '" + asked + "'";
    }

    /** What has been begun of this file. */
    static <T> T toCommit(Shelf<T> shelf, String name) throws CommandException {
        Optional<Shelf.Pending<T>> begun = shelf.pending();
        if (begun.isEmpty()) {
            throw new CommandException("No ongoing transaction! !\nCan't commit " + name + "!");
        }
        if (!begun.get().name().equals(name)) {
            throw new CommandException(another(begun.get().name(), "set", name) + "\nCan't commit " + name + "!");
        }
        return begun.get().content();
    }

    /** @param users binds and servers that have changed: a dot for each */
    static String committed(String name, int users, Logger log) {
        log.info("{} is put in service by the administrator", name);
        return "Committing " + name + ".".repeat(users) + "\nSuccess!\n";
    }

    static <T> String abort(Shelf<T> shelf, String name) throws CommandException {
        Optional<Shelf.Pending<T>> begun = shelf.pending();
        if (begun.isEmpty()) {
            throw new CommandException("No ongoing transaction!");
        }
        if (!begun.get().name().equals(name)) {
            throw new CommandException(another(begun.get().name(), "abort a transaction for", name));
        }
        shelf.abort();
        return "Transaction aborted for certificate '" + name + "'!\n";
    }
}
