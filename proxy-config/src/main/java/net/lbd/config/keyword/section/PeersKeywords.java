package net.lbd.config.keyword.section;

import static net.lbd.config.grammar.SectionKind.PEERS;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.draft.BindDraft;
import net.lbd.config.draft.PeersDraft;
import net.lbd.config.draft.PlainDraft;
import net.lbd.config.draft.ServerDraft;
import net.lbd.config.grammar.Addresses;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.ParameterLines;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.grammar.Support;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.keyword.bind.BindKeywords;
import net.lbd.config.keyword.bind.BindLines;
import net.lbd.config.keyword.log.LogTargets;
import net.lbd.config.keyword.proxy.StickTableReader;
import net.lbd.config.keyword.server.ServerKeywords;
import net.lbd.config.keyword.server.ServerLines;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.PortSpec;
import net.lbd.config.model.StickTableSpec;
import net.lbd.config.shape.Shape;
import net.lbd.config.shape.ShapeScope;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/** The lines of {@code peers}. Source: HAProxy manual, "Peers". */
final class PeersKeywords {

    private static final Support NO_LINES =
            Support.noEffect("connections between peers leave no lines; the daemon's own log tells of them");

    static final List<Directive<PlainDraft>> ROWS = List.of(
            row("peer", "<name> [<address>] [<parameter>…]", """
                    A process to share tables with. The one that bears the name of this process is this process: it listens on the
                    address.""", PeersKeywords::peer),
            row("server", "<name> [<address>] [<parameter>…]", """
                    As peer. For this process itself the address may be left out, and stand in a bind line.""", PeersKeywords::peer),
            row("bind", "<address> [<parameter>…]", "Where this process listens.", (arguments, peers) -> {
                BindLines.bind(arguments, peers.ends());
                BindDraft bind = peers.ends().binds().get(peers.ends().binds().size() - 1);
                bind.inherit(peers.defaultBind());
            }),
            row("default-bind", "<parameter>…", "Parameters of the bind lines below.",
                    (arguments, peers) -> ParameterLines.read(arguments, BindKeywords.TABLE, peers.defaultBind())),
            row("default-server", "<parameter>…", "Parameters of the peers below.",
                    (arguments, peers) -> ServerLines.defaults(arguments, peers.ends())),
            row("table", "<name> " + StickTableReader.NOTATION.strip(), """
                    A stick-table of the section; rules name it SECTION/NAME.""", PeersKeywords::table),
            row("log", "<target> … <facility>", "Where connections of peers are logged.", (arguments, peers) -> {
                if (arguments.nextIs("global")) {
                    arguments.next("global");
                    arguments.end();
                } else {
                    LogTargets.read(arguments);
                }
            }).support(NO_LINES),
            row("shards", "<number>", "In how many parts tables are shared out among the peers.", (arguments, peers) -> {
                arguments.next("a number", ArgumentType.integer(1, Integer.MAX_VALUE));
                arguments.end();
            }).notYet(),
            row("disabled", "", "Leaves the section out: its tables are not shared.", (arguments, peers) -> {
                arguments.end();
                peers.enabled(false);
            }),
            row("enabled", "", "Takes disabled back.", (arguments, peers) -> {
                arguments.end();
                peers.enabled(true);
            }));

    private static final Shape TABLE = Shape.of(StickTableReader.NOTATION);

    private PeersKeywords() { }

    private interface Reader {
        void read(Arguments arguments, PeersDraft peers);
    }

    private static Directive<PlainDraft> row(String name, String syntax, String doc, Reader reader) {
        return Directive.of(name, Set.of(PEERS), syntax, doc, (arguments, draft) -> reader.read(arguments, draft.peers()));
    }

    private static void peer(Arguments arguments, PeersDraft peers) {
        Word name = arguments.next("a name");
        arguments.value(name, ArgumentType.NAME);
        Optional<Word> before = peers.names().stream().filter(n -> n.is(name.text())).findFirst();
        if (before.isPresent()) {
            throw new StatementException(Code.DUPLICATE, name, "a peer is named '" + name + "' already, at "
                    + before.get().location().fileAndLine());
        }
        peers.names().add(name);
        if (!arguments.hasNext() || ServerKeywords.TABLE.find(arguments.peek().orElseThrow().text()).isPresent()) {
            // This process itself, which bind lines say more about.
            ParameterLines.read(arguments, ServerKeywords.TABLE, new ServerDraft(name, name, null));
            return;
        }
        Word word = arguments.next("an address and port");
        AddressSpec address = arguments.value(word, PeersKeywords::address);
        ServerDraft server = new ServerDraft(name, word, address);
        server.inherit(peers.ends().defaultServer());
        ParameterLines.read(arguments, ServerKeywords.TABLE, server);
        peers.ends().servers().add(server);
    }

    private static AddressSpec address(String text) throws ValueException {
        AddressSpec address = Addresses.one(Addresses.Use.TARGET).read(text);
        boolean noPort = address instanceof AddressSpec.Ip ip && ip.port() instanceof PortSpec.None
                || address instanceof AddressSpec.Host host && host.port() instanceof PortSpec.None;
        if (noPort) {
            throw new ValueException(Code.BAD_ADDRESS, "'" + text + "' lacks a port");
        }
        return address;
    }

    private static void table(Arguments arguments, PeersDraft peers) {
        Word name = arguments.next("a name");
        arguments.value(name, ArgumentType.NAME);
        String section = peers.ends().name().text();
        String whole = section + "/" + name;
        if (peers.tables().stream().anyMatch(t -> t.name().equals(whole))) {
            throw new StatementException(Code.DUPLICATE, name, "a table of this section is named '" + name + "' already");
        }
        List<Word> words = arguments.upcoming();
        TABLE.read(arguments, ShapeScope.NONE);
        StickTableSpec table = StickTableReader.read(whole, words, arguments);
        peers.tables().add(table.sharedBy(section));
    }
}
