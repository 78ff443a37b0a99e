package net.lbd.core.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.Random;
import net.lbd.core.session.OfferedTls;
import org.junit.jupiter.api.Test;

/** A hello may be cut or wrong at every place. */
class HelloCaptureTest {

    private static final byte[] HELLO = HexFormat.of().parseHex("0303" + "00".repeat(32) + "0155" + "00041301c02f" + "0100"
            + "0019" + "000a000600041d1d0017" + "000b00020100" + "00000005" + "0001020304");

    @Test
    void readsAllOfIt() {
        OfferedTls offered = HelloCapture.read(Unpooled.wrappedBuffer(HELLO), 1000);
        assertThat(offered.version()).isEqualTo(0x0303);
        assertThat(offered.suiteBytes()).isEqualTo(4);
        assertThat(offered.allSuites()).asHexString().isEqualTo("1301C02F");
        assertThat(offered.extensions()).asHexString().isEqualTo("000A000B0000");
        assertThat(offered.groups()).asHexString().isEqualTo("1D1D0017");
        assertThat(offered.formats()).asHexString().isEqualTo("00");
    }

    @Test
    void whatIsCutIsLeftOut() {
        for (int length = 0; length < HELLO.length; length++) {
            OfferedTls offered = HelloCapture.read(Unpooled.wrappedBuffer(HELLO, 0, length), 1000);
            assertThat(offered == OfferedTls.NONE).as("%d bytes", length).isEqualTo(length < 42);
            assertThat(offered.extensions()).as("%d bytes", length).isEmpty();
        }
    }

    @Test
    void noBytesOfChanceAreReadBeyondTheEnd() {
        Random random = new Random(62);
        for (int i = 0; i < 20_000; i++) {
            byte[] broken = HELLO.clone();
            for (int changes = 0; changes < 3; changes++) {
                broken[34 + random.nextInt(broken.length - 34)] = (byte) random.nextInt();
            }
            OfferedTls offered = HelloCapture.read(Unpooled.wrappedBuffer(broken), 20);
            assertThat(offered.suiteBytes() + offered.extensions().length + offered.groups().length + offered.formats().length).isLessThanOrEqualTo(20);
        }
    }
}
