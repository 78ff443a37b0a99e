package net.lbd.cli.command;

/** Why a command cannot be carried out: one sentence for its user. */
public final class CommandException extends Exception {

    private static final long serialVersionUID = 1L;

    public CommandException(String sentence) {
        // An expected answer, not a fault of ours: nobody reads its stack.
        super(sentence, null, false, false);
    }
}
