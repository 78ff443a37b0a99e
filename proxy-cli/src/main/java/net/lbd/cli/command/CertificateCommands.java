package net.lbd.cli.command;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.core.listen.Frontend;
import net.lbd.core.runtime.ProxyRuntime;
import net.lbd.core.stats.TlsCounters;
import net.lbd.core.tls.CertificateParts;
import net.lbd.core.tls.CertificateStore;
import net.lbd.core.tls.OcspAnswer;
import net.lbd.core.tls.PemFile;
import net.lbd.core.tls.Shelf;
import net.lbd.core.tls.TlsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates in service, and what their authorities say of them. {@code load ssl cert} is lbd's own: files that changed are noticed
 * anyway, some seconds later. Source: HAProxy's management guide, "show ssl cert" and its kin.
 */
final class CertificateCommands {

    static final List<Command> TABLE = List.of(
            Command.of("show ssl cert", "[<file>]", Level.OPERATOR, "list certificates, or tell what is in one", CertificateCommands::show),
            Command.of("load ssl cert", "<file>", Level.ADMIN, "read a certificate's files again and put it in service", CertificateCommands::load),
            Command.of("new ssl cert", "<file>", Level.ADMIN, "make a place for a certificate", CertificateCommands::create),
            Command.of("set ssl cert", "<file> <payload>", Level.ADMIN, "begin to replace a certificate, or a part of it", CertificateCommands::set),
            Command.of("commit ssl cert", "<file>", Level.ADMIN, "put the replacement in service", CertificateCommands::commit),
            Command.of("abort ssl cert", "<file>", Level.ADMIN, "give the replacement up", CertificateCommands::abort),
            Command.of("del ssl cert", "<file>", Level.ADMIN, "forget a certificate that nothing uses", CertificateCommands::delete),
            Command.of("show ssl counters", "", Level.OPERATOR, "count TLS handshakes of each frontend, and why they failed", CertificateCommands::counters),
            Command.of("show ssl ocsp-response", "[<id>]", Level.OPERATOR, "list OCSP answers, or tell what is in one", CertificateCommands::showOcsp),
            Command.of("set ssl ocsp-response", "<response|payload>", Level.ADMIN, "staple another OCSP answer, in base64", CertificateCommands::setOcsp));

    private static final Logger LOG = LoggerFactory.getLogger(CertificateCommands.class);

    private CertificateCommands() { }

    private static CertificateStore store(Invocation invocation) {
        return invocation.daemon().engine().certificates();
    }

    // ---- what there is

    private static String show(Invocation invocation) throws CommandException {
        Shelf<PemFile> certificates = store(invocation).certificates();
        String name = invocation.argument(0);
        if (name.isEmpty()) {
            StringBuilder text = new StringBuilder();
            certificates.pending().ifPresent(p -> text.append("# transaction\n*").append(p.name()).append('\n'));
            text.append("# filename\n");
            certificates.contents().keySet().forEach(file -> text.append(file).append('\n'));
            return text.toString();
        }
        Optional<PemFile> found = name.startsWith("*")
                ? certificates.pending().filter(p -> p.name().equals(name.substring(1))).map(Shelf.Pending::content)
                : certificates.find(name);
        PemFile pem = found.orElseThrow(() -> new CommandException("Can't display the certificate: Not found or the certificate is a bundle!"));
        String status = pem.certificates().isEmpty() ? "Empty" : !name.startsWith("*") && certificates.isUsed(name) ? "Used" : "Unused";
        StringBuilder text = new StringBuilder("Filename: ").append(name).append("\nStatus: ").append(status).append('\n');
        if (!pem.certificates().isEmpty()) {
            CertificateDetails.of(pem).forEach((field, value) -> {
                if (!field.equals("Filename")) {
                    text.append(field).append(": ").append(value).append('\n');
                }
            });
        }
        return text.append("OCSP Response Key: ").append(identifier(pem)).append('\n').toString();
    }

    private static String identifier(PemFile pem) throws CommandException {
        try {
            return OcspAnswer.identifier(pem).map(HexFormat.of()::formatHex).orElse("");
        } catch (TlsException e) {
            throw new CommandException(e.getMessage());
        }
    }

    // ---- replacing

    private static String load(Invocation invocation) throws CommandException {
        CertificateStore store = store(invocation);
        Path path = Path.of(invocation.argument(0));
        if (store.certificates().find(path.toString()).isEmpty()) {
            throw new CommandException("No bind uses the certificate '" + path + "'.");
        }
        try {
            store.load(path);
        } catch (TlsException e) {
            throw new CommandException("Not in service, the one before stays: " + e.getMessage());
        }
        LOG.info("the certificate {} is put in service by the administrator", path);
        return "Success!\n";
    }

    private static String create(Invocation invocation) throws CommandException {
        String name = Transactions.name(invocation, "'new ssl cert' expects a filename");
        if (!store(invocation).certificates().create(name)) {
            throw new CommandException("Certificate '" + name + "' already exists!");
        }
        return "New empty certificate store '" + name + "'!\n";
    }

