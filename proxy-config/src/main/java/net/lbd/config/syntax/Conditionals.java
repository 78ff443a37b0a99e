package net.lbd.config.syntax;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code .if}, {@code .elif}, {@code .else} and {@code .endif}, and the messages {@code .notice},
 * {@code .warning}, {@code .alert} and {@code .diag}. Source: HAProxy manual, section "Conditional
 * blocks". Not thread-safe: one file uses one instance.
 */
public final class Conditionals {

    private static final Set<String> WORDS =
            Set.of(".if", ".elif", ".else", ".endif", ".notice", ".warning", ".alert", ".diag");

    /** The version that {@code version_atleast} compares with: whose language this is. */
    private static final List<Integer> LANGUAGE_VERSION = List.of(2, 6, 0);

    /** What {@code feature()} answers yes to. */
    private static final Set<String> FEATURES = Set.of("EPOLL", "OPENSSL", "THREAD", "PCRE2", "GETADDRINFO", "TPROXY");

    private static final int DEEPEST = 64;

    private final Variables variables;
    private final Diagnostics diagnostics;
    private final Deque<Block> blocks = new ArrayDeque<>();

    /** Whether its lines count now, whether an earlier branch did, and where it began. */
    private record Block(boolean active, boolean taken, boolean elseSeen, Word start) { }

    public Conditionals(Variables variables, Diagnostics diagnostics) {
        this.variables = variables;
        this.diagnostics = diagnostics;
    }

    /** Whether lines count here. */
    public boolean active() {
        return blocks.isEmpty() || blocks.peek().active();
    }

    /**
     * Takes the statement if it belongs to a conditional block.
     *
     * @return whether it did
     */
    public boolean accept(Statement statement) {
        Word word = statement.first();
        if (!word.text().startsWith(".") || !WORDS.contains(word.text())) {
            return false;
        }
        refuseMore(statement);
        switch (word.text()) {
            case ".if" -> {
                if (blocks.size() >= DEEPEST) {
                    diagnostics.error(Code.LIMIT, word, "'.if' blocks are nested more than " + DEEPEST + " deep");
                }
                boolean outer = active();
                boolean holds = outer && condition(statement);
                // Inside a block that does not count no branch may: it is marked as taken.
                blocks.push(new Block(holds, holds || !outer, false, word));
            }
            case ".elif" -> {
                if (inBlock(word)) {
                    Block block = blocks.pop();
                    boolean holds = !block.taken() && condition(statement);
                    blocks.push(new Block(holds, block.taken() || holds, false, block.start()));
                }
            }
            case ".else" -> {
                if (inBlock(word)) {
                    Block block = blocks.pop();
                    blocks.push(new Block(!block.taken(), true, true, block.start()));
                }
            }
            case ".endif" -> {
                if (blocks.isEmpty()) {
                    diagnostics.error(Code.CONDITIONAL, word, "'.endif' without '.if'");
                } else {
                    blocks.pop();
                }
            }
            default -> message(statement);
        }
        return true;
    }

    /** Reports blocks that are still open at the end of the file. */
    public void end() {
        blocks.forEach(b -> diagnostics.error(Code.CONDITIONAL, b.start(), "'.endif' is missing for this '.if'"));
    }

    /** {@code .else} and {@code .endif} stand alone, and a message is one word. */
    private void refuseMore(Statement statement) {
        int most = switch (statement.first().text()) {
            case ".if", ".elif" -> Integer.MAX_VALUE;
            case ".else", ".endif" -> 1;
            default -> 2;
        };
        boolean counts = active() || most == 1;
        if (counts && statement.words().size() > most) {
            Word extra = statement.words().get(most);
            diagnostics.error(Code.EXTRA_ARGUMENT, extra, "'" + statement.first() + "' is complete before '" + extra + "'"
                    + (most == 2 ? "; a message with blanks stands in quotes" : ""));
        }
    }

    private boolean inBlock(Word word) {
        if (blocks.isEmpty()) {
            diagnostics.error(Code.CONDITIONAL, word, "'" + word + "' without '.if'");
            return false;
        }
        if (blocks.peek().elseSeen()) {
            diagnostics.error(Code.CONDITIONAL, word, "'" + word + "' behind '.else'");
            return false;
        }
        return true;
    }

    private void message(Statement statement) {
        if (!active()) {
            return;
        }
        Word word = statement.first();
        String text = String.join(" ", statement.words().subList(1, statement.words().size()).stream().map(Word::text).toList());
        switch (word.text()) {
            case ".alert" -> diagnostics.error(Code.USER_MESSAGE, word, text);
            case ".warning" -> diagnostics.warn(Code.USER_MESSAGE, word, text);
            default -> diagnostics.notice(Code.USER_MESSAGE, word, text);
        }
    }

    /**
     * Evaluates one condition, as the flag {@code -cc} does; nothing never holds.
     *
     * @throws IllegalArgumentException if it is none; the message says why
     */
    public static boolean holds(String text, Variables variables) {
        return !text.isBlank() && new Conditionals(variables, new Diagnostics()).new Expression(text.strip()).evaluate();
    }

