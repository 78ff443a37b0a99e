package net.lbd.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.lbd.config.syntax.Diagnostic;
import net.lbd.config.syntax.DiagnosticPrinter;

/**
 * What holds of every text, valid or not: no exception, no more than two seconds, and a place in it for whatever is
 * refused. Also the program of a JVM of its own with little memory: it mutates and loads, see {@link #main}.
 */
public final class Robustness {

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final String[] PIECES = {
        "\"", "'", "\\", "\\x", "${", "$", "%[", "]", "(", ")", "{", "}", "!", "if", "unless", "or", ",", ":", "-", "+5", "99999999999999999999",
        "\u0000", "\ufeff", "\r", "\t", "no", "default", "from", "acl", "server", "bind", "ssl", ".if", ".endif", "0x", "\u0665", "%{+Q", "#",
        "-m reg", "(a+)+$", "store conn_rate(", "${.LINE}", "[*]", "%[src,", "stick on", "track-sc0 src", "use-server", "crt-list /dev/null", "-f /dev/null",
    };

    private Robustness() { }

    /** @throws AssertionError if the text does what no text may */
    public static LoadResult check(String text) {
        // Processor time: a busy machine is nobody's hang; whoever runs this bounds the time on the clock.
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        LoadResult result = new ConfigurationLoader(new Environment(Map.of("X", "y"), Path.of("src/test/resources/tls"))).loadText("m.cfg", text);
        long took = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
        require(took < LIMIT_NANOS, "took " + TimeUnit.NANOSECONDS.toMillis(took) + " ms");
        require(result.configuration().isPresent() != result.hasErrors(), "neither accepted nor refused");
        long lines = text.chars().filter(c -> c == '\n').count() + 1;
        for (Diagnostic d : result.diagnostics()) {
            require(d.location().file().equals("m.cfg") && d.location().line() <= lines, "no place: " + d);
            require(!d.message().isBlank(), "no sentence: " + d);
        }
        DiagnosticPrinter.plain().print(result.diagnostics());
        return result;
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    static String mutate(String text, Random random, int mutations) {
        StringBuilder out = new StringBuilder(text);
        for (int i = 0; i < mutations && out.length() > 0; i++) {
            int at = random.nextInt(out.length());
            switch (random.nextInt(6)) {
                case 0 -> out.deleteCharAt(at);
                case 1 -> out.insert(at, PIECES[random.nextInt(PIECES.length)]);
                case 2 -> out.setCharAt(at, (char) random.nextInt(256));
                case 3 -> out.delete(at, Math.min(out.length(), at + random.nextInt(200)));
                case 4 -> out.insert(at, out.substring(at, Math.min(out.length(), at + random.nextInt(300))));
                default -> out.insert(at, " " + PIECES[random.nextInt(PIECES.length)] + " ");
            }
        }
        return out.toString();
    }

    /** The files that mutations begin with: every example, as printed and as ours. */
    static List<String> seeds() throws IOException {
        List<String> texts = new ArrayList<>();
        for (String folder : List.of("src/test/resources/guide", "../conf-examples", "../conf-examples/verbatim", "src/test/resources/lint")) {
            try (Stream<Path> files = Files.list(Path.of(folder))) {
                files.filter(f -> f.toString().endsWith(".cfg")).sorted().forEach(f -> {
                    try {
                        texts.add(Files.readString(f));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
        }
        return texts;
    }

    /** {@code SEED ROUNDS}: exit code 1 and the text on standard output if one does what no text may. */
    public static void main(String[] arguments) throws IOException {
        List<String> seeds = seeds();
        Random random = new Random(Long.parseLong(arguments[0]));
        for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
            String text = mutate(seeds.get(random.nextInt(seeds.size())), random, 1 + random.nextInt(12));
            try {
                check(text);
            } catch (RuntimeException | AssertionError e) {
                System.out.println(e + " in:\n" + text);
                System.exit(1);
            }
        }
        // The whole memory at once: a file of 4 MiB, and one of 100,000 lines.
        check("backend b\n" + " server s 10.0.0.1:80 check inter 2s rise 2 fall 3 weight 10 maxconn 100 # and a long comment\n".repeat(42_000));
        check("frontend f\n bind :80\n" + " http-request deny if { path /x }\n".repeat(100_000));
        System.out.println("all well");
    }
}
