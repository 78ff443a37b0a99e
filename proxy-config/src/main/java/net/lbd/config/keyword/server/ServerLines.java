package net.lbd.config.keyword.server;

import java.util.List;
import java.util.Optional;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.draft.ServerDraft;
import net.lbd.config.grammar.Addresses;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.ParameterLines;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.PortSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/** Reads {@code server} and {@code default-server} lines. Stateless. */
public final class ServerLines {

    private ServerLines() { }

    public static void server(Arguments arguments, ProxyDraft draft) {
        Word name = arguments.next("a name");
        arguments.value(name, ArgumentType.NAME);
        Word addressWord = arguments.next("an address, such as 192.168.1.10:443");
        AddressSpec address = arguments.value(addressWord, Addresses.one(Addresses.Use.SERVER));
        refuseNameInTwoWords(arguments, name, addressWord, address);
        Addresses.noteShortForm(arguments, addressWord, address);
        ServerDraft server = new ServerDraft(name, addressWord, address);
        server.inherit(draft.defaultServer());
        ParameterLines.read(arguments, ServerKeywords.TABLE, server);
        draft.servers().add(server);
    }

    /** {@code server-template PREFIX COUNT ADDRESS …}; the count is a number, or the first and the last. */
    public static void template(Arguments arguments, ProxyDraft draft) {
        Word prefix = arguments.next("a prefix");
        arguments.value(prefix, ArgumentType.NAME);
        Word count = arguments.next("a number of servers, such as 10 or 1-10");
        int dash = count.text().indexOf('-');
        for (String number : dash < 0 ? List.of(count.text())
                : List.of(count.text().substring(0, dash), count.text().substring(dash + 1))) {
            arguments.value(new Word(number, count.location(), count.length()), ArgumentType.integer(0, 65535));
        }
        Word addressWord = arguments.next("an address, such as mail.local:443");
        AddressSpec address = arguments.value(addressWord, Addresses.one(Addresses.Use.SERVER));
        ServerDraft pattern = new ServerDraft(prefix, addressWord, address);
        pattern.inherit(draft.defaultServer());
        ParameterLines.read(arguments, ServerKeywords.TABLE, pattern);
        int first = dash < 0 ? 1 : Integer.parseInt(count.text().substring(0, dash));
        int last = Integer.parseInt(count.text().substring(dash + 1));
        if (last < first) {
            throw arguments.error(count, "'" + arguments.head() + "': " + count + " makes no server");
        }
        for (int i = first; i <= last; i++) {
            ServerDraft server = new ServerDraft(new Word(prefix.text() + i, prefix.location(), prefix.length()), addressWord, address);
            server.inherit(pattern);
            draft.servers().add(server);
        }
    }

    public static void defaults(Arguments arguments, ProxyDraft draft) {
        ParameterLines.read(arguments, ServerKeywords.TABLE, draft.defaultServer());
    }

    /** Text that is copied out of a PDF loses its underscores: {@code CAS1_epm} becomes two words. */
    private static void refuseNameInTwoWords(Arguments arguments, Word name, Word second, AddressSpec address) {
        boolean portMissing = address instanceof AddressSpec.Host host && host.port() instanceof PortSpec.None;
        if (!portMissing || !arguments.hasNext()) {
            return;
        }
        Word third = arguments.peek().orElseThrow();
        int colon = third.text().lastIndexOf(':');
        if (colon > 0 && Addresses.ip(third.text().substring(0, colon)).isPresent()) {
            throw new StatementException(Code.EXTRA_ARGUMENT, third, "'" + third + "' stands where a parameter was expected",
                    Optional.of("a name is one word: did an underscore get lost, as in '" + name + "_" + second + "'?"));
        }
    }
}
