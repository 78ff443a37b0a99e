package net.lbd.config.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.lbd.config.draft.BindDraft;
import net.lbd.config.draft.GlobalDraft;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.BindSettings;
import net.lbd.config.model.BindSpec;
import net.lbd.config.model.CertificateList;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.PortSpec;
import net.lbd.config.model.ProxyMode;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.Settings;
import net.lbd.config.model.StringList;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Diagnostics;
import net.lbd.config.syntax.Word;

/** Binds: certificates, TLS defaults, addresses taken twice. Not thread-safe. */
final class BindChecker {

    private final Diagnostics diagnostics;
    private final CertificateFinder certificates;
    private final CertificateListReader lineReader;
    private final GlobalDraft global;
    private final Map<String, Word> taken = new HashMap<>();

    BindChecker(GlobalDraft global, CertificateFinder certificates, CertificateListReader lineReader, Diagnostics diagnostics) {
        this.global = global;
        this.certificates = certificates;
        this.lineReader = lineReader;
        this.diagnostics = diagnostics;
    }

    List<BindSpec> build(ProxyDraft proxy) {
        List<BindSpec> specs = new ArrayList<>();
        Map<Integer, Word> numbers = new HashMap<>();
        for (BindDraft bind : proxy.binds()) {
            Settings settings = settings(bind);
            number(bind, settings, numbers);
            startTls(proxy, bind, settings);
            for (AddressSpec address : bind.addresses()) {
                namespace(bind, address, settings);
                if (!isDisabled(proxy)) {
                    takeAddress(bind, address, settings);
                }
                specs.add(new BindSpec(bind.addressWord().location(), address, settings));
            }
        }
        return specs;
    }

    /** An {@code id} is that of one address. */
    private void number(BindDraft bind, Settings settings, Map<Integer, Word> numbers) {
        settings.find(BindSettings.ID).ifPresent(id -> {
            Word before = numbers.putIfAbsent(id, bind.addressWord());
            if (before != null || bind.addresses().size() > 1) {
                diagnostics.error(Code.DUPLICATE, bind.addressWord(), "bind " + bind.addressWord() + ": id " + id + (before == null
                        ? " cannot be that of several addresses" : " is that of " + before + " already, at " + before.location().fileAndLine()));
            }
        });
    }

    private void startTls(ProxyDraft proxy, BindDraft bind, Settings settings) {
        if (!settings.isSet(BindSettings.STARTTLS)) {
            return;
        }
        String what = "'bind " + bind.addressWord() + " … starttls " + settings.get(BindSettings.STARTTLS).keyword() + "'";
        if (!settings.get(BindSettings.SSL)) {
            diagnostics.error(Code.MODE, bind.addressWord(), what + " wants 'ssl' too");
        }
        if (proxy.mode() != ProxyMode.TCP) {
            diagnostics.error(Code.MODE, bind.addressWord(), what + " wants 'mode tcp'");
        }
    }

    /** The path of a Unix socket is seen from every network namespace; an abstract name belongs to one, and the daemon's is meant. */
    private void namespace(BindDraft bind, AddressSpec address, Settings settings) {
        if (address instanceof AddressSpec.Unix && settings.isSet(BindSettings.NAMESPACE)) {
            diagnostics.error(Code.REFUSED, bind.addressWord(), "'bind " + bind.addressWord() + " … namespace' is refused: Unix sockets are reached"
                    + " by their path, from every network namespace", "leave 'namespace' out");
        }
        if (address instanceof AddressSpec.FileDescriptor && settings.isSet(BindSettings.NAMESPACE)) {
            diagnostics.error(Code.REFUSED, bind.addressWord(), "'bind " + bind.addressWord() + " … namespace' is refused: the socket belongs to the"
                    + " network namespace that it was opened in", "leave 'namespace' out");
        }
    }

    static boolean isDisabled(ProxyDraft proxy) {
        return proxy.settings().find(ProxySettings.DISABLED).map(Settings.Sourced::value).orElse(false);
    }

    private Settings settings(BindDraft bind) {
        Settings.Builder settings = bind.settings();
        boolean ssl = settings.find(BindSettings.SSL).map(Settings.Sourced::value).orElse(false);
        if (!ssl) {
            if (!bind.certificates().isEmpty()) {
                diagnostics.warn(Code.NO_EFFECT, bind.certificates().get(0), "'crt' has no effect without 'ssl'");
                Optional<String> base = global.settings().find(GlobalSettings.CRT_BASE).map(Settings.Sourced::value);
                bind.certificates().forEach(word -> certificates.find(word, base, "crt-base"));
            }
            if (!bind.certificateLists().isEmpty()) {
                diagnostics.warn(Code.NO_EFFECT, bind.certificateLists().get(0), "'crt-list' has no effect without 'ssl'");
            }
            return settings.build();
        }
        Optional<String> caBase = global.settings().find(GlobalSettings.CA_BASE).map(Settings.Sourced::value);
        certificates.resolveAuthorities(settings, caBase);
        Settings.Builder all = Settings.builder().putAll(global.bindDefaults().build()).putAll(settings.build());
        Optional<String> crtBase = global.settings().find(GlobalSettings.CRT_BASE).map(Settings.Sourced::value);
        List<Word> lists = bind.certificateLists();
        List<String> found = new ArrayList<>();
        for (Word word : bind.certificates()) {
            certificates.find(word, crtBase, "crt-base").ifPresent(found::add);
        }
        if (bind.certificates().isEmpty() && lists.isEmpty()) {
            Word at = bind.addressWord();
            diagnostics.error(Code.CERTIFICATE, at, "'bind " + at + " … ssl' has no certificate", "add 'crt' and the path of a PEM file");
        }
        if (!bind.certificates().isEmpty()) {
            all.put(BindSettings.CRT, new StringList(found), bind.certificates().get(0).location());
        }
        if (!lists.isEmpty()) {
            List<CertificateList.Line> lines = new ArrayList<>();
            lists.forEach(list -> lines.addAll(lineReader.read(list, crtBase, caBase)));
            boolean isFirst = bind.certificates().isEmpty()
                    || lists.get(0).location().column() < bind.certificates().get(0).location().column();
            all.put(BindSettings.CRT_LIST, new CertificateList(lines, isFirst), lists.get(0).location());
        }
        return all.build();
    }

    private void takeAddress(BindDraft bind, AddressSpec address, Settings settings) {
        String key = key(address) + settings.find(BindSettings.INTERFACE).map(i -> "%" + i).orElse("")
                + settings.find(BindSettings.NAMESPACE).map(n -> " in " + n).orElse("");
        Word before = taken.putIfAbsent(key, bind.addressWord());
        if (before != null) {
            diagnostics.error(Code.ADDRESS_IN_USE, bind.addressWord(), "'bind " + bind.addressWord() + "': the address is taken by '"
                    + before + "' at " + before.location().fileAndLine());
        }
    }

    private static String key(AddressSpec address) {
        if (address instanceof AddressSpec.Ip ip) {
            return ip.address().getHostAddress() + ":" + port(ip.port());
        }
        if (address instanceof AddressSpec.Host host) {
            return host.name() + ":" + port(host.port());
        }
        if (address instanceof AddressSpec.Unix unix) {
            return (unix.abstractName() ? "abns@" : "") + unix.path();
        }
        return address instanceof AddressSpec.FileDescriptor inherited ? "fd@" + inherited.number() : address.text();
    }

    private static String port(PortSpec port) {
        return port instanceof PortSpec.Fixed fixed ? Integer.toString(fixed.port()) : "";
    }
}
