package net.lbd.cli.vrrp;

import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.lbd.config.model.VrrpSpec;
import net.lbd.l4.preflight.Finding;
import net.lbd.l4.preflight.Finding.Remedy;

/** Whether this machine is set up for {@code vrrp} sections. Stateless. */
public final class VrrpChecks {

    private static final List<String> PROGRAMS = List.of("/usr/sbin/keepalived", "/usr/local/sbin/keepalived", "/sbin/keepalived");

    private VrrpChecks() { }

    public static List<Finding> of(List<VrrpSpec> sections) {
        return of(sections, PROGRAMS, Path.of(KeepalivedText.FILE));
    }

    static List<Finding> of(List<VrrpSpec> sections, List<String> programs, Path keepalivedFile) {
        List<Finding> findings = new ArrayList<>();
        if (sections.isEmpty()) {
            return findings;
        }
        if (programs.stream().noneMatch(program -> Files.isExecutable(Path.of(program)))) {
            findings.add(new Finding(true, "vrrp: keepalived is not installed; it moves the addresses",
                    List.of(new Remedy(List.of("apt", "install", "keepalived"), false))));
        }
        missingDevices(sections).forEach(device -> findings.add(new Finding(true, "vrrp: this machine has no interface '" + device + "'", List.of())));
        if (!isWritten(sections, keepalivedFile)) {
            findings.add(new Finding(false, "vrrp: " + keepalivedFile + " does not have what the vrrp sections say",
                    List.of(new Remedy(List.of("lbctl vrrp config -o " + keepalivedFile + " && systemctl reload-or-restart keepalived"), false))));
        }
        return findings;
    }

    /** Whether keepalived's file is there, can be read, and says something else than the sections. */
    static boolean isBehind(List<VrrpSpec> sections) {
        Path file = Path.of(KeepalivedText.FILE);
        return !sections.isEmpty() && Files.isReadable(file) && !isWritten(sections, file);
    }

    /** Interfaces that sections name and the machine does not have. */
    static Set<String> missingDevices(List<VrrpSpec> sections) {
        Set<String> missing = new LinkedHashSet<>();
        for (VrrpSpec spec : sections) {
            Stream<String> named = Stream.concat(Stream.of(spec.device()),
                    Stream.concat(spec.addresses().stream().map(spec::deviceOf), spec.trackedDevices().stream()));
            named.filter(device -> !isHere(device)).forEach(missing::add);
        }
        return missing;
    }

    private static boolean isHere(String device) {
        try {
            return NetworkInterface.getByName(device) != null;
        } catch (SocketException e) {
            // What cannot be looked at is not called missing.
            return true;
        }
    }

    /** Whoever runs the script and wherever it lies. */
    private static boolean isWritten(List<VrrpSpec> sections, Path file) {
        try {
            return anywhere(Files.readString(file)).equals(anywhere(KeepalivedText.of(sections, KeepalivedText.ALIVE, "lbd")));
        } catch (IOException e) {
            return false;
        }
    }

    private static String anywhere(String text) {
        return text.replaceAll("script_user \\S+", "script_user").replaceAll("script \"\\S+ ", "script \"");
    }
}
