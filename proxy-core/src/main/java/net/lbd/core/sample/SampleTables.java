package net.lbd.core.sample;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Every fetch and converter that this version carries out, by canonical keyword. The rows stand in the
 * {@code …Fetches} and {@code …Converters} classes; a test holds them and the keyword tables of the
 * configuration together. Immutable.
 */
public final class SampleTables {

    static final Map<String, FetchCompiler> FETCHES =
            join(InternalFetches.ROWS, ProxyFetches.ROWS, L4Fetches.ROWS, ConnectionFetches.ROWS, StreamFetches.ROWS, ClientProtocolFetches.ROWS, ContentFetches.ROWS, TlsFetches.ROWS, TlsOfferFetches.ROWS, ServerTlsFetches.ROWS, CertificateFetches.ROWS, HeaderFetches.ROWS, HttpFetches.ROWS,
                    LoginFetches.ROWS, BodyFetches.ROWS, MessageFetches.ROWS, StickFetches.ROWS);

    static final Map<String, ConverterCompiler> CONVERTERS =
            join(StringConverters.ROWS, CodecConverters.ROWS, NumberConverters.ROWS, HashConverters.ROWS, AddressConverters.ROWS,
                    VariableConverters.ROWS, MapConverters.ROWS, TextConverters.ROWS, DateConverters.ROWS, BinaryConverters.ROWS,
                    ProtocolConverters.ROWS, JsonConverters.ROWS, CryptoConverters.ROWS, ForwardedConverters.ROWS, StickConverters.ROWS, CertificateConverters.ROWS);

    private SampleTables() { }

    public static Set<String> fetches() {
        return FETCHES.keySet();
    }

    public static Set<String> converters() {
        return CONVERTERS.keySet();
    }

    @SafeVarargs
    private static <T> Map<String, T> join(Map<String, T>... families) {
        Map<String, T> all = new LinkedHashMap<>();
        for (Map<String, T> family : families) {
            family.forEach((keyword, row) -> {
                if (all.put(keyword, row) != null) {
                    throw new IllegalStateException("two rows are named '" + keyword + "'");
                }
            });
        }
        return Collections.unmodifiableMap(all);
    }
}
