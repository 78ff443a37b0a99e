package net.lbd.config.shape;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.lbd.config.draft.ConditionDraft;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.expr.ConditionReader;
import net.lbd.config.expr.LogFormatReader;
import net.lbd.config.expr.Regexes;
import net.lbd.config.expr.SampleReader;
import net.lbd.config.grammar.Addresses;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Durations;
import net.lbd.config.grammar.Numbers;
import net.lbd.config.grammar.Sizes;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.model.PortSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/** The types of values in a {@link Shape}. */
public enum ShapeType {
    /** Any word that is not empty. */
    TEXT(ArgumentType.TEXT),
    /** Any word, an empty one too. */
    ANY(text -> text),
    NAME(ArgumentType.NAME),
    INT(ArgumentType.number(Integer.MIN_VALUE, Integer.MAX_VALUE)),
    UINT(ArgumentType.number(0, Integer.MAX_VALUE)),
    POSITIVE(ArgumentType.number(1, Integer.MAX_VALUE)),
    PORT(ArgumentType.number(1, 65535)),
    PERCENT(ArgumentType.number(0, 100)),
    STATUS(ArgumentType.number(200, 599)),
    /** A status that HAProxy has an error page for. */
    ERROR_STATUS(text -> {
        if (!ErrorStatuses.ALL.contains(text)) {
            throw new ValueException("there is no error page for status '" + text + "'; use " + String.join(", ", ErrorStatuses.ALL));
        }
        return text;
    }),
    /** {@code 0x…}, {@code 0…} or decimal, as the socket options of packets are written. */
    MARK(text -> {
        try {
            return Long.decode(text);
        } catch (NumberFormatException e) {
            throw new ValueException("'" + text + "' is not a number; write it in decimal, or as 0x and hexadecimal digits");
        }
    }),
    /** An address of which a port is a part. */
    WITH_PORT(text -> {
        AddressSpec address = Addresses.one(Addresses.Use.TARGET).read(text);
        boolean noPort = address instanceof AddressSpec.Ip ip && ip.port() instanceof PortSpec.None
                || address instanceof AddressSpec.Host host && host.port() instanceof PortSpec.None;
        if (noPort) {
            throw new ValueException(Code.BAD_ADDRESS, "'" + text + "' lacks a port");
        }
        return address;
    }),
    /** As {@link #WITH_PORT}, over UDP or TCP. */
    NAME_SERVER(text -> {
        WITH_PORT.type.read(text.startsWith("udp@") || text.startsWith("tcp@") ? text.substring(4) : text);
        return text;
    }),
    /** Bytes of an answer of a name server. */
    PAYLOAD(ArgumentType.number(12, 65535)),
    /** Of compression. */
    LEVEL(ArgumentType.number(1, 9)),
    PROCESS_VARIABLE(text -> {
        if (!text.startsWith("proc.") || text.length() == 5) {
            throw new ValueException("'" + text + "' is not a variable of the process; write proc. and a name");
        }
        return text;
    }),
    CACHE_SIZE(ArgumentType.number(1, 4095)),
    ON_OFF(text -> {
        if (!text.equals("on") && !text.equals("off")) {
            throw new ValueException("'" + text + "' is not accepted; use on or off");
        }
        return text;
    }),
    NETWORKS(text -> {
        for (String part : text.split(",", -1)) {
            Addresses.network(part);
        }
        return text;
    }),
    /** What a server's or listener's connection speaks. */
    PROTOCOL(text -> {
        if (!List.of("h1", "h2", "fcgi", "none").contains(text)) {
            throw new ValueException("'" + text + "' is not a protocol; use h1, h2 or fcgi");
        }
        return text;
    }),
    /** What a stick-table keeps, parted by commas. */
    STORE(text -> {
        StickData.read(text);
        return text;
    }),
    /** What use-service names; a program in Lua may add its own. */
    SERVICE(text -> {
        if (!text.equals("prometheus-exporter") && !text.startsWith("lua.")) {
            throw new ValueException("there is no service '" + text + "'; use prometheus-exporter, or lua. and a name");
        }
        return text;
    }),
    /** Numbers of threads or processors: {@code all}, {@code 1-4}, {@code 1/2}, parted by commas. */
    CPU_SET(text -> {
        if (!text.matches("(auto:)?(all|odd|even|[0-9]{1,4}(-([0-9]{1,4})?)?)([,/](all|odd|even|[0-9]{1,4}(-([0-9]{1,4})?)?))*")) {
            throw new ValueException("'" + text + "' is not a set; write all, odd, even, a number or a range such as 1-4");
        }
        return text;
    }),
    SHARDS(text -> {
        if (!text.equals("by-thread") && !text.equals("by-group")) {
            Numbers.read(text, 1, 1000);
        }
        return text;
    }),
    /** What a connection has to say beside others: from -1024, first, to 1024. */
    PRIORITY(ArgumentType.number(-1024, 1024)),
    TIME(Durations.MILLIS),
    SECONDS(Durations.SECONDS),
    SIZE(Sizes.SIZE),
    /** An address without a name to resolve being needed; a port may lack. */
    ADDRESS(Addresses.one(Addresses.Use.TARGET)),
    ENDPOINT(Addresses.one(Addresses.Use.SERVER)),
    REGEX(text -> {
        Regexes.check(text);
        return text;
    }),
    HEX(text -> {
        boolean digits = text.length() % 2 == 0 && text.chars().allMatch(c -> c < 128 && Character.digit(c, 16) >= 0);
        if (!digits) {
            throw new ValueException("'" + text + "' is not pairs of hexadecimal digits");
        }
        return text;
    }),
    /** The name of a stick-table, or of a section of the kind. */
    TABLE(ArgumentType.TEXT), USERLIST(ArgumentType.TEXT), PEERS(ArgumentType.TEXT), MAILERS(ArgumentType.TEXT),
    CACHE(ArgumentType.TEXT), HTTP_ERRORS(ArgumentType.TEXT),
    /** The name of a file that must be there. */
    FILE(ArgumentType.TEXT),
    /** A log-format string. */
    FORMAT(null),
    /** A sample expression. */
    SAMPLE(null),
    /** A port, or an expression that yields one. */
    PORT_OR_SAMPLE(null),
    /** {@code if} or {@code unless} and a condition, to the end of the line. */
    CONDITION(null);

