package net.lbd.config.keyword.section;

import static net.lbd.config.grammar.SectionKind.VRRP;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import net.lbd.config.draft.PlainDraft;
import net.lbd.config.draft.VrrpDraft;
import net.lbd.config.grammar.Addresses;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.Durations;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.model.VrrpSpec;
import net.lbd.config.model.VrrpSpec.VirtualAddress;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/** The lines of {@code vrrp}. Source: RFC 5798; keepalived.conf(5), "VRRP instance(s)"; an extension, HAProxy has no such section. */
final class VrrpKeywords {

    /** What keepalived's configuration can hold without being misread. */
    private static final ArgumentType<String> INTERFACE = text -> {
        if (!text.matches("[A-Za-z0-9_][A-Za-z0-9_.@:-]{0,14}")) {
            throw new ValueException("the name of an interface has 1 to 15 letters, digits, '_', '.', '@', ':' and '-', and begins with one of the first three");
        }
        return text;
    };
    private static final Duration SHORTEST_ADVERT = Duration.ofMillis(10);
    /** 4095 centiseconds (RFC 5798 section 5.2.7). */
    private static final Duration LONGEST_ADVERT = Duration.ofMillis(40_950);

    /** keepalived.conf(5), "preempt_delay". */
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(1000);

    static final List<Directive<PlainDraft>> ROWS = List.of(
            row("cluster-id", "<1-255>", "The number of the pair in its network (the VRRP router id), the same on both machines.",
                    (arguments, vrrp) -> {
                        vrrp.clusterId = OptionalInt.of(arguments.next("a number", ArgumentType.integer(1, 255)));
                        arguments.end();
                    }),
            row("role", "{ master | backup }", """
                    Which machine holds the addresses while both work. It stands for a priority of 200 or 150. A variable, as in
                    role "${LBD_ROLE}", lets both machines have one file.""", (arguments, vrrp) -> {
                        boolean master = arguments.oneOf("a role", List.of("master", "backup")).equals("master");
                        vrrp.role = OptionalInt.of(master ? VrrpSpec.MASTER_PRIORITY : VrrpSpec.BACKUP_PRIORITY);
                        arguments.end();
                    }),
            row("priority", "<1-254>", "The highest of the machines that work holds the addresses. Default: that of the role.",
                    (arguments, vrrp) -> {
                        vrrp.priority = OptionalInt.of(arguments.next("a number", ArgumentType.integer(1, 254)));
                        arguments.end();
                    }),
            row("interface", "<name>", "Where the machines hear each other, and where the addresses are set.", (arguments, vrrp) -> {
                vrrp.device = Optional.of(arguments.next("an interface, such as eth0", INTERFACE));
                arguments.end();
            }),
            row("virtual-address", "<address>[/<prefix>] [interface <name>]", """
                    An address that one of the machines holds; may be repeated. Binds on it work on the machine that does not hold it. An
                    address behind which servers have their default gateway belongs here too. Default: a prefix of 32, or 128.""",
                    VrrpKeywords::address),
            row("advert", "<time>", """
                    Between two signs of life, 10ms to 40950ms in steps of 10ms; both machines need the same. A dead machine is replaced after three of them and a bit: with
                    100ms in less than half a second. Default: 1s.""", (arguments, vrrp) -> {
                        Word word = arguments.next("a time");
                        vrrp.advert = arguments.value(word, Durations.MILLIS);
                        if (vrrp.advert.compareTo(SHORTEST_ADVERT) < 0 || vrrp.advert.compareTo(LONGEST_ADVERT) > 0 || vrrp.advert.toMillis() % SHORTEST_ADVERT.toMillis() != 0) {
                            throw new StatementException(Code.BAD_VALUE, word, "'advert " + word + "': 10ms to 40950ms are accepted, in steps of 10ms");
                        }
                        arguments.end();
                    }),
            row("nopreempt", "", """
                    A machine that comes back leaves the addresses where they are. Write it on both machines.""", (arguments, vrrp) -> {
                        vrrp.noPreempt = Optional.of(arguments.keyword());
                        arguments.end();
                    }),
            row("preempt-delay", "<time>", "How long a machine that comes back waits until it takes the addresses, at most 1000s. Default: 0s.",
                    (arguments, vrrp) -> {
                        vrrp.preemptDelayWord = Optional.of(arguments.keyword());
                        Word word = arguments.next("a time");
                        vrrp.preemptDelay = arguments.value(word, Durations.SECONDS);
                        if (vrrp.preemptDelay.compareTo(LONGEST_DELAY) > 0) {
                            throw new StatementException(Code.BAD_VALUE, word, "'preempt-delay " + word + "': at most 1000s are accepted");
                        }
                        arguments.end();
                    }),
            row("peer", "<address> [from <address>]", """
                    Another machine, for networks that carry no multicast (most clouds); may be repeated. 'from' is this machine's own
                    address. Default: multicast.""", VrrpKeywords::peer),
            row("track-interface", "<name>", "Without its link this machine gives the addresses away; may be repeated.",
                    (arguments, vrrp) -> {
                        vrrp.trackedDevices.add(arguments.next("an interface, such as eth0", INTERFACE));
                        arguments.end();
                    }),
            row("track-backend", "<backend>", """
                    While it has no server here, this machine is worth 100 less than its priority; may be repeated. Directors count as
                    backends. Not together with nopreempt, which goes by no priority.""", (arguments, vrrp) -> {
                        vrrp.trackedBackends.add(arguments.next("the name of a backend"));
                        arguments.end();
                    }),
            row("track-file", "<path>", """
                    Where the daemon writes whether it serves: 0, or 1. Whatever ends the daemon, 1 is written. Default:
                    /run/lbd/vrrp-NAME.""", (arguments, vrrp) -> {
                        Word word = arguments.next("a path");
                        if (!word.text().matches("/[\\w./@+:-]+")) {
                            throw new StatementException(Code.BAD_VALUE, word, "'track-file " + word + "': an absolute path of letters, digits and . _ / @ + : - is wanted");
                        }
                        vrrp.file = Optional.of(word);
                        arguments.end();
                    }));

