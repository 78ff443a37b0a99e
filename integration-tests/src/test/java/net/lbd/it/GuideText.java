package net.lbd.it;

import net.lbd.testkit.FarmCertificates;

/**
 * A configuration of the 2013 guide, changed in nothing but its addresses, ports, certificate and
 * authority, and where the log goes. Immutable: every change returns a new text.
 */
record GuideText(String text) {

    /** Two in each of the nine backends of section 5.1.5. */
    static final int BRIDGED_SERVERS = 18;

    /** Section 5.1.1 as printed, with a {@code global} section for the log. */
    static GuideText rawTcpAsPrinted() {
        return new GuideText("global\n  log /dev/log local0\n"
                + SourceTree.read("conf-examples/verbatim/ex2013-5.1.1-raw-tcp.cfg"));
    }

    static GuideText rawTcp() {
        return new GuideText(SourceTree.read("conf-examples/ex2013-https-tcp-reverse.cfg"));
    }

    /** Section 5.1.5 as printed, its log-format joined to one line as the guide's comment asks. */
    static GuideText bridgingAsPrinted() {
        String printed = SourceTree.read("conf-examples/verbatim/ex2013-5.1.5-https-bridging-advanced.cfg");
        String joined = printed
                .replace("%sc/%rc\n  \\ %sq", "%sc/%rc\\ %sq")
                .replace("]}\\\n  \"%[", "]}\\ \"%[");
        if (joined.lines().count() != printed.lines().count() - 2) {
            throw new IllegalStateException("the log-format of 5.1.5 is not where it was");
        }
        return new GuideText("global\n  log /dev/log local0\n  crt-base /etc/lbd/certs\n  ca-base /etc/lbd/certs\n"
                + joined.replace(":443 ssl maxconn", ":443 ssl verify required ca-file exchange-ca.pem maxconn")
                        .replace("crt 2013.haproxylab.net", "crt 2013.haproxylab.net.pem"));
    }

    static GuideText bridging() {
        return new GuideText(SourceTree.read("conf-examples/ex2013-https-bridging-advanced.cfg"));
    }

    GuideText servers(int first, int second) {
        return replace("192.168.13.21:443", "127.0.0.1:" + first).replace("192.168.13.22:443", "127.0.0.1:" + second);
    }

    GuideText binds(int http, int https) {
        return replace("192.168.13.4:80 ", "127.0.0.1:" + http + " ").binds(https);
    }

    GuideText binds(int https) {
        return replace("192.168.13.4:443", "127.0.0.1:" + https);
    }

    GuideText log(String target) {
        return replace("/dev/log", target);
    }

    GuideText certificates(FarmCertificates files) {
        return replace("/etc/lbd/certs", files.dir().toAbsolutePath().toString())
                .replace("2013.haproxylab.net.pem", files.site().getFileName().toString())
                .replace("exchange-ca.pem", files.ca().getFileName().toString());
    }

    /** Checks every 2 s rather than every 3, where a test waits for a server's change of state. */
    GuideText quickChecks() {
        return replace("inter 3s", "inter 2s");
    }

    /** Replaces every occurrence, of which there must be one. */
    GuideText replace(String from, String to) {
        if (!text.contains(from)) {
            throw new IllegalArgumentException("'" + from + "' is not in the configuration");
        }
        return new GuideText(text.replace(from, to));
    }
}
