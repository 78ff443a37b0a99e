package net.lbd.cli.process;

import java.util.Arrays;
import java.util.Optional;

/** The flags of the command line, spelt as HAProxy's. Each does its work, or says why it does none. */
enum Flag {
    FILE("-f", "FILE|DIR", Kind.WORKS, "read this file, or every *.cfg of this folder; may be repeated"),
    CHECK("-c", "", Kind.WORKS, "check the configuration and exit"),
    PID_FILE("-p", "FILE", Kind.WORKS, "write the process id there once the daemon is ready"),
    QUIET("-q", "", Kind.WORKS, "do not print diagnostics while starting"),
    VERBOSE("-V", "", Kind.WORKS, "print them even with -q"),
    ZERO_WARNING("-dW", "", Kind.WORKS, "take warnings for errors"),
    PEER_NAME("-L", "NAME", Kind.WORKS, "the name of this machine among its peers; before 'localpeer' of the configuration"),
    FORMAT("--format", "text|json|sarif", Kind.WORKS, "how -c prints what it found; json and sarif go to standard output"),
    STARTABLE("--startable", "", Kind.WORKS, "with -c: exit with 3 for a valid configuration that this version does not start with"),
    DUMP_KEYWORDS("-dK", "", Kind.WORKS, "list every keyword, where it may stand and whether it works, and exit"),
    VERSION("-v", "", Kind.WORKS, "print the version and exit"),
    BUILD("-vv", "", Kind.WORKS, "print the version, what it runs on and its features, and exit"),
    CONDITION("-cc", "CONDITION", Kind.WORKS, "evaluate a condition of '.if' and exit: 0 it holds, 1 it does not, 2 it is none"),
    DUMP_CONFIGURATION("-dC", "", Kind.WORKS, "print the effective configuration and exit; as 'lbctl config dump'"),
    DIRECTORY("-C", "DIR", Kind.WORKS, "change to this folder before files are read"),
    MASTER_SOCKET("-S", "ADDRESS", Kind.WORKS, "one more control socket, of level admin, for tools that speak to HAProxy's master: @1 COMMAND, show proc, reload"),
    TAKE_SOCKETS("-x", "SOCKET", Kind.WORKS, "listen on the sockets of the process that has this control socket; 'lbctl upgrade' does all of it"),
    FINISH("-sf", "PID...", Kind.WORKS, "once this process serves, let those drain and end (SIGUSR1)"),
    TERMINATE("-st", "PID...", Kind.WORKS, "once this process serves, end those at once (SIGTERM)"),
    HELP("-h", "", Kind.WORKS, "print this and exit"),
    FOREGROUND("-db", "", Kind.WORKS, "run in the foreground, which is what happens anyway"),

    MASTER("-W", "", Kind.NO_EFFECT, "one process is master and worker, and reloads in place"),
    MASTER_SYSTEMD("-Ws", "", Kind.NO_EFFECT, "one process is master and worker; systemd is notified without a flag"),
    DEBUG("-d", "", Kind.NO_EFFECT, "debug mode: set the level in the logging configuration instead"),
    DIAGNOSTIC("-dD", "", Kind.NO_EFFECT, "diagnostic mode: every diagnostic is printed anyway"),
    NO_EPOLL("-de", "", Kind.NO_EFFECT, "the transport is chosen at start"),
    NO_POLL("-dp", "", Kind.NO_EFFECT, "poll() is never used"),
    NO_SPLICE("-dS", "", Kind.NO_EFFECT, "splice() is never used"),
    NO_GETADDRINFO("-dG", "", Kind.NO_EFFECT, "getaddrinfo() is the JDK's business"),
    NO_RESOLVE_FAILURE("-dr", "", Kind.NO_EFFECT, "a name that does not resolve never stops the start"),

    DAEMON("-D", "", Kind.NOT_YET, "running in the background; run it in the foreground, under systemd or with '&'"),
    MAXCONN("-n", "NUMBER", Kind.NOT_YET, "a limit on the command line; write 'maxconn' in global"),
    PROXY_MAXCONN("-N", "NUMBER", Kind.NOT_YET, "a limit on the command line; write 'maxconn' in defaults"),
    MEMORY("-m", "MEGABYTES", Kind.NOT_YET, "a memory limit here; set LBD_JAVA_OPTS=-Xmx...m"),
    DUMP_LIBRARIES("-dL", "", Kind.NOT_YET, "listing libraries; 'lbd -vv' names the important ones"),
    DEBUG_MEMORY("-dM", "", Kind.NOT_YET, "poisoning memory"),
    NO_REUSE_PORT("-dR", "", Kind.NOT_YET, "listening without SO_REUSEPORT"),
    NO_VERIFY("-dV", "", Kind.NOT_YET, "switching verification off; write 'ssl-server-verify none' in global");

    /** What comes of a flag. */
    enum Kind {
        WORKS,
        /** Accepted with a word. */
        NO_EFFECT,
        /** Refused with a sentence, so that nobody relies on what does not happen. */
        NOT_YET
    }

    private final String text;
    private final String argument;
    private final Kind kind;
    private final String doc;

    Flag(String text, String argument, Kind kind, String doc) {
        this.text = text;
        this.argument = argument;
        this.kind = kind;
        this.doc = doc;
    }

    static Optional<Flag> find(String text) {
        return Arrays.stream(values()).filter(f -> f.text.equals(text)).findFirst();
    }

    String text() {
        return text;
    }

    Kind kind() {
        return kind;
    }

    String doc() {
        return doc;
    }

    /** The flag and its argument, as help shows them. */
    String usage() {
        return argument.isEmpty() ? text : text + " " + argument;
    }
}