    private VrrpKeywords() { }

    private interface Reader {
        void read(Arguments arguments, VrrpDraft vrrp);
    }

    private static Directive<PlainDraft> row(String name, String syntax, String doc, Reader reader) {
        return Directive.of(name, Set.of(VRRP), syntax, doc, (arguments, draft) -> reader.read(arguments, draft.vrrp()));
    }

    private static void address(Arguments arguments, VrrpDraft vrrp) {
        Word word = arguments.next("an address, such as 192.168.13.4/24");
        int slash = word.text().indexOf('/');
        InetAddress address = ip(slash < 0 ? word.text() : word.text().substring(0, slash), word);
        int bits = address.getAddress().length * 8;
        int prefix = bits;
        if (slash >= 0) {
            try {
                prefix = ArgumentType.integer(1, bits).read(word.text().substring(slash + 1));
            } catch (ValueException e) {
                throw new StatementException(Code.BAD_ADDRESS, word, "'" + word + "': the prefix is a number from 1 to " + bits);
            }
        }
        Optional<String> device = Optional.empty();
        if (arguments.hasNext()) {
            arguments.oneOf("a parameter", List.of("interface"));
            device = Optional.of(arguments.next("an interface, such as eth0", INTERFACE));
        }
        vrrp.addresses.add(new VrrpDraft.Address(new VirtualAddress(address, prefix, device), word));
        arguments.end();
    }

    private static void peer(Arguments arguments, VrrpDraft vrrp) {
        Word word = arguments.next("an address of the other machine");
        vrrp.peers.add(new VrrpDraft.Peer(ip(word.text(), word), word));
        if (arguments.hasNext()) {
            arguments.oneOf("a parameter", List.of("from"));
            Word from = arguments.next("an address of this machine");
            InetAddress source = ip(from.text(), from);
            if (vrrp.source.isPresent() && !vrrp.source.get().address().equals(source)) {
                throw new StatementException(Code.BAD_ADDRESS, from, "'from " + from + "': this machine speaks from one address, which is told already: '"
                        + vrrp.source.get().at() + "' at " + vrrp.source.get().at().location().fileAndLine());
            }
            vrrp.source = Optional.of(new VrrpDraft.Peer(source, from));
        }
        arguments.end();
    }

    private static InetAddress ip(String text, Word at) {
        return Addresses.ip(text).filter(a -> !a.isAnyLocalAddress() && !a.isMulticastAddress()).orElseThrow(() -> new StatementException(Code.BAD_ADDRESS, at,
                "'" + at + "' is not an address of a machine; write a number such as 192.168.13.4/24"));
    }
}
