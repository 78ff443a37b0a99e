package net.lbd.cli.exchange;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import net.lbd.cli.exchange.Site.Word;
import net.lbd.config.syntax.Nearest;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A YAML document read with the place of every word, so that all that is wrong can be told at once. A question with a wrong answer is
 * reported and answered by its default; {@link #problems} must be empty before the answers count. Not thread-safe.
 */
final class Form {

    /** What is wrong, and where; both numbers from 1. */
    record Problem(int line, int column, String message) { }

    private final List<Problem> problems = new ArrayList<>();

    private Form() { }

    /** The document's outermost map. Of a text that is no YAML, or no map, an empty one with the problem noted. */
    static Section read(String text) {
        Form form = new Form();
        try {
            LoaderOptions options = new LoaderOptions();
            options.setAllowDuplicateKeys(false);
            Node root = new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
            if (root instanceof MappingNode map) {
                return form.new Section("", map);
            }
            form.problems.add(new Problem(1, 1, "the file holds no 'key: value' lines"));
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            form.problems.add(new Problem(mark == null ? 1 : mark.getLine() + 1, mark == null ? 1 : mark.getColumn() + 1,
                    "this is no YAML: " + e.getProblem()));
        } catch (YAMLException e) {
            form.problems.add(new Problem(1, 1, "this is no YAML: " + e.getMessage()));
        }
        return form.new Section("", null);
    }

    /** One map of the document: each key is asked for once, what nobody asked for is a problem. */
    final class Section {
        private final String path;
        private final MappingNode node;
        private final Map<String, Node> values = new LinkedHashMap<>();
        private final Map<String, Node> keys = new LinkedHashMap<>();
        private final List<String> known = new ArrayList<>();

        private Section(String path, MappingNode node) {
            this.path = path;
            this.node = node;
            if (node != null) {
                for (NodeTuple tuple : node.getValue()) {
                    String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
                    if (values.put(key, tuple.getValueNode()) != null) {
                        problem(tuple.getKeyNode(), "'" + label(key) + "' stands twice");
                    }
                    keys.put(key, tuple.getKeyNode());
                }
            }
        }

        /** Whether the document has this map at all. */
        boolean present() {
            return node != null;
        }

        boolean has(String key) {
            return values.containsKey(key);
        }

        /** In the order of the document. */
        Collection<String> given() {
            return values.keySet();
        }

        Section section(String key) {
            Node value = ask(key);
            if (value == null) {
                return new Section(label(key), null);
            }
            if (value instanceof MappingNode map) {
                return new Section(label(key), map);
            }
            problem(value, "'" + label(key) + "' is a map of 'key: value' lines");
            return new Section(label(key), null);
        }

        /** The map under a key, or one that holds only {@code first: value} where a single word stands. */
        Section sectionOrWord(String key, String first) {
            Node value = values.get(key);
            if (value instanceof ScalarNode) {
                ask(key);
                Section section = new Section(label(key), null);
                section.values.put(first, value);
                return section;
            }
            return section(key);
        }

        /** The maps of a list. */
        List<Section> sections(String key) {
            Node value = ask(key);
            List<Section> sections = new ArrayList<>();
            if (value instanceof SequenceNode list) {
                for (Node item : list.getValue()) {
                    String label = label(key) + "[" + (sections.size() + 1) + "]";
                    if (item instanceof MappingNode map) {
                        sections.add(new Section(label, map));
                    } else {
                        problem(item, "'" + label + "' is a map, such as {name: ex1, address: 192.168.10.11}");
                    }
                }
            } else if (value != null) {
                problem(value, "'" + label(key) + "' is a list");
            }
            return sections;
        }

        /** The words of a list, or the one word that stands in its place; each passes {@code check}. */
        List<String> texts(String key, Check check) {
            Node value = ask(key);
            List<String> texts = new ArrayList<>();
            List<Node> items = value == null ? List.of() : value instanceof SequenceNode list ? list.getValue() : List.of(value);
            for (Node item : items) {
                text(item, label(key), check).ifPresent(texts::add);
            }
            return texts;
        }

        Optional<String> text(String key, Check check) {
            Node value = ask(key);
            return value == null ? Optional.empty() : text(value, label(key), check);
        }

        /** As {@link #text(String, Check)}, and its absence is a problem. */
        String needed(String key, Check check) {
            if (!has(key)) {
                ask(key);
                missing("'" + label(key) + "' is missing; " + check.wanted());
                return "";
            }
            return text(key, check).orElse("");
        }

        <W extends Enum<W> & Word> W choice(String key, Class<W> of, W otherwise) {
            Node value = ask(key);
            if (value == null) {
                return otherwise;
            }
            String word = value instanceof ScalarNode scalar ? scalar.getValue() : "";
            return Word.find(of, word).orElseGet(() -> {
                problem(value, "'" + label(key) + "' is '" + word + "'" + Nearest.suggestion(word, Word.words(of)) + "; it is one of "
                        + String.join(", ", Word.words(of)));
                return otherwise;
            });
        }

        boolean flag(String key, boolean otherwise) {
            Node value = ask(key);
            if (value == null) {
                return otherwise;
            }
            String word = value instanceof ScalarNode scalar ? scalar.getValue().toLowerCase(Locale.ROOT) : "";
            return switch (word) {
                case "on", "yes", "true" -> true;
                case "off", "no", "false" -> false;
                default -> {
                    problem(value, "'" + label(key) + "' is '" + word + "'; it is on or off");
                    yield otherwise;
                }
            };
        }

        int number(String key, int least, int most, int otherwise) {
            Node value = ask(key);
            if (value == null) {
                return otherwise;
            }
            String word = value instanceof ScalarNode scalar ? scalar.getValue() : "";
            if (word.matches("\\d{1,9}") && Integer.parseInt(word) >= least && Integer.parseInt(word) <= most) {
                return Integer.parseInt(word);
            }
            problem(value, "'" + label(key) + "' is '" + word + "'; it is a number from " + least + " to " + most);
            return otherwise;
        }

        /** Notes what is wrong with the value of a key, or with the whole map where it is not there. */
        void wrong(String key, String message) {
            Node at = values.get(key);
            if (at == null) {
                missing(message);
            } else {
                problem(at, message);
            }
        }

        /** Keys that nobody asked for. */
        void close() {
            for (Map.Entry<String, Node> key : keys.entrySet()) {
                if (!known.contains(key.getKey())) {
                    problem(key.getValue(), "unknown word '" + label(key.getKey()) + "'" + Nearest.suggestion(key.getKey(), known)
                            + "; here stand " + String.join(", ", known));
                }
            }
        }

        List<Problem> problems() {
            return problems.stream().sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column)).toList();
        }

        private Optional<String> text(Node value, String label, Check check) {
            if (!(value instanceof ScalarNode scalar)) {
                problem(value, "'" + label + "' is one word; " + check.wanted());
                return Optional.empty();
            }
            String word = scalar.getValue();
            if (!check.passes(word)) {
                problem(value, "'" + label + "' is '" + word + "'; " + check.wanted());
                return Optional.empty();
            }
            return Optional.of(word);
        }

        private Node ask(String key) {
            if (!known.contains(key)) {
                known.add(key);
            }
            return values.get(key);
        }

        private String label(String key) {
            return path.isEmpty() ? key : path + "." + key;
        }

        private void missing(String message) {
            problems.add(node == null ? new Problem(1, 1, message)
                    : new Problem(node.getStartMark().getLine() + 1, node.getStartMark().getColumn() + 1, message));
        }

        private void problem(Node at, String message) {
            problems.add(new Problem(at.getStartMark().getLine() + 1, at.getStartMark().getColumn() + 1, message));
        }
    }

    /** What a word must be, and how that is said: "it is an IP address". */
    interface Check {
        boolean passes(String word);

        String wanted();

        static Check of(String wanted, java.util.function.Predicate<String> test) {
            return new Check() {
                @Override
                public boolean passes(String word) {
                    return test.test(word);
                }

                @Override
                public String wanted() {
                    return wanted;
                }
            };
        }
    }

    /** Tells {@code to} of every problem as {@code FILE:LINE:COLUMN: message}. */
    static void report(String file, List<Problem> problems, Consumer<String> to) {
        problems.forEach(p -> to.accept(file + ":" + p.line() + ":" + p.column() + ": " + p.message()));
    }
}
