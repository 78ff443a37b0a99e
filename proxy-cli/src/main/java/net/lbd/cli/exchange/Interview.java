package net.lbd.cli.exchange;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.lbd.cli.exchange.Form.Check;
import net.lbd.cli.exchange.Site.HttpMode;
import net.lbd.cli.exchange.Site.MailMode;
import net.lbd.cli.exchange.Site.Password;
import net.lbd.cli.exchange.Site.Role;
import net.lbd.cli.exchange.Site.Version;
import net.lbd.cli.exchange.Site.Word;

/** Asks for a site in the terminal, question by question; each tells its default, and a wrong answer is asked for again. Not thread-safe. */
public final class Interview {

    private final BufferedReader in;
    private final PrintWriter out;

    /** An interview that reads lines and prints questions. */
    public Interview(BufferedReader in, PrintWriter out) {
        this.in = in;
        this.out = out;
    }

    /** The input ended before the last answer. */
    public static final class BrokenOff extends IOException {
        private static final long serialVersionUID = 1L;

        BrokenOff() {
            super("the input ended before all was answered; nothing was written");
        }
    }

    /**
     * Asks everything, and tells the form's text.
     *
     * @throws BrokenOff if the input ends before
     */
    public String ask() throws IOException {
        FormText form = new FormText();
        Version version = choose("Which Exchange?", Version.class, Version.V2019);
        form.line("exchange: \"" + version.word() + "\"", "2010, 2013, 2016, 2019 or SE");
        form.blank().line("servers:", "1 to " + Site.MAX_SERVERS + "; weight 0 to 256, 10 unless said");
        servers(form);
        String name = text("The name that users type", "", SiteFile.HOST_NAME);
        form.blank().line("name: " + name, "services that have a name of their own: names: {autodiscover: autodiscover.example.com}");
        form.line("address: " + FormText.quoted(text("The virtual address", "", SiteFile.ADDRESS)), "the virtual address; http, imap, pop, smtp and rpc may have their own");
        Architecture architecture = architecture();
        http(form, architecture);
        boolean certificate = mail(form, version) || architecture != null && architecture.mode().seesRequests();
        if (version.needsAffinity()) {
            form.blank().line("rpc: " + (yes("Outlook over plain RPC (port 135 and two fixed ports)?", true) ? "on" : "off"),
                    "or a map: {enabled: on, client-access-port: 60000, address-book-port: 60001}");
        }
        if (certificate) {
            form.blank().line("certificate:").line("  file: " + text("The certificate that clients see, a .pfx or .pem file", "/etc/lbd/certs/mail.pfx", SiteFile.FILE));
            form.line("  password: " + choose("Its password comes from", Password.class, Password.FILE).word(), "file: FILE.pass beside it; environment: LBD_CERT_PASSWORD; none");
            form.line("old-clients: off", "on: Windows 7, 8.1 and Server 2012 R2 connect too");
        }
        if (architecture != null && (architecture.mode() == HttpMode.BRIDGING || architecture.mode() == HttpMode.FORWARD)) {
            form.blank().line("trust: " + text("Who signed the servers' certificates: system, the file of an authority, or none (not checked)", "system",
                    Check.of("it is system, none, or the absolute path of a file", w -> w.equals("system") || w.equals("none") || SiteFile.FILE.passes(w))),
                    "system, the file of an authority, or none");
        }
        form.blank().line("kerberos: " + (yes("Kerberos logins of users in many groups (heads of 48 KB)?", false) ? "on" : "off"));
        pair(form, version);
        return form.toString();
    }

    private void pair(FormText form, Version version) throws IOException {
        if (!yes("Are there two machines that share the virtual address (keepalived)?", false)) {
            form.line("ha: disabled");
            return;
        }
        form.blank().line("ha:");
        form.line("  role: " + choose("Which is this one? environment: LBD_ROLE in /etc/default/lbd says it, and both have the same file", Role.class,
                Role.ENVIRONMENT).word(), String.join(", ", Word.words(Role.class)));
        form.line("  cluster-id: " + text("Number of the pair in its network, 1 to 255", "51", Check.of("it is a number from 1 to 255",
                w -> w.matches("[1-9]\\d{0,2}") && Integer.parseInt(w) <= 255)));
        form.line("  interface: " + FormText.quoted(text("The interface towards the clients (ip -br address)", "eth0", SiteFile.DEVICE)));
        if (version.needsAffinity()) {
            form.line("  machines:", "their own addresses: they share who belongs to which server");
            form.line("    master: " + FormText.quoted(text("The master's own address", "", SiteFile.ADDRESS)));
            form.line("    backup: " + FormText.quoted(text("The backup's own address", "", SiteFile.ADDRESS)));
        }
    }

