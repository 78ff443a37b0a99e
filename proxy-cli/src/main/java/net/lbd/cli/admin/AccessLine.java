package net.lbd.cli.admin;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of an access log in a format that has a name: {@code option httplog}, {@code httpslog}, {@code httplog clf} or
 * {@code tcplog}, behind any header of syslog. Immutable. Source: HAProxy manual, "Log formats".
 *
 * @param status empty in mode tcp
 * @param backend that of the line, even if none of its servers was chosen
 * @param server {@code <NOSRV>} if none was chosen
 * @param totalMillis of the request or connection; -1 if it never came so far
 * @param termination the state at the end, such as {@code ----} or {@code SD}
 */
record AccessLine(String raw, String time, String client, String frontend, String backend, String server, Optional<Integer> status,
        long totalMillis, long bytes, String termination, Optional<String> request) {

    private static final String WHO = "(?<ci>\\S+):(?<cp>\\d+) \\[(?<t>[^\\]]+)\\] (?<f>\\S+?)~? (?<b>[^\\s/]+)/(?<s>\\S+) ";
    private static final String COUNTS = " \\d+/\\d+/\\d+/\\d+/\\+?\\d+ \\d+/\\d+";

    private static final Pattern HTTP = Pattern.compile(WHO + "-?\\d+/-?\\d+/-?\\d+/-?\\d+/\\+?(?<total>-?\\d+) (?<st>-?\\d+) \\+?(?<B>\\d+) \\S+ \\S+ (?<ts>\\S+)"
            + COUNTS + "(?: \\{.*?\\}){0,2} \"(?<r>(?:[^\"\\\\]|\\\\.)*)\"?.*");

    private static final Pattern TCP = Pattern.compile(WHO + "-?\\d+/-?\\d+/\\+?(?<total>-?\\d+) \\+?(?<B>\\d+) (?<ts>\\S+)" + COUNTS + ".*");

    private static final Pattern CLF = Pattern.compile("(?<ci>\\S+) - - \\[(?<t>[^\\]]+)\\] \"(?<r>(?:[^\"\\\\]|\\\\.)*)\" (?<st>-?\\d+) \\+?(?<B>\\d+) \"\" \"\" (?<cp>\\d+) \\d+"
            + " \"(?<f>[^\"~]+)~?\" \"(?<b>[^\"]+)\" \"(?<s>[^\"]+)\" -?\\d+ -?\\d+ -?\\d+ -?\\d+ \\+?(?<total>-?\\d+) \"?(?<ts>[^\" ]+)\"?(?: .*)?");

    /** Empty if the line is of another format, or no line of an access log. */
    static Optional<AccessLine> parse(String line) {
        for (Pattern format : new Pattern[] {HTTP, TCP, CLF}) {
            Matcher found = format.matcher(line);
            if (found.find()) {
                return Optional.of(of(line, found, format != TCP));
            }
        }
        return Optional.empty();
    }

    private static AccessLine of(String line, Matcher found, boolean http) {
        return new AccessLine(line, found.group("t"), found.group("ci") + ":" + found.group("cp"), found.group("f"), found.group("b"), found.group("s"),
                http ? Optional.of(Integer.valueOf(found.group("st"))) : Optional.empty(), Long.parseLong(found.group("total")),
                Long.parseLong(found.group("B")), found.group("ts"), http ? Optional.of(found.group("r")) : Optional.empty());
    }

    boolean isOfService(String name) {
        return frontend.equals(name) || backend.equals(name);
    }

    /** @param name a server's, alone or behind its backend's and a slash */
    boolean isOnServer(String name) {
        return server.equals(name) || (backend + "/" + server).equals(name);
    }

    /** The values under the names that JSON has for them; those that there are none of are left out. */
    Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("time", time);
        document.put("client", client);
        document.put("frontend", frontend);
        document.put("backend", backend);
        if (!server.startsWith("<")) {
            document.put("server", server);
        }
        status.ifPresent(code -> document.put("status", code));
        if (totalMillis >= 0) {
            document.put("totalMilliseconds", totalMillis);
        }
        document.put("bytes", bytes);
        document.put("termination", termination);
        request.ifPresent(text -> document.put("request", text));
        document.put("line", raw);
        return document;
    }
}