    private boolean condition(Statement statement) {
        if (statement.words().size() == 1) {
            return false;
        }
        Word first = statement.words().get(1);
        String text = String.join(" ", statement.words().subList(1, statement.words().size()).stream().map(Word::text).toList()).strip();
        if (text.isEmpty()) {
            return false;
        }
        try {
            return new Expression(text).evaluate();
        } catch (IllegalArgumentException e) {
            diagnostics.error(Code.CONDITIONAL, first, e.getMessage());
            return false;
        }
    }

    /** {@code term && term || ! (term)}; a term is a number or a predicate with arguments. */
    private final class Expression {

        private final String text;
        private int position;
        private int depth;

        Expression(String text) {
            this.text = text;
        }

        boolean evaluate() {
            boolean value = or();
            skipBlanks();
            if (position < text.length()) {
                throw new IllegalArgumentException("'" + text.substring(position) + "' is left over in the condition");
            }
            return value;
        }

        private void skipBlanks() {
            while (position < text.length() && text.charAt(position) == ' ') {
                position++;
            }
        }

        private boolean or() {
            boolean value = and();
            skipBlanks();
            while (text.startsWith("||", position)) {
                position += 2;
                boolean next = and();
                value = value || next;
                skipBlanks();
            }
            return value;
        }

        private boolean and() {
            boolean value = term();
            skipBlanks();
            while (text.startsWith("&&", position)) {
                position += 2;
                boolean next = term();
                value = value && next;
                skipBlanks();
            }
            return value;
        }

        private boolean term() {
            if (++depth > 1000) {
                throw new IllegalArgumentException("the condition is too long");
            }
            skipBlanks();
            if (text.startsWith("!", position)) {
                position++;
                return !term();
            }
            if (text.startsWith("(", position)) {
                position++;
                boolean value = or();
                skipBlanks();
                if (!text.startsWith(")", position)) {
                    throw new IllegalArgumentException("')' is missing in the condition");
                }
                position++;
                return value;
            }
            int start = position;
            while (position < text.length() && "()&|!".indexOf(text.charAt(position)) < 0) {
                position++;
            }
            String name = text.substring(start, position).strip();
            if (!text.startsWith("(", position)) {
                if (name.matches("-?[0-9]{1,9}")) {
                    return Integer.parseInt(name) != 0;
                }
                if (PREDICATES.containsKey(name)) {
                    throw new IllegalArgumentException("'" + name + "' wants arguments in parentheses");
                }
                throw new IllegalArgumentException("'" + name + "' is neither a number nor a predicate"
                        + Nearest.suggestion(name, PREDICATES.keySet()));
            }
            int close = text.indexOf(')', position);
            if (close < 0) {
                throw new IllegalArgumentException("')' is missing behind '" + name + "('");
            }
            String[] arguments = text.substring(position + 1, close).split(",", -1);
            Arrays.setAll(arguments, i -> arguments[i].strip());
            position = close + 1;
            return predicate(name, arguments);
        }

        private boolean predicate(String name, String[] a) {
            Integer wanted = PREDICATES.get(name);
            if (wanted == null) {
                throw new IllegalArgumentException("unknown predicate '" + name + "'" + Nearest.suggestion(name, PREDICATES.keySet()));
            }
            if (a.length != wanted) {
                throw new IllegalArgumentException("'" + name + "' wants " + wanted + (wanted == 1 ? " argument" : " arguments"));
            }
            return switch (name) {
                case "defined" -> variables.get(a[0]).isPresent();
                case "feature" -> FEATURES.contains(a[0]);
                case "streq" -> a[0].equals(a[1]);
                case "strneq" -> !a[0].equals(a[1]);
                case "strstr" -> a[0].contains(a[1]);
                case "version_atleast" -> compareVersion(a[0]) >= 0;
                case "version_before" -> compareVersion(a[0]) < 0;
                // Neither OpenSSL nor a name of an API: BoringSSL answers for neither.
                default -> false;
            };
        }

        private int compareVersion(String version) {
            String[] parts = version.split("[.-]");
            for (int i = 0; i < Math.min(parts.length, LANGUAGE_VERSION.size()); i++) {
                if (!parts[i].matches("[0-9]{1,6}")) {
                    return 0;
                }
                int difference = LANGUAGE_VERSION.get(i) - Integer.parseInt(parts[i]);
                if (difference != 0) {
                    return difference;
                }
            }
            return 0;
        }
    }

    /** The predicates and how many arguments they take. */
    private static final Map<String, Integer> PREDICATES = Map.ofEntries(
            Map.entry("defined", 1), Map.entry("feature", 1), Map.entry("streq", 2), Map.entry("strneq", 2),
            Map.entry("strstr", 2), Map.entry("version_atleast", 1), Map.entry("version_before", 1),
            Map.entry("openssl_version_atleast", 1), Map.entry("openssl_version_before", 1), Map.entry("ssllib_name_startswith", 1),
            Map.entry("enabled", 1), Map.entry("awslc_api_atleast", 1), Map.entry("awslc_api_before", 1));
}
