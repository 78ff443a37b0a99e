package net.lbd.config.shape;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Notation;
import net.lbd.config.syntax.Word;

/**
 * The arguments of a keyword in a small notation that is both read and printed:
 *
 * <pre>
 * word                that word
 * &lt;name:type&gt;         a value; the types are those of {@link ShapeType}
 * &lt;name:one,two&gt;      any of these words, parted by commas
 * { a | b | … }       one of the alternatives
 * [ … ]               perhaps
 * *{ a | b | … }      any of the alternatives, in any order, any number of times
 * …                   any words, to the end of the line
 * </pre>
 *
 * Each alternative but the last must begin with a word. Immutable; the notation is parsed when a line first uses it: there are
 * hundreds, and a file uses few. With assertions on, as in tests, each is parsed at once.
 */
public final class Shape {

    private final String notation;
    /** Null until it is needed; whoever parses it gets the same. */
    private volatile Node root;

    private Shape(String notation) {
        this.notation = notation;
    }

    /** A notation that is not well formed is an {@link IllegalArgumentException} at its first use. */
    public static Shape of(String notation) {
        Shape shape = new Shape(notation);
        assert shape.root() != null : notation;
        return shape;
    }

    private Node root() {
        Node known = root;
        if (known == null) {
            known = new ShapeParser(notation).parse();
            root = known;
        }
        return known;
    }

    /** As it is shown to people. */
    public String syntax() {
        return Notation.shown(notation);
    }

    /** Reads arguments to the end of the line. */
    public void read(Arguments arguments, ShapeScope scope) {
        root().read(arguments, scope);
        arguments.end();
    }

    /** Reads arguments up to a word that the shape does not know, such as {@code if}. */
    public void readSome(Arguments arguments, ShapeScope scope) {
        root().read(arguments, scope);
    }

    /** A part of a shape. */
    sealed interface Node {

        void read(Arguments arguments, ShapeScope scope);

        /** The words that it may begin with; empty if it begins with a value. */
        Set<String> firstWords();

        default boolean matches(Arguments arguments) {
            return arguments.peek().filter(w -> firstWords().isEmpty() || firstWords().contains(w.text())).isPresent();
        }
    }

    record Literal(String word) implements Node {
        @Override
        public void read(Arguments arguments, ShapeScope scope) {
            Word read = arguments.next("'" + word + "'");
            if (!read.is(word)) {
                throw arguments.unknown(read, "word", List.of(word));
            }
        }

        @Override
        public Set<String> firstWords() {
            return Set.of(word);
        }
    }

    record Value(String name, ShapeType type) implements Node {
        @Override
        public void read(Arguments arguments, ShapeScope scope) {
            type.read(arguments, "<" + name + ">", scope);
        }

        @Override
        public Set<String> firstWords() {
            return type == ShapeType.CONDITION ? Set.of("if", "unless") : Set.of();
        }
    }

    record WordList(String name, List<String> words) implements Node {
        @Override
        public void read(Arguments arguments, ShapeScope scope) {
            Word word = arguments.next("<" + name + ">");
            for (String part : word.text().split(",", -1)) {
                if (!words.contains(part)) {
                    throw arguments.unknown(new Word(part, word.location(), word.length()), "word", words);
                }
            }
        }

        @Override
        public Set<String> firstWords() {
            return Set.of();
        }
    }

    record Sequence(List<Node> nodes) implements Node {
        @Override
        public void read(Arguments arguments, ShapeScope scope) {
            nodes.forEach(n -> n.read(arguments, scope));
        }

        @Override
        public Set<String> firstWords() {
            return nodes.isEmpty() ? Set.of() : nodes.get(0).firstWords();
        }
    }

    record Maybe(Node node) implements Node {
        @Override
        public void read(Arguments arguments, ShapeScope scope) {
            if (node.matches(arguments)) {
                node.read(arguments, scope);
            }
        }

        @Override
        public Set<String> firstWords() {
            return node.firstWords();
        }
    }

    record Choice(List<Node> nodes) implements Node {
        @Override
        public void read(Arguments arguments, ShapeScope scope) {
            for (Node node : nodes) {
                if (node.matches(arguments)) {
                    node.read(arguments, scope);
                    return;
                }
            }
            Word word = arguments.next("one of " + String.join(", ", firstWords()));
            throw arguments.unknown(word, "word", firstWords());
        }

