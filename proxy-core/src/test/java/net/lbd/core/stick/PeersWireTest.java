package net.lbd.core.stick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import net.lbd.config.model.StickDataType;
import net.lbd.config.model.StickTableSpec;
import net.lbd.config.model.StickTableSpec.KeyType;
import net.lbd.config.model.StickTableSpec.Stored;
import net.lbd.config.syntax.SourceLocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bytes of the peers protocol; those in hexadecimal were sent by HAProxy 2.6. */
class PeersWireTest {

    private final AtomicLong clock = new AtomicLong(100_000);

    private StickTable table(String name, KeyType type, int keyLength, long expire, Stored... stored) {
        return new StickTable(new StickTableSpec(name, SourceLocation.BUILT_IN, type, keyLength, 1024, expire, false, Optional.of("p"),
                false, List.of(stored), Optional.empty(), false, false), clock::get);
    }

    private static Stored stored(StickDataType type) {
        return new Stored(type, 1, 0);
    }

    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static void count(StickTable table, byte[] key, StickDataType type, long value) {
        long handle = table.acquire(key, 0, key.length, true);
        table.set(handle, type, 0, value);
        table.release(handle);
    }

    private static StickEntry only(StickTable table) {
        assertThat(table.entries()).hasSize(1);
        return table.entries().get(0);
    }

    @ParameterizedTest
    @CsvSource({"0, 00", "239, ef", "240, f000", "4660, f49401", "2287, ff7f", "2288, f08000", "99999999999, fff0db9ca316"})
    void numbersAreThoseOfTheDocumentAndOfHaproxy(long number, String hex) {
        ByteBuf out = Unpooled.buffer();
        Varint.write(out, number);
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo(hex);
        for (int cut = 0; cut < out.readableBytes(); cut++) {
            assertThat(Varint.isWhole(out.slice(0, cut))).isFalse();
        }
        assertThat(Varint.isWhole(out)).isTrue();
        assertThat(Varint.read(out)).isEqualTo(number);
    }

