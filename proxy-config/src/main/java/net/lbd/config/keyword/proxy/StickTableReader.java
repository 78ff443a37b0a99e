package net.lbd.config.keyword.proxy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Durations;
import net.lbd.config.grammar.Sizes;
import net.lbd.config.model.StickDataType;
import net.lbd.config.model.StickTableSpec;
import net.lbd.config.model.StickTableSpec.KeyType;
import net.lbd.config.model.StickTableSpec.Stored;
import net.lbd.config.shape.StickData;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/**
 * What stands behind {@code stick-table}, or behind the name of a {@code table} of peers. The words have been held against
 * {@link #NOTATION} before. Source: HAProxy manual, "stick-table". Stateless.
 */
public final class StickTableReader {

    /** The parameters, which may come in any order. */
    public static final String NOTATION = """
            *{ type { ip | ipv6 | integer | string [len <length:positive>] | binary [len <length:positive>] }
            | len <length:positive> | size <size:size> | expire <time:time> | nopurge | peers <section:peers> | store <data:store>
            | srvkey { addr | name } | write-to <table:table> | recv-only }""";

    private static final int DEFAULT_BINARY_LENGTH = 32;
    /** One byte less than the manual's 32, as HAProxy has it: the last one ends the text. */
    private static final int DEFAULT_STRING_LENGTH = 31;
    private static final int MOST_ENTRIES = 1 << 30;
    private static final int LONGEST_KEY = 16384;

    private StickTableReader() { }

    public static StickTableSpec read(String name, List<Word> words, Arguments arguments) {
        Optional<KeyType> type = Optional.empty();
        Optional<Integer> length = Optional.empty();
        Optional<Integer> size = Optional.empty();
        long expire = 0;
        boolean nopurge = false;
        boolean byAddress = false;
        boolean receiveOnly = false;
        Optional<String> peers = Optional.empty();
        Optional<String> writeTo = Optional.empty();
        List<Stored> stored = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            Word next = i + 1 < words.size() ? words.get(i + 1) : words.get(i);
            switch (words.get(i).text()) {
                case "type" -> type = Optional.of(KeyType.valueOf(next.text().toUpperCase(Locale.ROOT)));
                case "len" -> length = Optional.of((int) (long) arguments.value(next, ArgumentType.number(1, LONGEST_KEY)));
                case "size" -> size = Optional.of(arguments.value(next, Sizes.upTo(MOST_ENTRIES)));
                case "expire" -> {
                    Duration time = arguments.value(next, Durations.MILLIS);
                    expire = time.toMillis();
                }
                case "peers" -> peers = Optional.of(next.text());
                case "write-to" -> writeTo = Optional.of(next.text());
                case "srvkey" -> byAddress = next.is("addr");
                case "store" -> stored.addAll(arguments.value(next, StickData::read));
                case "nopurge" -> nopurge = true;
                case "recv-only" -> receiveOnly = true;
                default -> throw new IllegalStateException("not in the notation: " + words.get(i));
            }
            boolean alone = words.get(i).is("nopurge") || words.get(i).is("recv-only");
            i += alone ? 0 : 1;
        }
        if (type.isEmpty()) {
            throw arguments.missing("'type'");
        }
        if (length.isPresent() && type.get() != KeyType.STRING && type.get() != KeyType.BINARY) {
            throw arguments.error(arguments.keyword(), "'len' belongs to tables of type string and binary; a key of type "
                    + type.get().word() + " has its own length");
        }
        if (size.isEmpty()) {
            throw arguments.missing("'size'");
        }
        if (size.get() == 0) {
            throw arguments.error(arguments.keyword(), "a stick-table of size 0 holds nothing; 'size' wants a number above 0");
        }
        return new StickTableSpec(name, arguments.location(), type.get(), keyLength(type.get(), length), size.get(), expire, nopurge,
                peers, byAddress, checked(stored, arguments), writeTo, receiveOnly, false);
    }

    private static int keyLength(KeyType type, Optional<Integer> length) {
        return switch (type) {
            case IP, INTEGER -> 4;
            case IPV6 -> 16;
            case STRING -> length.orElse(DEFAULT_STRING_LENGTH);
            case BINARY -> length.orElse(DEFAULT_BINARY_LENGTH);
        };
    }

    /** In one order, and each type once. */
    private static List<Stored> checked(List<Stored> stored, Arguments arguments) {
        List<Stored> all = new ArrayList<>();
        for (Stored one : stored) {
            if (all.stream().anyMatch(s -> s.type() == one.type())) {
                arguments.warn(Code.DUPLICATE, arguments.keyword(), "'" + one.type().word() + "' is stored already; it is kept once");
            } else {
                all.add(one);
            }
        }
        exclude(all, StickDataType.GPC, List.of(StickDataType.GPC0, StickDataType.GPC1), arguments);
        exclude(all, StickDataType.GPC_RATE, List.of(StickDataType.GPC0_RATE, StickDataType.GPC1_RATE), arguments);
        exclude(all, StickDataType.GPT, List.of(StickDataType.GPT0), arguments);
        all.sort(Comparator.comparing(Stored::type));
        return all;
    }

    private static void exclude(List<Stored> all, StickDataType array, List<StickDataType> singles, Arguments arguments) {
        boolean hasArray = all.stream().anyMatch(s -> s.type() == array);
        for (StickDataType single : singles) {
            if (hasArray && all.stream().anyMatch(s -> s.type() == single)) {
                throw arguments.error(arguments.keyword(), "'" + array.word() + "' and '" + single.word()
                        + "' exclude each other: the array holds it");
            }
        }
    }
}
