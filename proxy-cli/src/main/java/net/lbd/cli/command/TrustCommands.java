package net.lbd.cli.command;

import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.core.session.CertificateFacts;
import net.lbd.core.tls.CertificateParts;
import net.lbd.core.tls.CertificateStore;
import net.lbd.core.tls.Shelf;
import net.lbd.core.tls.TlsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The authorities that peers are checked against, and the certificates that they have revoked. Source: HAProxy's management guide, "show ssl ca-file". */
final class TrustCommands {

    private static final Logger LOG = LoggerFactory.getLogger(TrustCommands.class);

    /** One of the two kinds of files, and what HAProxy says of it. */
    private enum Kind {
        CA("ca-file", "CA", "CA file", "CAs"), CRL("crl-file", "CRL", "CRL file", "CRLs");

        private final String keyword;
        private final String kind;
        private final String file;
        private final String payload;

        Kind(String keyword, String kind, String file, String payload) {
            this.keyword = keyword;
            this.kind = kind;
            this.file = file;
            this.payload = payload;
        }
    }

    private interface Reader<T> {
        T read(String name, String text) throws TlsException;
    }

    /** Files of one kind: where they are, how they are read and told. */
    private record Files<T>(Kind kind, java.util.function.Function<CertificateStore, Shelf<List<T>>> shelf, Reader<List<T>> reader,
            java.util.function.BiFunction<Integer, T, String> teller) {

        private List<Command> commands() {
            String of = kind.keyword;
            String argument = "<" + kind.keyword.replace("-", "") + ">";
            return List.of(
                    Command.of("show ssl " + of, "[" + argument + "[:<index>]]", Level.OPERATOR, "list files of this kind, or tell what is in one", this::show),
                    Command.of("new ssl " + of, argument, Level.ADMIN, "make a place for a file of this kind", this::create),
                    Command.of("set ssl " + of, argument + " <payload>", Level.ADMIN, "begin to replace a file of this kind", this::set),
                    Command.of("commit ssl " + of, argument, Level.ADMIN, "put the replacement in service", this::commit),
                    Command.of("abort ssl " + of, argument, Level.ADMIN, "give the replacement up", this::abort),
                    Command.of("del ssl " + of, argument, Level.ADMIN, "forget a file that nothing uses", this::delete));
        }

        private Shelf<List<T>> files(Invocation invocation) {
            return shelf.apply(invocation.daemon().engine().certificates());
        }

        private String show(Invocation invocation) throws CommandException {
            Shelf<List<T>> files = files(invocation);
            if (invocation.argument(0).isEmpty()) {
                StringBuilder text = new StringBuilder();
                files.pending().ifPresent(p -> text.append("# transaction\n").append(line("*" + p.name(), p.content())));
                text.append("# filename\n");
                files.contents().forEach((name, content) -> text.append(line(name, content)));
                return text.toString();
            }
            String word = invocation.argument(0);
            int colon = word.lastIndexOf(':');
            boolean indexed = colon > 0 && word.substring(colon + 1).matches("[0-9]{1,6}");
            String name = indexed ? word.substring(0, colon) : word;
            List<T> content = (name.startsWith("*")
                    ? files.pending().filter(p -> p.name().equals(name.substring(1))).map(Shelf.Pending::content)
                    : files.find(name)).orElseThrow(() -> new CommandException("Can't display the " + kind.file + " : Not found!"));
            if (content.isEmpty()) {
                return kind == Kind.CA ? "" : "Filename: " + name + "\nStatus: Empty\n";
            }
            StringBuilder text = new StringBuilder("Filename: ").append(name).append("\nStatus: ")
                    .append(!name.startsWith("*") && files.isUsed(name) ? "Used" : "Unused").append('\n');
            int only = indexed ? Integer.parseInt(word.substring(colon + 1)) : 0;
            if (only > content.size()) {
                return "";
            }
            for (int i = 1; i <= content.size(); i++) {
                if (only == 0 || only == i) {
                    text.append(" \n").append(teller.apply(i, content.get(i - 1)));
                }
            }
            return text.toString();
        }

        private String line(String name, List<T> content) {
            return name + (kind == Kind.CA ? " - " + content.size() + " certificate(s)" : "") + "\n";
        }

        private String create(Invocation invocation) throws CommandException {
            String name = Transactions.name(invocation, "'new ssl " + kind.keyword + "' expects a filename");
            if (!files(invocation).create(name)) {
                throw new CommandException(kind.file + " '" + name + "' already exists!");
            }
            return "New " + kind.file + " created '" + name + "'!\n";
        }

        private String set(Invocation invocation) throws CommandException {
            String name = invocation.argument(0);
            String payload = invocation.payload().filter(p -> !name.isEmpty()).orElseThrow(() ->
                    new CommandException("'set ssl " + kind.keyword + " expects a filename and " + kind.payload + " as a payload"));
            Shelf<List<T>> files = files(invocation);
            String cannot = "\nCan't update " + name + "!";
            if (files.pending().isPresent() && !files.pending().get().name().equals(name)) {
                throw new CommandException(Transactions.another(files.pending().get().name(), "set", name) + cannot);
            }
            if (files.find(name).isEmpty()) {
                throw new CommandException("Can't replace a " + kind.file + " which is not referenced by the configuration!" + cannot);
            }
            boolean begun = files.pending().isPresent();
            try {
                files.change(name, reader.read(name, payload));
            } catch (TlsException e) {
                LOG.debug("payload of {}: {}", name, e.getMessage());
                throw new CommandException("Invalid payload" + cannot);
            }
            return "transaction " + (begun ? "updated" : "created") + " for " + kind.kind + " " + name + "!\n";
        }

        private String commit(Invocation invocation) throws CommandException {
            String name = Transactions.name(invocation, "'commit ssl " + kind.keyword + " expects a filename");
            Shelf<List<T>> files = files(invocation);
            List<T> content = Transactions.toCommit(files, name);
            try {
                return Transactions.committed(name, files.commit(name, content), LOG);
            } catch (TlsException e) {
                throw new CommandException(e.getMessage() + "\nCan't commit " + name + "!");
            }
        }

        private String abort(Invocation invocation) throws CommandException {
            return Transactions.abort(files(invocation), Transactions.name(invocation, "'abort ssl " + kind.keyword + "' expects a filename"));
        }

        private String delete(Invocation invocation) throws CommandException {
            String name = Transactions.name(invocation, "'del ssl " + kind.keyword + "' expects a filename");
            return switch (files(invocation).delete(name)) {
                case DONE -> kind.file + " '" + name + "' deleted!\n";
                case USED -> throw new CommandException("Can't remove the " + kind.file + ": " + kind.file + " '" + name + "' in use, can't be deleted!\n");
                case UNKNOWN -> throw new CommandException("Can't remove the " + kind.file + ": " + kind.file + " '" + name + "' doesn't exist!\n");
            };
        }
    }

