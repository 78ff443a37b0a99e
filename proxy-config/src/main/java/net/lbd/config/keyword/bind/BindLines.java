package net.lbd.config.keyword.bind;

import java.util.ArrayList;
import java.util.List;
import net.lbd.config.draft.BindDraft;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.grammar.Addresses;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.ParameterLines;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.syntax.Word;

/** Reads {@code bind} lines. Stateless. */
public final class BindLines {

    private BindLines() { }

    public static void bind(Arguments arguments, ProxyDraft draft) {
        Word word = arguments.next("an address and port, such as *:443");
        List<AddressSpec> addresses = new ArrayList<>();
        for (String part : word.text().split(",", -1)) {
            try {
                addresses.addAll(Addresses.read(part, Addresses.Use.BIND));
                if (!(addresses.get(addresses.size() - 1) instanceof AddressSpec.FileDescriptor inherited) || inherited.isPair()) {
                    Addresses.noteUnserved(arguments, word, addresses.get(addresses.size() - 1));
                }
                Addresses.noteShortForm(arguments, word, addresses.get(addresses.size() - 1));
            } catch (ValueException e) {
                // The parameters behind a bad address are still worth a look.
                arguments.report(new StatementException(e.code(), word, "'bind " + word + "': " + e.getMessage()));
            }
        }
        BindDraft bind = new BindDraft(word, addresses);
        ParameterLines.read(arguments, BindKeywords.TABLE, bind);
        draft.binds().add(bind);
    }
}