    @Test
    void everyNumberComesBack() {
        Random random = new Random(3);
        ByteBuf out = Unpooled.buffer();
        for (int i = 0; i < 10_000; i++) {
            long number = random.nextLong() >>> random.nextInt(64);
            out.clear();
            Varint.write(out, number);
            assertThat(Varint.read(out)).isEqualTo(number);
        }
        out.clear();
        Varint.write(out, -1);
        assertThat(Varint.read(out)).isEqualTo(-1);
        assertThatThrownBy(() -> Varint.read(bytes("ff ff ff ff ff ff ff ff ff ff ff ff ff ff"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aDefinitionSaysWhatHaproxySays() {
        StickTable table = table("t_arr", KeyType.IP, 4, 60_000, new Stored(StickDataType.GPT, 3, 0), new Stored(StickDataType.GPC, 2, 0),
                new Stored(StickDataType.GPC_RATE, 2, 10_000));
        ByteBuf out = Unpooled.buffer();
        TableWire wire = new TableWire.Dictionary().of(table);
        wire.writeDefinition(out, 3);
        TableDefinition read = TableWire.readDefinition(out);
        assertThat(read).isEqualTo(new TableDefinition(3, "t_arr", 4, 4, table.spec().stored(), 60_000));
        assertThat(wire.takes(read)).isTrue();
        StickTable text = table("p/pt", KeyType.STRING, 20, 300_000, stored(StickDataType.GPC0));
        out.clear();
        new TableWire.Dictionary().of(text).writeDefinition(out, 1);
        TableDefinition ofText = TableWire.readDefinition(out);
        assertThat(ofText.name()).isEqualTo("/pt");
        assertThat(ofText.keyLength()).isEqualTo(21);
    }

    @Test
    void anEntryOfHaproxyWithAWordIsLearned() {
        StickTable table = table("t_st", KeyType.IP, 4, 60_000, stored(StickDataType.SERVER_ID), stored(StickDataType.SERVER_KEY));
        TableWire wire = new TableWire.Dictionary().of(table);
        TableDefinition definition = new TableDefinition(5, "t_st", 4, 4, table.spec().stored(), 60_000);
        wire.learn(bytes("7f 00 00 01 01 11 01 0f 31 32 37 2e 30 2e 30 2e 31 3a 32 31 30 39 30"), definition, -1);
        assertThat(only(table).values()).extracting(StickEntry.Value::text).containsExactly("", "127.0.0.1:21090");
        wire.learn(bytes("7f 00 00 02 01 01 01"), definition, 1000);
        assertThat(table.entries().get(1).values().get(1).text()).isEqualTo("127.0.0.1:21090");
        assertThat(table.entries().get(1).expiresInMillis()).isEqualTo(1000);
    }

    @Test
    void anEntryOfHaproxyWithRatesIsLearnedWithTheirAge() {
        StickTable table = table("p/pt", KeyType.STRING, 20, 300_000, stored(StickDataType.GPC0), new Stored(StickDataType.HTTP_REQ_RATE, 1, 10_000));
        TableDefinition definition = new TableDefinition(1, "/pt", 6, 21, table.spec().stored(), 300_000);
        // Three events, 500 ms ago; then a rate that never began.
        new TableWire.Dictionary().of(table).learn(bytes("01 51 03 f4 10 03 00"), definition, -1);
        assertThat(only(table).values()).extracting(StickEntry.Value::number).containsExactly(3L, 3L);
        new TableWire.Dictionary().of(table).learn(bytes("01 51 04 fb c6 e2 b7 09 00 00"), definition, -1);
        assertThat(only(table).values()).extracting(StickEntry.Value::number).containsExactly(4L, 0L);
    }

    @Test
    void whatOneSendsTheOtherLearns() {
        Stored[] all = {stored(StickDataType.SERVER_ID), stored(StickDataType.CONN_CUR), stored(StickDataType.BYTES_IN_CNT),
            new Stored(StickDataType.CONN_RATE, 1, 10_000), stored(StickDataType.SERVER_KEY), new Stored(StickDataType.GPC, 2, 0)};
        Arrays.sort(all, Comparator.comparing(Stored::type));
        StickTable one = table("t", KeyType.BINARY, 8, 60_000, all);
        StickTable two = table("t", KeyType.BINARY, 8, 60_000, all);
        byte[] key = "12345678".getBytes(StandardCharsets.ISO_8859_1);
        long handle = one.acquire(key, 0, 8, true);
        one.bind(handle, 7, "EX7");
        one.set(handle, StickDataType.CONN_CUR, 0, 3);
        one.count(handle, StickDataType.BYTES_IN_CNT, StickDataType.BYTES_IN_RATE, 0, 99_999_999_999L);
        one.count(handle, StickDataType.CONN_CNT, StickDataType.CONN_RATE, 0, 5);
        one.countGpc(handle, 1, 4);
        one.release(handle);
        clock.addAndGet(1000);
        TableWire sender = new TableWire.Dictionary().of(one);
        long[] changes = sender.changedSince(0, true);
        assertThat(changes).hasSize(1);
        ByteBuf out = Unpooled.buffer();
        assertThat(sender.write(out, changes[0], 0, true)).isTrue();
        long expires = out.readUnsignedInt();
        assertThat(expires).isEqualTo(59_000);
        new TableWire.Dictionary().of(two).learn(out, new TableDefinition(1, "t", 7, 8, one.spec().stored(), 60_000), expires);
        assertThat(out.isReadable()).isFalse();
        StickEntry learned = only(two);
        assertThat(learned.key()).isEqualTo(key);
        assertThat(learned.expiresInMillis()).isEqualTo(59_000);
        for (StickEntry.Value value : learned.values()) {
            long expected = switch (value.stored().type()) {
                case SERVER_ID -> 7;
                // Connections are this process's own.
                case CONN_CUR -> 0;
                case BYTES_IN_CNT -> 99_999_999_999L;
                case CONN_RATE -> 5;
                case GPC -> value.element() == 1 ? 4 : 0;
                default -> value.number();
            };
            assertThat(value.number()).as("%s", value).isEqualTo(expected);
        }
        assertThat(learned.values().stream().filter(v -> v.stored().type() == StickDataType.SERVER_KEY).findFirst().orElseThrow().text())
                .isEqualTo("EX7");
        // What was learned is not sent back, but is taught to who asks for everything.
        TableWire back = new TableWire.Dictionary().of(two);
        assertThat(back.changedSince(0, true)).isEmpty();
        assertThat(back.changedSince(two.lastUpdate() - Integer.MAX_VALUE, false)).hasSize(1);
    }

    @Test
    void onlyWhatChangedSinceGoesAgainAndOnce() {
        StickTable table = table("t", KeyType.INTEGER, 4, 0, stored(StickDataType.GPC0));
        TableWire wire = new TableWire.Dictionary().of(table);
        for (int i = 0; i < 100; i++) {
            count(table, new byte[] {0, 0, 0, (byte) i}, StickDataType.GPC0, i);
        }
        long[] first = wire.changedSince(0, true);
        assertThat(first).hasSize(100).isSorted();
        int at = table.lastUpdate();
        count(table, new byte[] {0, 0, 0, 5}, StickDataType.GPC0, 50);
        count(table, new byte[] {0, 0, 0, 5}, StickDataType.GPC0, 51);
        assertThat(wire.changedSince(at, true)).hasSize(1);
        ByteBuf out = Unpooled.buffer();
        assertThat(wire.write(out, first[5], 0, false)).as("it has changed since, and stands elsewhere").isFalse();
    }

    @Test
    void bytesOfNobodyNeverHarm() {
        Random random = new Random(11);
        StickTable table = table("t", KeyType.STRING, 20, 60_000, stored(StickDataType.SERVER_KEY), new Stored(StickDataType.CONN_RATE, 1, 1000));
        TableDefinition definition = new TableDefinition(1, "t", 6, 21, table.spec().stored(), 60_000);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] noise = new byte[random.nextInt(40)];
            random.nextBytes(noise);
            try {
                if (i % 2 == 0) {
                    TableWire.readDefinition(Unpooled.wrappedBuffer(noise));
                } else {
                    new TableWire.Dictionary().of(table).learn(Unpooled.wrappedBuffer(noise), definition, -1);
                }
            } catch (IllegalArgumentException | IndexOutOfBoundsException expected) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
        assertThat(table.used()).isLessThanOrEqualTo(1024);
    }
}
