package net.lbd.core.sample;

import static java.util.Map.entry;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Function;
import net.lbd.config.model.SampleType;
import net.lbd.core.session.OfferedTls;
import net.lbd.core.stream.Stream;
import net.lbd.core.tls.SuiteNames;

/**
 * What the client's TLS hello offers: the parts of JA3. Without {@code tune.ssl.capture-buffer-size} there are none. Source: HAProxy
 * manual, "Fetching samples at Layer 5"; GREASE: RFC 8701 §2.
 */
final class TlsOfferFetches {

    private static final HexFormat UPPER = HexFormat.of().withUpperCase();

    static final Map<String, FetchCompiler> ROWS = Map.ofEntries(
            entry("ssl_fc_protocol_hello_id", FetchCompiler.of((stream, out) -> {
                out.setInteger(offered(stream).version());
                return offered(stream) != OfferedTls.NONE;
            })),
            entry("ssl_fc_cipherlist_bin", list(TlsOfferFetches::suites, Function.identity(), SampleType.BINARY)),
            entry("ssl_fc_cipherlist_hex", list(TlsOfferFetches::suites, suites -> ascii(UPPER.formatHex(suites)), SampleType.STRING)),
            entry("ssl_fc_cipherlist_str", list(TlsOfferFetches::suites, TlsOfferFetches::names, SampleType.STRING)),
            entry("ssl_fc_cipherlist_xxh", FetchCompiler.of((stream, out) -> {
                byte[] suites = offered(stream).allSuites();
                out.setInteger(XxHash.xxh64(suites, 0, suites.length, 0));
                return offered(stream) != OfferedTls.NONE;
            })),
            entry("ssl_fc_extlist_bin", list(OfferedTls::extensions, Function.identity(), SampleType.BINARY)),
            entry("ssl_fc_eclist_bin", list(OfferedTls::groups, Function.identity(), SampleType.BINARY)),
            entry("ssl_fc_ecformats_bin", FetchCompiler.of((stream, out) -> give(offered(stream).formats(), SampleType.BINARY, out))));

    private TlsOfferFetches() { }

    private static OfferedTls offered(Stream stream) {
        return stream.session().offeredTls();
    }

    private static FetchCompiler list(Function<OfferedTls, byte[]> part, Function<byte[], byte[]> form, SampleType type) {
        return (arguments, names) -> {
            boolean withoutGrease = arguments.has(0) && arguments.number(0) != 0;
            return (stream, out) -> {
                byte[] list = part.apply(offered(stream));
                return list.length > 0 && give(form.apply(withoutGrease ? withoutGrease(list) : list), type, out);
            };
        };
    }

    private static boolean give(byte[] value, SampleType type, Sample out) {
        out.setView(type, value, 0, value.length);
        return value.length > 0;
    }

    private static byte[] suites(OfferedTls offered) {
        byte[] all = offered.allSuites();
        return offered.suiteBytes() == all.length ? all : Arrays.copyOf(all, offered.suiteBytes());
    }

    /** Numbers of two bytes; half a one at the end stays. */
    private static byte[] withoutGrease(byte[] list) {
        byte[] left = new byte[list.length];
        int length = 0;
        for (int i = 0; i < list.length; i += 2) {
            if (i + 1 == list.length) {
                left[length++] = list[i];
            } else if (list[i] != list[i + 1] || (list[i] & 0x0f) != 0x0a) {
                left[length++] = list[i];
                left[length++] = list[i + 1];
            }
        }
        return Arrays.copyOf(left, length);
    }

    /** Half a number at the end has no name. */
    private static byte[] names(byte[] suites) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i + 1 < suites.length; i += 2) {
            text.append(text.isEmpty() ? "" : ",").append(SuiteNames.of((suites[i] & 0xff) << 8 | suites[i + 1] & 0xff));
        }
        return ascii(text.toString());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