    private void servers(FormText form) throws IOException {
        List<String> names = new ArrayList<>();
        while (names.size() < Site.MAX_SERVERS) {
            int number = names.size() + 1;
            String address = text("Address of server " + number + (names.isEmpty() ? "" : " (empty: no more)"), "",
                    names.isEmpty() ? SiteFile.ADDRESS : Check.of(SiteFile.ADDRESS.wanted(), w -> w.isEmpty() || SiteFile.ADDRESS.passes(w)));
            if (address.isEmpty()) {
                return;
            }
            String name = text("Name of server " + number, "ex" + number, Check.of(SiteFile.SERVER_NAME.wanted() + ", and no server has it yet",
                    w -> SiteFile.SERVER_NAME.passes(w) && !names.contains(w)));
            names.add(name);
            form.line("  - {name: " + FormText.quoted(name) + ", address: " + FormText.quoted(address) + "}");
        }
    }

    private Architecture architecture() throws IOException {
        out.println();
        out.println("How is HTTPS carried? (users: what the guide says of its largest appliance)");
        Architecture[] all = Architecture.values();
        for (int i = 0; i < all.length; i++) {
            Architecture a = all[i];
            out.printf(Locale.ROOT, "%3d  %-20s %s; servers see %s; %s users%n", i + 1, a.mode().word() + (a.transparent() ? ", transparent" : ""), a.title(),
                    a.showsClient() ? "the client" : "this machine", a.users());
            out.println("       + " + a.pros());
            out.println("       - " + a.cons());
        }
        out.println("  0  disabled");
        String answer = text("Number", "1", Check.of("it is a number from 0 to " + all.length, w -> w.matches("[0-9]") && Integer.parseInt(w) <= all.length));
        return answer.equals("0") ? null : all[Integer.parseInt(answer) - 1];
    }

    private void http(FormText form, Architecture architecture) throws IOException {
        form.blank().line("http:").line("  mode: " + (architecture == null ? HttpMode.DISABLED : architecture.mode()).word(),
                String.join(", ", Word.words(HttpMode.class)));
        if (architecture == null) {
            return;
        }
        if (architecture.transparent()) {
            form.line("  transparent: on", "the servers see the client's address");
        }
        if (architecture.mode() == HttpMode.L4_SNAT) {
            form.line("  source: " + FormText.quoted(text("The address of this machine that the servers see", "", SiteFile.ADDRESS)));
        }
        if (architecture.mode().seesRequests()) {
            form.line("  # services: {powershell: on, oab: off}   # each on unless said, but powershell; owa and ecp go together");
        }
    }

    /** Asks for the three protocols; whether one of them ends TLS here. */
    private boolean mail(FormText form, Version version) throws IOException {
        form.blank();
        MailMode imap = choose("IMAP?", MailMode.class, MailMode.DISABLED);
        form.line("imap: " + imap.word(), String.join(", ", Word.words(MailMode.class)));
        MailMode pop = choose("POP?", MailMode.class, MailMode.DISABLED);
        form.line("pop: " + pop.word());
        MailMode smtp = choose("SMTP (port 25 in the clear, 587 with TLS)?", MailMode.class, MailMode.DISABLED);
        form.line("smtp:").line("  mode: " + smtp.word());
        if (smtp != MailMode.DISABLED) {
            String sources = text("Who may connect to SMTP: addresses, networks and ranges, with blanks between (empty: everybody)", "",
                    Check.of(SiteFile.SOURCES.wanted(), w -> w.isEmpty() || List.of(w.split(" +")).stream().allMatch(SiteFile.SOURCES::passes)));
            if (!sources.isEmpty()) {
                form.line("  sources: [" + String.join(", ", List.of(sources.split(" +")).stream().map(FormText::quoted).toList()) + "]");
            }
        }
        return imap.offload() || pop.offload() || smtp.offload();
    }

    private <W extends Enum<W> & Word> W choose(String question, Class<W> of, W otherwise) throws IOException {
        String words = String.join(", ", Word.words(of));
        String word = text(question + " (" + words + ")", otherwise.word(), Check.of("it is one of " + words, w -> Word.find(of, w).isPresent()));
        return Word.find(of, word).orElseThrow();
    }

    private boolean yes(String question, boolean otherwise) throws IOException {
        String word = text(question + " (yes, no)", otherwise ? "yes" : "no", Check.of("it is yes or no", w -> w.matches("(?i)y|yes|n|no")));
        return word.toLowerCase(Locale.ROOT).startsWith("y");
    }

    private String text(String question, String otherwise, Check check) throws IOException {
        while (true) {
            out.print(question + (otherwise.isEmpty() ? ": " : " [" + otherwise + "]: "));
            out.flush();
            String line = in.readLine();
            if (line == null) {
                throw new BrokenOff();
            }
            String answer = line.isBlank() ? otherwise : line.strip();
            if (check.passes(answer)) {
                return answer;
            }
            out.println(answer.isEmpty() ? "  an answer is needed; " + check.wanted() : "  '" + answer + "' does not do; " + check.wanted());
        }
    }
}
