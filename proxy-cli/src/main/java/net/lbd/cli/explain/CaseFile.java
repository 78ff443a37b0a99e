package net.lbd.cli.explain;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import net.lbd.config.grammar.Addresses;
import net.lbd.core.runtime.Explanation;
import net.lbd.core.runtime.RuleWalk;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * A file of cases: requests, and what the configuration must do with each. Immutable.
 *
 * <pre>
 * cases:
 *   - name: OWA goes to its farm          # optional
 *     request: GET https://mail.example.com/owa/
 *     from: 10.1.2.3                      # optional, 127.0.0.1
 *     sni: mail.example.com               # optional, the host
 *     frontend: ft_web                    # optional, by port and scheme
 *     headers: {User-Agent: test}         # optional
 *     expect:                             # one or more of
 *       backend: bk_owa                   #   'none': the frontend answers
 *       status: 302                       #   of an answer made by the proxy
 *       location: /owa/
 *       servers: [ex1, ex2]               #   the candidates
 *       server: ex1                       #   that a cookie or a rule names; 'none': the balancing decides
 * </pre>
 */
public record CaseFile(List<Case> cases) {

    /** One request and what is expected of it, each as text. */
    public record Case(String name, RuleWalk.Request request, Map<String, String> expected) {
        public Case {
            expected = Map.copyOf(expected);
        }

        /** {@code backend: expected bk_a, got bk_b}, for each that differs. */
        public List<String> differences(Explanation actual) {
            List<String> differences = new ArrayList<>();
            for (String key : new TreeSet<>(expected.keySet())) {
                String got = switch (key) {
                    case "backend" -> actual.backend().orElse("none");
                    case "status" -> actual.status().isPresent() ? Integer.toString(actual.status().getAsInt()) : "none";
                    case "server" -> actual.named().map(Explanation.Named::server).orElse("none");
                    case "location" -> actual.redirect().orElse("none");
                    default -> String.join(" ", actual.candidates().stream().map(Explanation.Candidate::name).toList());
                };
                if (!got.equals(expected.get(key))) {
                    differences.add(key + ": expected " + expected.get(key) + ", got " + got);
                }
            }
            return differences;
        }
    }

    private static final Set<String> CASE_KEYS = Set.of("name", "request", "from", "sni", "frontend", "headers", "expect");
    private static final Set<String> EXPECT_KEYS = Set.of("backend", "status", "location", "servers", "server");

    public CaseFile {
        cases = List.copyOf(cases);
    }

    /**
     * Reads a file's text.
     *
     * @throws IllegalArgumentException if it is not of this form; the message names the case
     */
    public static CaseFile parse(String text) {
        Object document;
        try {
            document = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
        } catch (YAMLException e) {
            throw new IllegalArgumentException("the cases are no YAML: " + e.getMessage());
        }
        if (!(document instanceof Map<?, ?> map) || !(map.get("cases") instanceof List<?> list) || map.size() != 1 || list.isEmpty()) {
            throw new IllegalArgumentException("the file must hold 'cases:' and a list");
        }
        List<Case> cases = new ArrayList<>();
        for (Object item : list) {
            String label = "case " + (cases.size() + 1);
            try {
                cases.add(read(label, item));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(label + ": " + e.getMessage());
            }
        }
        return new CaseFile(cases);
    }

    private static Case read(String label, Object item) {
        Map<?, ?> map = map(item, CASE_KEYS, "a case");
        String[] request = string(map, "request").orElseThrow(() -> new IllegalArgumentException("'request' is missing")).split("\\s+");
        if (request.length > 2) {
            throw new IllegalArgumentException("'request' is a method and a URL");
        }
        List<String> headers = new ArrayList<>();
        if (map.containsKey("headers")) {
            if (!(map.get("headers") instanceof Map<?, ?> given)) {
                throw new IllegalArgumentException("'headers' is a map of names and values");
            }
            given.forEach((name, value) -> headers.add(name + ": " + value));
        }
        Map<?, ?> expect = map(map.get("expect"), EXPECT_KEYS, "'expect'");
        Map<String, String> expected = new java.util.HashMap<>();
        expect.forEach((key, value) -> expected.put(key.toString(), value instanceof List<?> l
                ? String.join(" ", l.stream().map(String::valueOf).toList()) : String.valueOf(value)));
        if (expected.isEmpty()) {
            throw new IllegalArgumentException("'expect' holds nothing");
        }
        return new Case(string(map, "name").orElse(label + ": " + String.join(" ", request)),
                request(request.length == 1 ? "GET" : request[0], request[request.length - 1], string(map, "from"), string(map, "sni"),
                        string(map, "frontend"), headers), expected);
    }

    /**
     * A request as a command line or a case names it.
     *
     * @throws IllegalArgumentException if a part of it is not of its form
     */
    public static RuleWalk.Request request(String method, String url, Optional<String> from, Optional<String> sni,
            Optional<String> frontend, List<String> headers) {
        ExplainedUrl parsed = ExplainedUrl.parse(url);
        for (String header : headers) {
            if (!header.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\\r\\n]*")) {
                throw new IllegalArgumentException("'" + header + "' is no header; write 'Name: value'");
            }
        }
        String address = from.orElse("127.0.0.1");
        InetAddress client = Addresses.ip(address).orElseThrow(() -> new IllegalArgumentException("'" + address + "' is no IP address"));
        return new RuleWalk.Request(frontend, method, parsed.tls(), parsed.host(), parsed.port(), parsed.target(), client, sni, headers);
    }

    private static Optional<String> string(Map<?, ?> map, String key) {
        return Optional.ofNullable(map.get(key)).map(Object::toString);
    }

    private static Map<?, ?> map(Object value, Set<String> keys, String what) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException(what + " is a map of " + String.join(", ", new TreeSet<>(keys)));
        }
        for (Object key : map.keySet()) {
            if (!keys.contains(Objects.toString(key))) {
                throw new IllegalArgumentException("unknown word '" + key + "'; use " + String.join(", ", new TreeSet<>(keys)));
            }
        }
        return map;
    }
}
