package net.lbd.cli.admin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A configuration of stunnel, written as {@code listen} sections. Every option is carried over, has no meaning here (the process, its
 * log, its user), or is an error. Pure function. Source: stunnel's manual, stunnel(8); the Exchange 2010 guide, section 3.2.1.
 *
 * <table><caption>Services</caption>
 * <tr><td>{@code accept}</td><td>{@code bind}; with TLS unless {@code client = yes}</td></tr>
 * <tr><td>{@code connect}</td><td>{@code server}, one for each; with TLS if {@code client = yes}</td></tr>
 * <tr><td>{@code cert}, {@code key}</td><td>{@code crt}; a key in a file of its own must be found as {@code CERT.key}</td></tr>
 * <tr><td>{@code protocol}</td><td>{@code starttls}, or {@code send-proxy} and {@code accept-proxy}</td></tr>
 * </table>
 */
final class StunnelImport {

    private static final Pattern SECTION = Pattern.compile("\\[([^\\]]+)\\]");
    private static final Pattern OPTION = Pattern.compile("([A-Za-z0-9_]+)\\s*=\\s*(.*)");
    private static final Pattern ADDRESS = Pattern.compile("(?:(.+):)?([0-9]{1,5})");
    /** Of the process, its log and its sockets: here the service manager, 'global' and the kernel see to them. */
    private static final Set<String> OF_THE_PROCESS = Set.of("pid", "foreground", "output", "debug", "setuid", "setgid", "chroot", "syslog",
            "log", "fips", "compression", "socket", "rndfile", "rndbytes", "rndoverwrite", "engine", "service", "taskbar", "iconactive",
            "session", "sessioncachesize", "sessioncachetimeout", "reset", "renegotiation", "timeoutclose", "timeoutbusy", "delay", "include");
    private static final Map<String, String> VERSIONS = Map.of("tlsv1", "TLSv1.0", "tlsv1.1", "TLSv1.1", "tlsv1.2", "TLSv1.2", "tlsv1.3", "TLSv1.3");
    private static final String IDLE = "12h";

    /** One line of the file. */
    private record Line(int number, String name, String value) { }

    private final String file;
    private final List<String> errors = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    private StunnelImport(String file) {
        this.file = file;
    }

    /** @param file its name, for messages */
    static StunnelImport of(String file, List<String> lines) {
        StunnelImport converted = new StunnelImport(file);
        converted.read(lines);
        return converted;
    }

    /** All that is wrong, with its place. */
    List<String> errors() {
        return List.copyOf(errors);
    }

    /** The sections. */
    String text() {
        return text.toString();
    }

