package net.lbd.core.listen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Optional;
import net.lbd.core.session.Peer;
import net.lbd.core.session.ReceivedProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetscalerHeaderTest {

    private static final NetscalerHeader FORM = new NetscalerHeader(0xCAFEBABE);
    private static final String TCP = "c350" + "01bb" + "00000001" + "00000000" + "5002" + "ffff" + "0000" + "0000";
    private static final String IPV4 = "4500002800000000" + "4006" + "0000" + "c0a80207" + "0a000001";
    private static final String IPV6 = "60000000" + "0014" + "06" + "40" + "20010db8000000000000000000000007" + "20010db8000000000000000000000001";
    private static final ProxyHeaderParser.Ends FOUR = new ProxyHeaderParser.Ends(
            Peer.of(new byte[] {(byte) 192, (byte) 168, 2, 7}, 50000), Peer.of(new byte[] {10, 0, 0, 1}, 443));

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static void isRead(String hex, Peer source, Peer destination) {
        byte[] header = bytes(hex);
        byte[] more = bytes(hex + "4745");
        for (int length = 0; length < header.length; length++) {
            assertThat(FORM.read(more, length)).as("%d bytes", length).isEqualTo(ProxyHeaderParser.Incomplete.INSTANCE);
        }
        assertThat(FORM.read(more, more.length)).usingRecursiveComparison().isEqualTo(new ProxyHeaderParser.Header(header.length,
                Optional.of(new ProxyHeaderParser.Ends(source, destination)), ReceivedProxy.NONE));
    }

    @Test
    void bothFormsAreReadHoweverTheyAreCut() {
        isRead("cafebabe" + "00000028" + IPV4 + TCP, FOUR.source(), FOUR.destination());
        isRead("cafebabe" + "00000034" + "0001" + "0028" + IPV4 + TCP, FOUR.source(), FOUR.destination());
        byte[] client = bytes("20010db8000000000000000000000007");
        byte[] listener = bytes("20010db8000000000000000000000001");
        isRead("cafebabe" + "0000003c" + IPV6 + TCP, Peer.of(client, 50000), Peer.of(listener, 443));
        isRead("cafebabe" + "00000048" + "0001" + "003c" + IPV6 + TCP, Peer.of(client, 50000), Peer.of(listener, 443));
    }

    @ParameterizedTest
    @CsvSource({
        "cb,                                            CIP_MAGIC",
        "cafebabf,                                      CIP_MAGIC",
        "474554202f,                                    CIP_MAGIC",
        "cafebabe 00000034 0002 0028 45,                CIP_PROTOCOL",
        "cafebabe 00000034 0001 ffff 45,                CIP_PROTOCOL",
        "cafebabe 7fffffff 45000028,                    CIP_PROTOCOL",
        "cafebabe 00000004 45000028,                    CIP_PROTOCOL",
        "cafebabe 00000028 450000280000000040110000c0a802070a000001c35001bb00000001000000005002ffff00000000, CIP_PROTOCOL",
        "cafebabe 00000028 440000280000000040060000c0a802070a000001c35001bb00000001000000005002ffff00000000, CIP_PROTOCOL",
        "cafebabe 00000028 4f0000280000000040060000c0a802070a000001c35001bb00000001000000005002ffff00000000, CIP_PROTOCOL",
    })
    void whatIsNoHeaderIsRefused(String hex, HandshakeEnd reason) {
        byte[] header = bytes(hex.replace(" ", ""));
        assertThat(FORM.read(header, header.length)).isEqualTo(new ProxyHeaderParser.Bad(reason));
    }
}
