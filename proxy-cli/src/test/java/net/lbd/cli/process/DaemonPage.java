package net.lbd.cli.process;

import java.util.Arrays;

/** The manual page lbd(8), with the flags as {@code lbd -h} has them. */
public final class DaemonPage {

    private DaemonPage() { }

    public static String text() {
        StringBuilder out = new StringBuilder("""
                .\\" Written by ManualPagesTest from the flags themselves; do not edit.
                .TH "LBD" 8 "" "lbd" "lbd"
                .nh
                .ad l
                .SH NAME
                lbd \\- load balancer and reverse proxy for HTTP and TCP, made for Microsoft Exchange
                .SH SYNOPSIS
                .B lbd
                [\\-f FILE|DIR]... [\\-c] [\\-p FILE] [flags] [\\-\\- FILE|DIR...]
                .SH DESCRIPTION
                Reads a configuration in the language of HAProxy, says all that is wrong with it, and serves. It runs in the foreground; a service manager keeps it:
                .BR "systemctl start lbd" .
                .BR lbctl (1)
                controls it while it runs.
                .SH OPTIONS
                """);
        for (Flag.Kind kind : Flag.Kind.values()) {
            if (kind != Flag.Kind.WORKS) {
                out.append(kind == Flag.Kind.NO_EFFECT ? ".SS Accepted, without effect\n" : ".SS Refused with a sentence\n");
            }
            Arrays.stream(Flag.values()).filter(flag -> flag.kind() == kind).forEach(flag -> {
                String usage = flag.usage();
                int blank = usage.indexOf(' ');
                out.append(".TP\n\\fB").append(roff(blank < 0 ? usage : usage.substring(0, blank))).append("\\fR")
                        .append(blank < 0 ? "" : " \\fI" + roff(usage.substring(blank + 1)) + "\\fR").append('\n').append(roff(flag.doc())).append('\n');
            });
        }
        return out + """
                .SH SIGNALS
                .TP
                .BR TERM ", " INT
                stop at once, exit 0
                .TP
                .B USR1
                stop accepting; end with the last session, or when hard\\-stop\\-after is over
                .TP
                .BR HUP ", " USR2
                read the configuration again
                .TP
                .BR TTOU ", " TTIN
                pause and resume all listeners
                .SH FILES
                .TP
                .I /etc/lbd/lbd.cfg
                the configuration of the service
                .TP
                .I /etc/default/lbd
                variables of the service; JAVA_HOME and LBD_JAVA_OPTS choose the Java and its flags
                .TP
                .I /run/lbd/admin.sock
                the control socket
                .SH EXIT STATUS
                .TP
                .B 0
                all is well: a valid configuration, a stop as told
                .TP
                .B 1
                it is not
                .TP
                .B 2
                a check finds nothing wrong, but no listener either
                .SH SEE ALSO
                .BR lbctl (1),
                .BR lbd.cfg (5)
                .PP
                The manual stands in \\fI/usr/share/doc/lbd\\fR: \\fIgetting\\-started.md\\fR first.
                """;
    }

    private static String roff(String text) {
        String escaped = text.replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
