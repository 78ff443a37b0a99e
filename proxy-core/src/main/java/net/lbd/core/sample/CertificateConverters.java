package net.lbd.core.sample;

import java.util.Map;
import java.util.Optional;
import net.lbd.config.model.SampleType;
import net.lbd.config.model.VerifyError;

/** Converters for what is known of certificates. Source: HAProxy manual, "x509_v_err_str". */
final class CertificateConverters {

    static final Map<String, ConverterCompiler> ROWS = Map.of(
            "x509_v_err_str", ConverterCompiler.of(SampleType.INTEGER, (Converter) (stream, s) -> {
                long number = s.number();
                Optional<String> name = VerifyError.name(number);
                TlsFetches.text(name.orElseGet(() -> Long.toString(number)), s);
                return true;
            }));

    private CertificateConverters() { }
}
