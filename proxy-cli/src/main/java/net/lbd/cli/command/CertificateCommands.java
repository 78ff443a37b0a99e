package net.lbd.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.core.tls.CertificateStore;
import net.lbd.core.tls.PemFile;
import net.lbd.core.tls.TlsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The certificates in service. {@code load ssl cert} is lbd's own: files that changed are noticed anyway, some seconds later. */
final class CertificateCommands {

    static final List<Command> TABLE = List.of(
            Command.of("show ssl cert", "[<file>]", Level.OPERATOR, "list certificates, or tell what is in one", CertificateCommands::show),
            Command.of("load ssl cert", "<file>", Level.ADMIN, "read a certificate's files again and put it in service", CertificateCommands::load));

    private static final Logger LOG = LoggerFactory.getLogger(CertificateCommands.class);

    private CertificateCommands() { }

    private static String show(Invocation invocation) throws CommandException {
        Map<Path, PemFile> all = invocation.daemon().engine().certificates().inService();
        if (invocation.argument(0).isEmpty()) {
            return "# filename\n" + all.keySet().stream().map(path -> path + "\n").collect(Collectors.joining());
        }
        PemFile pem = all.get(Path.of(invocation.argument(0)));
        if (pem == null) {
            throw new CommandException("Can't display the certificate: Not found or the certificate is a bundle!");
        }
        StringBuilder text = new StringBuilder();
        CertificateDetails.of(pem).forEach((field, value) -> {
            text.append(field).append(": ").append(value).append('\n');
            if (field.equals("Filename")) {
                text.append("Status: Used\n");
            }
        });
        return text.toString();
    }

    private static String load(Invocation invocation) throws CommandException {
        CertificateStore store = invocation.daemon().engine().certificates();
        Path path = Path.of(invocation.argument(0));
        if (!store.inService().containsKey(path)) {
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
}
