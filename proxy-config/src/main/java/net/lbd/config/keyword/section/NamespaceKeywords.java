package net.lbd.config.keyword.section;

import static net.lbd.config.grammar.SectionKind.NAMESPACE_LIST;

import java.util.List;
import java.util.Set;
import net.lbd.config.draft.PlainDraft;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Directive;

/** The lines of {@code namespace_list}. Source: HAProxy's doc/network-namespaces.txt. */
final class NamespaceKeywords {

    static final List<Directive<PlainDraft>> ROWS = List.of(
            Directive.<PlainDraft>of("namespace", Set.of(NAMESPACE_LIST), "<name>", """
                    A network namespace that the PROXY header of a client may name (field 0x30 of version 2), besides those of bind and server lines.
                    What another name says is passed over: the client is then where its bind line is.""",
                    (arguments, draft) -> {
                        String name = arguments.next("<name>", ArgumentType.NAMESPACE);
                        draft.namespaces().put(name, arguments.last().location());
                        arguments.end();
                    }));

    private NamespaceKeywords() { }
}