    private void read(List<String> lines) {
        Map<String, List<Line>> services = new LinkedHashMap<>();
        List<Line> common = new ArrayList<>();
        List<Line> current = common;
        for (int i = 0; i < lines.size(); i++) {
            String line = (i == 0 ? lines.get(i).replaceFirst("^\u00ef\u00bb\u00bf", "") : lines.get(i)).strip();
            if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
                continue;
            }
            Matcher section = SECTION.matcher(line);
            Matcher option = OPTION.matcher(line);
            if (section.matches()) {
                String name = section.group(1).strip().replaceAll("[^A-Za-z0-9_.:-]", "_");
                current = new ArrayList<>();
                if (services.putIfAbsent(name, current) != null) {
                    error(i + 1, "a service '" + name + "' is there already");
                }
            } else if (option.matches()) {
                current.add(new Line(i + 1, option.group(1), option.group(2).strip()));
            } else {
                error(i + 1, "'" + line + "' is neither a [service] nor an option = value");
            }
        }
        if (services.isEmpty()) {
            errors.add(file + ": there is no [service] in it");
        }
        services.forEach((name, own) -> service(name, common, own));
    }

    private void error(int number, String what) {
        errors.add(file + ":" + number + ": " + what);
    }

    private void service(String name, List<Line> common, List<Line> own) {
        Map<String, List<Line>> options = new LinkedHashMap<>();
        // What stands before the first service counts for all; what a service says itself goes before it.
        common.forEach(line -> options.computeIfAbsent(line.name.toLowerCase(Locale.ROOT), n -> new ArrayList<>()).add(line));
        own.stream().map(line -> line.name.toLowerCase(Locale.ROOT)).distinct().forEach(options::remove);
        own.forEach(line -> options.computeIfAbsent(line.name.toLowerCase(Locale.ROOT), n -> new ArrayList<>()).add(line));
        Service service = new Service(name);
        options.forEach((option, lines) -> lines.forEach(line -> {
            if (!OF_THE_PROCESS.contains(option)) {
                service.take(option, line);
            }
        }));
        int place = own.isEmpty() ? 1 : own.get(0).number;
        service.finish(place);
    }

    /** A service as its options add up. */
    private final class Service {
        private final String name;
        private boolean client;
        private boolean roundRobin = true;
        private Optional<String> accept = Optional.empty();
        private final List<String> connect = new ArrayList<>();
        private Optional<String> certificate = Optional.empty();
        private Optional<String> key = Optional.empty();
        private Optional<String> authorities = Optional.empty();
        private Optional<String> host = Optional.empty();
        private Optional<String> sni = Optional.empty();
        private boolean verifies;
        private boolean wantsPeer;
        private String startTls = "";
        private boolean proxy;
        private String idle = IDLE;
        private String patience = "10s";
        private final List<String> tls = new ArrayList<>();

        Service(String name) {
            this.name = name;
        }

        void take(String option, Line line) {
            switch (option) {
                case "client" -> yesNo(line, yes -> client = yes);
                case "accept" -> accept = address(line, "*");
                case "connect" -> address(line, "127.0.0.1").ifPresent(connect::add);
                case "cert" -> certificate = path(line);
                case "key" -> key = path(line);
                case "cafile", "capath" -> authorities = path(line);
                case "crlfile", "crlpath" -> path(line).ifPresent(p -> tls.add("crl-file " + p));
                case "verify" -> level(line);
                case "verifychain", "verifypeer" -> yesNo(line, yes -> {
                    verifies |= yes;
                    wantsPeer |= yes;
                });
                case "requirecert" -> yesNo(line, yes -> wantsPeer |= yes);
                case "checkhost" -> host = Optional.of(line.value);
                case "sni" -> sni = Optional.of(line.value);
                case "ciphers" -> tls.add("ciphers " + line.value);
                case "ciphersuites" -> tls.add("ciphersuites " + line.value);
                case "curve", "curves" -> tls.add("curves " + line.value);
                case "sslversion" -> version(line, "force-", true);
                case "sslversionmin" -> version(line, "ssl-min-ver ", false);
                case "sslversionmax" -> version(line, "ssl-max-ver ", false);
                case "options" -> libraryOption(line);
                case "protocol" -> protocol(line);
                case "timeoutidle" -> idle = seconds(line);
                case "timeoutconnect" -> patience = seconds(line);
                case "failover" -> failover(line);
                default -> error(line.number, "'" + line.name + "' cannot be carried over; take it out, and see what lbd offers in its place");
            }
        }

        private void yesNo(Line line, Consumer<Boolean> target) {
            switch (line.value.toLowerCase(Locale.ROOT)) {
                case "yes" -> target.accept(true);
                case "no" -> target.accept(false);
                default -> error(line.number, "'" + line.name + " = " + line.value + "': write yes or no");
            }
        }

        private Optional<String> path(Line line) {
            if (line.value.isEmpty() || line.value.matches(".*[\\s\"'\\\\#].*")) {
                error(line.number, "'" + line.name + " = " + line.value + "' is no path without blanks and quotes: is it a slip?");
                return Optional.empty();
            }
            return Optional.of(line.value);
        }

        /** A path is a Unix socket, as the guide's {@code /ssl:web}; a bare port is one of {@code host}. */
        private Optional<String> address(Line line, String otherwise) {
            Matcher matcher = ADDRESS.matcher(line.value);
            if (line.value.startsWith("/")) {
                return path(line);
            }
            if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > 65535 || Integer.parseInt(matcher.group(2)) == 0) {
                error(line.number, "'" + line.name + " = " + line.value + "' is no address; write a port, HOST:PORT, or the path of a socket");
                return Optional.empty();
            }
            String place = matcher.group(1) == null || matcher.group(1).isEmpty() ? otherwise : matcher.group(1);
            return Optional.of((place.equals(":::") || place.equals("::") ? "[::]" : place) + ":" + matcher.group(2));
        }

        private void level(Line line) {
            if (!line.value.matches("[0-4]")) {
                error(line.number, "'verify = " + line.value + "': write a level from 0 to 4");
                return;
            }
            int level = Integer.parseInt(line.value);
            verifies |= level > 0;
            wantsPeer |= level >= 2;
            if (level >= 3) {
                error(line.number, "'verify = " + level + "' trusts single certificates; put their authority into ca-file and use level 2");
            }
        }

        private void version(Line line, String keyword, boolean forced) {
            String value = line.value.toLowerCase(Locale.ROOT);
            if (value.equals("all")) {
                return;
            }
            String known = VERSIONS.get(value);
            if (known == null) {
                error(line.number, "'" + line.name + " = " + line.value + "': write all, TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3; older ones are not spoken");
                return;
            }
            tls.add(forced ? keyword + known.toLowerCase(Locale.ROOT).replace(".", "") : keyword + known);
        }

        private void libraryOption(Line line) {
            String value = line.value.toUpperCase(Locale.ROOT);
            switch (value) {
                case "NO_SSLV2", "NO_SSLV3", "CIPHER_SERVER_PREFERENCE", "SINGLE_ECDH_USE", "SINGLE_DH_USE", "DONT_INSERT_EMPTY_FRAGMENTS",
                        "NO_COMPRESSION", "NO_RENEGOTIATION" -> { }
                case "NO_TLSV1" -> tls.add("no-tlsv10");
                case "NO_TLSV1.1", "NO_TLSV1_1" -> tls.add("no-tlsv11");
                case "NO_TLSV1.2", "NO_TLSV1_2" -> tls.add("no-tlsv12");
                case "NO_TLSV1.3", "NO_TLSV1_3" -> tls.add("no-tlsv13");
                case "NO_TICKET" -> tls.add("no-tls-tickets");
                default -> error(line.number, "'options = " + line.value + "' cannot be carried over");
            }
        }

        private void protocol(Line line) {
            switch (line.value.toLowerCase(Locale.ROOT)) {
                case "smtp", "imap", "pop3" -> startTls = line.value.toLowerCase(Locale.ROOT);
                case "proxy" -> proxy = true;
                default -> error(line.number, "'protocol = " + line.value + "' cannot be carried over; known are smtp, imap, pop3 and proxy");
            }
        }

        private String seconds(Line line) {
            if (!line.value.matches("[0-9]{1,7}")) {
                error(line.number, "'" + line.name + " = " + line.value + "': write seconds");
                return IDLE;
            }
            return line.value + "s";
        }

        private void failover(Line line) {
            switch (line.value) {
                case "rr" -> roundRobin = true;
                case "prio" -> roundRobin = false;
                default -> error(line.number, "'failover = " + line.value + "': write rr or prio");
            }
        }

        void finish(int place) {
            if (accept.isEmpty()) {
                error(place, "service '" + name + "' has no 'accept'");
            }
            if (connect.isEmpty()) {
                error(place, "service '" + name + "' has no 'connect'");
            }
            if (!client && certificate.isEmpty()) {
                error(place, "service '" + name + "' ends TLS and has no 'cert'");
            }
            if (verifies && authorities.isEmpty()) {
                error(place, "service '" + name + "' checks certificates and has no 'CAfile'");
            }
            if (!errors.isEmpty()) {
                return;
            }
            text.append("listen ").append(name).append("\n    mode tcp\n");
            String own = certificate.map(c -> " crt " + c).orElse("");
            key.filter(k -> !k.equals(certificate.orElse(""))).ifPresent(k ->
                    text.append("    # the key stands in a file of its own: ln -s ").append(k).append(' ').append(certificate.orElse("CERT")).append(".key\n"));
            String checks = verifies ? " ca-file " + authorities.orElseThrow() : "";
            String more = tls.isEmpty() ? "" : " " + String.join(" ", tls);
            String word = startTls.isEmpty() ? "" : " starttls " + startTls;
            text.append("    bind ").append(accept.orElseThrow());
            if (!client) {
                text.append(" ssl").append(own).append(word).append(verifies ? checks + " verify " + (wantsPeer ? "required" : "optional") : "").append(more);
            } else if (proxy) {
                text.append(" accept-proxy");
            }
            text.append("\n    timeout connect ").append(patience).append("\n    timeout client ").append(idle).append("\n    timeout server ")
                    .append(idle).append('\n');
            for (int i = 0; i < connect.size(); i++) {
                text.append("    server ").append(name).append(i + 1).append(' ').append(connect.get(i));
                if (client) {
                    text.append(" ssl").append(own).append(word).append(verifies ? checks + " verify required" : " verify none").append(more);
                    host.ifPresent(h -> text.append(" verifyhost ").append(h));
                    sni.ifPresent(s -> text.append(" sni str(").append(s).append(')'));
                } else if (proxy) {
                    text.append(" send-proxy");
                }
                text.append(roundRobin || i == 0 ? "" : " backup").append('\n');
            }
            text.append('\n');
        }
    }
}
