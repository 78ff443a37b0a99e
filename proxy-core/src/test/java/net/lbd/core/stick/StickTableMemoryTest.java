package net.lbd.core.stick;

import static net.lbd.core.stick.StickTableTest.spec;
import static net.lbd.core.stick.StickTableTest.stored;
import static org.assertj.core.api.Assertions.assertThat;

import net.lbd.config.model.StickDataType;
import net.lbd.config.model.StickTableSpec.KeyType;
import net.lbd.config.model.StickTableSpec.Stored;
import org.junit.jupiter.api.Test;

/** What an entry costs, arrays and index and the room that is free in them included. */
class StickTableMemoryTest {

    private static final int ENTRIES = 200_000;

    private static long bytesPerEntry(StickTable table) {
        byte[] key = new byte[table.spec().keyLength()];
        for (int i = 0; i < ENTRIES; i++) {
            for (int b = 0; b < 4; b++) {
                key[b] = (byte) (i >> 8 * b);
            }
            table.release(table.acquire(key, 0, key.length, true));
        }
        assertThat(table.used()).isEqualTo(ENTRIES);
        return table.bytes() / ENTRIES;
    }

    @Test
    void anAddressAndItsServerCostLessThanEightyBytes() {
        assertThat(bytesPerEntry(new StickTable(spec(KeyType.IP, 4, 1 << 20, 3_600_000, false, stored(StickDataType.SERVER_ID),
                stored(StickDataType.SERVER_KEY)), () -> 0))).isLessThan(80);
    }

    @Test
    void anAddressWithTheCountersOfAnAbuseRuleCostsLessThanTwoHundredBytes() {
        assertThat(bytesPerEntry(new StickTable(spec(KeyType.IP, 4, 1 << 20, 3_600_000, false, stored(StickDataType.GPC0),
                stored(StickDataType.CONN_CUR), new Stored(StickDataType.CONN_RATE, 1, 10_000),
                new Stored(StickDataType.HTTP_REQ_RATE, 1, 10_000), new Stored(StickDataType.HTTP_ERR_RATE, 1, 10_000),
                stored(StickDataType.BYTES_OUT_CNT)), () -> 0))).isLessThan(200);
    }

    @Test
    void aLoginOfTheGuidesTableCostsLessThanTwoHundredBytes() {
        assertThat(bytesPerEntry(new StickTable(spec(KeyType.STRING, 31, 1 << 20, 3_600_000, false, stored(StickDataType.SERVER_ID),
                stored(StickDataType.SERVER_KEY)), () -> 0))).isLessThan(200);
    }
}