    private final ArgumentType<?> type;

    ShapeType(ArgumentType<?> type) {
        this.type = type;
    }

    /** Constants of an enum are made before its other fields. */
    private static final class ErrorStatuses {
        static final List<String> ALL = List.of("200", "400", "401", "403", "404", "405", "407", "408", "410", "413", "414", "421",
                "422", "425", "429", "431", "500", "501", "502", "503", "504");
    }

    static ShapeType byName(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    void read(Arguments arguments, String what, ShapeScope scope) {
        switch (this) {
            case FORMAT -> {
                Word word = arguments.next(what);
                LogFormatSpec format = LogFormatReader.read(word, scope.direction(), arguments.diagnostics());
                for (LogFormatSpec.Node node : format.nodes()) {
                    if (node instanceof LogFormatSpec.Expression expression) {
                        scope.use(expression.sample(), word);
                    }
                }
            }
            case PORT_OR_SAMPLE -> {
                boolean number = arguments.peek().filter(w -> Numbers.isNumber(w.text())).isPresent();
                (number ? PORT : SAMPLE).read(arguments, what, scope);
            }
            case SAMPLE -> {
                Word word = arguments.next(what);
                scope.use(SampleReader.read(word, scope.direction(), arguments.diagnostics()), word);
            }
            case CONDITION -> {
                Optional<ConditionDraft> condition = ConditionReader.optional(arguments);
                if (condition.isEmpty()) {
                    throw arguments.missing("if or unless and a condition");
                }
                scope.use(condition.get());
            }
            case TABLE, USERLIST, PEERS, MAILERS, CACHE, HTTP_ERRORS -> {
                arguments.next(what, type);
                scope.useName(ProxyDraft.NameKind.valueOf(name()), arguments.last());
            }
            case FILE -> {
                arguments.next(what, type);
                scope.useFile(arguments.last());
            }
            default -> arguments.next(what, type);
        }
    }
}
