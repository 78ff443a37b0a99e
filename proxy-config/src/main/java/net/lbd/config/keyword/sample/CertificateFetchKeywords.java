package net.lbd.config.keyword.sample;

import static net.lbd.config.keyword.sample.FetchKeyword.of;
import static net.lbd.config.keyword.sample.FetchSource.CLIENT_TLS;
import static net.lbd.config.model.SampleType.BINARY;
import static net.lbd.config.model.SampleType.BOOLEAN;
import static net.lbd.config.model.SampleType.INTEGER;
import static net.lbd.config.model.SampleType.STRING;

import java.util.ArrayList;
import java.util.List;

/** Fetches that read the certificates of the client's connection. Source: HAProxy manual, "Fetching samples at Layer 5". */
final class CertificateFetchKeywords {

    static final String DN = "[entry:string,occ:integer,format:string]";

    static final List<FetchKeyword> ROWS = rows();

    private CertificateFetchKeywords() { }

    private static List<FetchKeyword> rows() {
        List<FetchKeyword> rows = new ArrayList<>();
        side(rows, "ssl_c_", CLIENT_TLS, "the client's certificate");
        side(rows, "ssl_f_", CLIENT_TLS, "our certificate towards the client");
        rows.add(of("ssl_c_chain_der", BINARY, CLIENT_TLS, "The certificates that came with the client's, in DER."));
        rows.add(of("ssl_c_used", BOOLEAN, CLIENT_TLS, "Whether the client has a certificate, from this handshake or the one that it resumes."));
        rows.add(of("ssl_c_verify", INTEGER, CLIENT_TLS, """
                How the check of the client's certificate went; 0: well, or there is none. A certificate that does not pass ends the handshake."""));
        rows.add(of("ssl_fc_has_crt", BOOLEAN, CLIENT_TLS, "Whether the client showed a certificate in this handshake."));
        rows.add(of("ssl_fc_is_resumed", BOOLEAN, CLIENT_TLS, "Whether the client has resumed a TLS session. Difference: not told without BoringSSL."));
        return List.copyOf(rows);
    }

    static void side(List<FetchKeyword> rows, String prefix, FetchSource source, String whose) {
        rows.add(of(prefix + "der", BINARY, source, "The bytes of " + whose + ", in DER."));
        rows.add(of(prefix + "sha1", BINARY, source, "The SHA-1 fingerprint of " + whose + "."));
        rows.add(of(prefix + "serial", BINARY, source, "The serial number of " + whose + "."));
        rows.add(of(prefix + "key_alg", STRING, source, "The kind of key of " + whose + ", such as rsaEncryption."));
        rows.add(of(prefix + "sig_alg", STRING, source, "How " + whose + " is signed, such as RSA-SHA256."));
        rows.add(of(prefix + "notafter", STRING, source, "The end of " + whose + ", such as 261125224409Z."));
        rows.add(of(prefix + "notbefore", STRING, source, "The beginning of " + whose + "."));
        rows.add(of(prefix + "version", INTEGER, source, "The version of " + whose + "."));
        rows.add(of(prefix + "s_dn", DN, STRING, source, "The subject of " + whose + ", or one part of it such as CN; a number counts parts of a name, from the end if it is negative."));
        rows.add(of(prefix + "i_dn", DN, STRING, source, "The issuer of " + whose + ", as its subject."));
    }
}
