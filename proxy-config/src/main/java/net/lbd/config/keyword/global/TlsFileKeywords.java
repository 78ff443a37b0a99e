package net.lbd.config.keyword.global;

import static net.lbd.config.grammar.SectionKind.GLOBAL;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.lbd.config.draft.GlobalDraft;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.Durations;
import net.lbd.config.grammar.Sizes;
import net.lbd.config.grammar.Support;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.Setting;
import net.lbd.config.model.StringList;
import net.lbd.config.syntax.Word;

/** The files of certificates, and how TLS is tuned. Source: HAProxy manual, "ssl-load-extra-files" and its kin, "tune.ssl". */
public final class TlsFileKeywords {

    private static final List<String> EXTRA = List.of("none", "all", "bundle", "sctl", "ocsp", "issuer", "key");
    private static final ArgumentType<Integer> NATURAL = ArgumentType.integer(0, Integer.MAX_VALUE);
    private static final Support BORINGSSL_DH =
            Support.noEffect("BoringSSL has no finite-field Diffie-Hellman; elliptic curves are used");

    public static final List<Directive<GlobalDraft>> ROWS = List.of(
            Directive.<GlobalDraft>of("ssl-load-extra-files", Set.of(GLOBAL), "[ none | all | bundle | sctl | ocsp | issuer | key ]…", """
                    Which files beside a certificate belong to it: FILE.key, FILE.ocsp, FILE.issuer. Default: all.
                    Difference: FILE.sctl is not sent, BoringSSL as it is used here cannot; bundles (FILE.rsa beside FILE.ecdsa) are
                    named one by one: of certificates for one name the client's offer decides anyway.""", TlsFileKeywords::extraFiles),
            flag(GlobalSettings.SSL_LOAD_EXTRA_DEL_EXT, """
                    The files beside NAME.crt are NAME.key, NAME.ocsp and NAME.issuer, not NAME.crt.key."""),
            Directive.<GlobalDraft>of("issuers-chain-path", Set.of(GLOBAL), "<folder>", """
                    A folder of PEM files, each a chain that begins with an issuer: a certificate that comes without a chain, and was
                    issued by it, is shown with it.""", TlsFileKeywords::chains),
            flag(GlobalSettings.SSL_SKIP_SELF_ISSUED_CA, "Does not show clients authorities that are their own issuers."),
            GlobalKeywords.value(GlobalSettings.SSL_CACHE_SIZE, "<number>", Sizes.upTo(1 << 30), """
                    Sessions that are kept of clients that take no tickets; 0: none. Default: 20000. Difference: for each certificate of
                    a bind, not for the process."""),
            GlobalKeywords.value(GlobalSettings.SSL_LIFETIME, "<time>", Durations.SECONDS, """
                    How long a TLS session can be resumed. Default: 300s. Difference: of TLS 1.2 and older; what a ticket of TLS 1.3
                    holds is resumed as long as its key is known, a day at most unless tls-ticket-keys says otherwise."""),
            GlobalKeywords.value(GlobalSettings.SSL_MAX_RECORD, "<bytes>", Sizes.upTo(1 << 30), """
                    The most of a message that goes into one TLS record to a client. Default: 0, up to 16 kB."""),
            GlobalKeywords.value(GlobalSettings.SSL_HARD_MAX_RECORD, "<bytes>", Sizes.upTo(1 << 30), """
                    As tune.ssl.maxrecord; the smaller counts."""),
            GlobalKeywords.ignored("tune.ssl.default-dh-param", "<bits>", ArgumentType.integer(1024, 65535),
                    "The size of Diffie-Hellman parameters.", BORINGSSL_DH),
            GlobalKeywords.ignored("ssl-dh-param-file", "<path>", ArgumentType.TEXT, "Diffie-Hellman parameters.", BORINGSSL_DH),
            GlobalKeywords.ignored("tune.ssl.force-private-cache", "", null, "A cache of TLS sessions for each process.",
                    Support.noEffect("there is one process, and sessions are its own")),
            GlobalKeywords.ignored("tune.ssl.ssl-ctx-cache-size", "<number>", NATURAL, "Certificates kept that generate-certificates has made.",
                    Support.noEffect("no certificates are made")),
            GlobalKeywords.value(GlobalSettings.SSL_CAPTURE, "<bytes>", Sizes.upTo(65536), """
                    How much is kept, for each connection, of what a client's TLS hello offers: suites, then extensions, groups and point
                    formats. Default: 0, nothing; ssl_fc_cipherlist_bin and its kin have no value then. 1000 has room for any client. At
                    most 65536.""").alias("tune.ssl.capture-cipherlist-size"),
            Directive.<GlobalDraft>of("tune.ssl.keylog", Set.of(GLOBAL), "{ on | off }", """
                    Keeps the secrets of connections, so that what was recorded of them can be read.""", TlsFileKeywords::keylog));

    private TlsFileKeywords() { }

    private static Directive<GlobalDraft> flag(Setting<Boolean> setting, String doc) {
        return Directive.<GlobalDraft>of(setting.name(), Set.of(GLOBAL), "", doc, (arguments, draft) -> {
            arguments.end();
            draft.settings().put(setting, !arguments.negated(), arguments.location());
        }).canBeNegated();
    }

    private static void extraFiles(Arguments arguments, GlobalDraft draft) {
        List<String> read = new ArrayList<>();
        while (arguments.hasNext()) {
            read.add(arguments.oneOf("what belongs to certificates", EXTRA));
        }
        draft.settings().put(GlobalSettings.SSL_LOAD_EXTRA_FILES, new StringList(read), arguments.location());
    }

    private static void chains(Arguments arguments, GlobalDraft draft) {
        String folder = arguments.next("a folder", ArgumentType.TEXT);
        arguments.end();
        draft.settings().put(GlobalSettings.ISSUERS_CHAIN_PATH, folder, arguments.location());
    }

    private static void keylog(Arguments arguments, GlobalDraft draft) {
        boolean on = arguments.oneOf("on or off", List.of("on", "off")).equals("on");
        Word word = arguments.last();
        arguments.end();
        if (on) {
            arguments.diagnostics().notice(net.lbd.config.syntax.Code.NOT_YET, word, "'tune.ssl.keylog on' is not carried out: secrets of"
                    + " connections are given to nobody; the daemon refuses to start with it");
        }
    }
}