        @Override
        public Set<String> firstWords() {
            return allFirstWords(nodes);
        }
    }

    record AnyOrder(List<Node> nodes, boolean last) implements Node {
        @Override
        public void read(Arguments arguments, ShapeScope scope) {
            while (arguments.hasNext()) {
                Node found = null;
                for (Node node : nodes) {
                    if (node.matches(arguments)) {
                        found = node;
                        break;
                    }
                }
                if (found == null) {
                    if (!last || arguments.nextIs("if") || arguments.nextIs("unless")) {
                        return;
                    }
                    Word word = arguments.next("a parameter");
                    throw arguments.unknown(word, "parameter", firstWords());
                }
                found.read(arguments, scope);
            }
        }

        @Override
        public Set<String> firstWords() {
            return allFirstWords(nodes);
        }
    }

    record Rest() implements Node {
        @Override
        public void read(Arguments arguments, ShapeScope scope) {
            arguments.rest();
        }

        @Override
        public Set<String> firstWords() {
            return Set.of();
        }
    }

    private static Set<String> allFirstWords(List<Node> nodes) {
        Set<String> all = new LinkedHashSet<>();
        for (Node node : nodes) {
            if (node.firstWords().isEmpty()) {
                return Set.of();
            }
            all.addAll(node.firstWords());
        }
        return all;
    }

    /** Reads the notation. */
    private static final class ShapeParser {

        private final List<String> tokens = new ArrayList<>();
        private int position;

        ShapeParser(String notation) {
            int from = 0;
            for (int i = 0; i < notation.length(); i++) {
                char c = notation.charAt(i);
                if (c <= ' ' || "{}[]|".indexOf(c) >= 0) {
                    boolean list = c == '{' && i > from && notation.charAt(i - 1) == '*';
                    add(notation, from, list ? i - 1 : i);
                    add(notation, list ? i - 1 : i, c <= ' ' ? i : i + 1);
                    from = i + 1;
                }
            }
            add(notation, from, notation.length());
        }

        private void add(String notation, int from, int to) {
            if (from < to) {
                tokens.add(notation.substring(from, to));
            }
        }

        Node parse() {
            Node node = sequence();
            if (position < tokens.size()) {
                throw new IllegalArgumentException("'" + tokens.get(position) + "' is left over in " + tokens);
            }
            return node;
        }

        private Node sequence() {
            List<Node> nodes = new ArrayList<>();
            while (position < tokens.size() && !"|]}".contains(tokens.get(position))) {
                nodes.add(item());
            }
                // Words that a list in the middle does not know belong to what follows it.
            for (int i = 0; i < nodes.size() - 1; i++) {
                if (nodes.get(i) instanceof AnyOrder list) {
                    nodes.set(i, new AnyOrder(list.nodes(), false));
                }
            }
            return nodes.size() == 1 ? nodes.get(0) : new Sequence(nodes);
        }

        private Node item() {
            String token = tokens.get(position++);
            switch (token) {
                case "[" -> {
                    return new Maybe(new Choice(alternatives("]")));
                }
                case "{" -> {
                    return new Choice(alternatives("}"));
                }
                case "*{" -> {
                    return new AnyOrder(alternatives("}"), true);
                }
                case "…" -> {
                    return new Rest();
                }
                default -> { }
            }
            if (token.startsWith("<") && token.endsWith(">")) {
                int colon = token.indexOf(':');
                if (token.indexOf(',', Math.max(colon, 0)) > 0 && colon > 0) {
                    return new WordList(token.substring(1, colon), List.of(token.substring(colon + 1, token.length() - 1).split(",")));
                }
                return colon < 0
                        ? new Value(token.substring(1, token.length() - 1), ShapeType.TEXT)
                        : new Value(token.substring(1, colon), ShapeType.byName(token.substring(colon + 1, token.length() - 1)));
            }
            return new Literal(token);
        }

        private List<Node> alternatives(String close) {
            List<Node> nodes = new ArrayList<>();
            while (true) {
                nodes.add(sequence());
                String token = position < tokens.size() ? tokens.get(position++) : "";
                if (token.equals(close)) {
                    return nodes;
                }
                if (!token.equals("|")) {
                    throw new IllegalArgumentException("'" + close + "' is missing in " + tokens);
                }
            }
        }
    }
}
