package net.lbd.it;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import net.lbd.testkit.lab.Lab;
import net.lbd.testkit.lab.LabProcess;

/** The runtime socket of a daemon on a machine of a laboratory, asked from there without the price of a JVM. */
record LabControl(Lab lab, String node, Path socket) {

    LabControl {
        Objects.requireNonNull(lab, "lab");
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(socket, "socket");
    }

    String ask(String line) {
        return lab.on(node, "python3 -c 'import socket; s=socket.socket(socket.AF_UNIX); s.connect(\"" + socket + "\"); s.sendall(b\"" + line
                + "\\n\"); print(\"\".join(iter(lambda: s.recv(65536).decode(), \"\")))'");
    }

    /** Whether every server that is checked has passed a check. */
    boolean allUp() {
        List<String[]> rows = ask("show stat").lines().filter(l -> !l.isBlank()).map(l -> l.split(",", -1)).toList();
        List<String> titles = List.of(rows.get(0));
        int status = titles.indexOf("status");
        int check = titles.indexOf("check_status");
        return rows.stream().skip(1).filter(row -> !row[1].equals("FRONTEND") && !row[1].equals("BACKEND"))
                .allMatch(row -> row[status].equals("no check") || row[status].equals("UP") && row[check].endsWith("OK"));
    }

    /**
     * keepalived on a machine.
     *
     * @param conf its configuration; its files of process ids are beside
     */
    static LabProcess keepalived(Lab lab, String node, Path conf) {
        // A session of its own: it ends whole groups of processes.
        return lab.start(node, "setsid", "keepalived", "-n", "-l", "-D", "-f", conf.toString(), "-p", conf + ".pid", "-r", conf + ".vpid", "-c", conf + ".cpid");
    }
}
