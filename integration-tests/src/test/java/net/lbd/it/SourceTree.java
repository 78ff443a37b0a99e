package net.lbd.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The source tree that is being tested, and the programs of this machine. */
final class SourceTree {

    /** The folder of the top pom. */
    static final Path TOP = top();

    private SourceTree() {}

    static String read(String file) {
        try {
            return Files.readString(TOP.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** The files of a folder with this ending, sorted. */
    static List<Path> files(String folder, String ending) {
        try (Stream<Path> files = Files.list(TOP.resolve(folder))) {
            return files.filter(f -> f.toString().endsWith(ending)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }

    /** The folders of the modules that have code of the product. */
    static List<Path> modules() {
        try (Stream<Path> folders = Files.list(TOP)) {
            return folders.filter(f -> Files.isDirectory(f.resolve("src/main/java"))).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + TOP, e);
        }
    }

    /** Where a program is, looking into the folders of the administrator too. */
    static Optional<Path> program(String name) {
        return Stream.of("/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/bin", "/sbin")
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Path top() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("conf-examples"))) {
            here = here.getParent();
            if (here == null) {
                throw new IllegalStateException("not inside the source tree: " + Path.of("").toAbsolutePath());
            }
        }
        return here;
    }
}