    static final List<Command> AUTHORITIES = new Files<>(Kind.CA, CertificateStore::authorities, CertificateParts::authorities,
            TrustCommands::authority).commands();
    static final List<Command> REVOKED = new Files<>(Kind.CRL, CertificateStore::revoked, CertificateParts::revoked, TrustCommands::list).commands();

    private TrustCommands() { }

    private static String authority(int number, X509Certificate authority) {
        StringBuilder text = new StringBuilder("Certificate #").append(number).append(":\n");
        for (Map.Entry<String, String> field : CertificateDetails.of(authority).entrySet()) {
            text.append(field.getKey()).append(": ").append(field.getValue()).append('\n');
        }
        return text.toString();
    }

    private static String list(int number, X509CRL list) {
        StringBuilder text = new StringBuilder("Certificate Revocation List #").append(number).append(":\nVersion ").append(list.getVersion())
                .append("\nSignature Algorithm: ").append(CertificateFacts.signatureName(list.getSigAlgOID(), list.getSigAlgName()))
                .append("\nIssuer: ").append(CertificateFacts.line(list.getIssuerX500Principal()))
                .append("\nLast Update: ").append(CertificateDetails.time(list.getThisUpdate()))
                .append("\nNext Update: ").append(list.getNextUpdate() == null ? "NONE" : CertificateDetails.time(list.getNextUpdate())).append('\n');
        Set<? extends X509CRLEntry> revoked = list.getRevokedCertificates();
        if (revoked == null || revoked.isEmpty()) {
            return text.append("No Revoked Certificates.\n").toString();
        }
        text.append("Revoked Certificates:\n");
        revoked.stream().sorted(Comparator.comparing(X509CRLEntry::getSerialNumber)).forEach(entry ->
                text.append("    Serial Number: ").append(hex(entry.getSerialNumber().toByteArray()))
                        .append("\n        Revocation Date: ").append(CertificateDetails.time(entry.getRevocationDate())).append('\n'));
        return text.toString();
    }

    private static String hex(byte[] number) {
        String hex = HexFormat.of().formatHex(number).toUpperCase(Locale.ROOT);
        return number.length > 1 && number[0] == 0 ? hex.substring(2) : hex;
    }
}