    private static String set(Invocation invocation) throws CommandException {
        String word = invocation.argument(0);
        String payload = invocation.payload().filter(p -> !word.isEmpty())
                .orElseThrow(() -> new CommandException("'set ssl cert expects a filename and a certificate as a payload"));
        CertificateStore store = store(invocation);
        Shelf<PemFile> certificates = store.certificates();
        CertificateParts.Named part = CertificateParts.named(store, word);
        String cannot = "\nCan't update " + word + "!";
        Optional<Shelf.Pending<PemFile>> begun = certificates.pending();
        if (begun.isPresent() && !begun.get().name().equals(part.file())) {
            throw new CommandException(Transactions.another(begun.get().name(), "set", part.file()) + cannot);
        }
        PemFile before = begun.map(Shelf.Pending::content).or(() -> certificates.find(part.file())).orElseThrow(() -> new CommandException(
                "Can't replace a certificate which is not referenced by the configuration!" + cannot));
        try {
            certificates.change(part.file(), part.applied(before, payload));
        } catch (TlsException e) {
            throw new CommandException(e.getMessage() + "\nCan't load the payload" + cannot);
        }
        return "Transaction " + (begun.isPresent() ? "updated" : "created") + " for certificate " + part.file() + "!\n";
    }

    private static String commit(Invocation invocation) throws CommandException {
        String name = Transactions.name(invocation, "'commit ssl cert expects a filename");
        Shelf<PemFile> certificates = store(invocation).certificates();
        PemFile content = Transactions.toCommit(certificates, name);
        String cannot = "\nCan't commit " + name + "!";
        if (content.certificates().isEmpty() || content.key().isEmpty()) {
            throw new CommandException("The transaction must contain at least a certificate and a private key!" + cannot);
        }
        PemFile checked;
        try {
            checked = CertificateParts.checked(content);
        } catch (TlsException e) {
            LOG.debug("not put in service: {}", e.getMessage());
            throw new CommandException("inconsistencies between private key and certificate loaded '" + name + "'." + cannot);
        }
        try {
            return Transactions.committed(name, certificates.commit(name, checked), LOG);
        } catch (TlsException e) {
            throw new CommandException(e.getMessage() + cannot);
        }
    }

    private static String abort(Invocation invocation) throws CommandException {
        return Transactions.abort(store(invocation).certificates(),
                Transactions.name(invocation, "'abort ssl cert' expects a filename"));
    }

    private static String delete(Invocation invocation) throws CommandException {
        String name = Transactions.name(invocation, "'del ssl cert' expects a certificate name");
        return switch (store(invocation).certificates().delete(name)) {
            case DONE -> "Certificate '" + name + "' deleted!\n";
            case USED -> throw new CommandException("Can't remove the certificate: certificate '" + name + "' in use, can't be deleted!\n");
            case UNKNOWN -> throw new CommandException("Can't remove the certificate: certificate '" + name + "' doesn't exist!\n");
        };
    }

    /** Our own; one line for each frontend that has had a handshake. */
    private static String counters(Invocation invocation) {
        StringBuilder text = new StringBuilder("# frontend handshakes resumed failures\n");
        for (Frontend frontend : invocation.daemon().engine().runtime().map(ProxyRuntime::frontends).orElse(List.of())) {
            TlsCounters counters = frontend.counters().tls;
            StringJoiner failures = new StringJoiner(",");
            for (TlsCounters.Failure why : TlsCounters.Failure.values()) {
                if (counters.failures(why).sum() > 0) {
                    failures.add(why.name().toLowerCase(Locale.ROOT) + "=" + counters.failures(why).sum());
                }
            }
            if (counters.handshakes.sum() > 0 || failures.length() > 0) {
                text.append(frontend.name()).append(' ').append(counters.handshakes.sum()).append(' ').append(counters.resumed.sum())
                        .append(' ').append(failures.length() == 0 ? "-" : failures.toString()).append('\n');
            }
        }
        return text.toString();
    }

    // ---- OCSP

    private static String showOcsp(Invocation invocation) throws CommandException {
        String wanted = invocation.argument(0).toLowerCase(Locale.ROOT);
        StringBuilder all = new StringBuilder();
        for (Map.Entry<String, PemFile> one : store(invocation).certificates().contents().entrySet()) {
            String id = identifier(one.getValue());
            try {
                if (!id.isEmpty() && wanted.isEmpty()) {
                    all.append(all.isEmpty() ? "# Certificate IDs\n" : "").append("Certificate ID key : ").append(id).append('\n')
                            .append(OcspAnswer.describeIdentifier(one.getValue(), " "));
                } else if (!id.isEmpty() && (wanted.equals(id) || one.getKey().equals(invocation.argument(0)))) {
                    return OcspAnswer.describe(one.getValue());
                }
            } catch (TlsException e) {
                throw new CommandException(e.getMessage());
            }
        }
        if (!wanted.isEmpty()) {
            throw new CommandException("Certificate ID does not match any certificate.");
        }
        return all.toString();
    }

    private static String setOcsp(Invocation invocation) throws CommandException {
        String text = invocation.payload().orElse(invocation.argument(0));
        if (text.isBlank()) {
            throw new CommandException("'set ssl ocsp-response' expects response in base64 encoding.");
        }
        byte[] answer;
        try {
            answer = Base64.getDecoder().decode(text.replaceAll("\\s+", "").getBytes(StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw new CommandException("'set ssl ocsp-response' received invalid base64 encoded response.");
        }
        try {
            String file = store(invocation).staple(answer);
            LOG.info("the administrator has set the OCSP answer of the certificate {}", file);
            return "OCSP Response updated!\n";
        } catch (TlsException e) {
            throw new CommandException(OcspAnswer.isReadable(answer) ? "OCSP single response: " + e.getMessage() : "Unable to parse OCSP response.");
        }
    }
}
