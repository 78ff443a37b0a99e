package net.lbd.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What a configuration may ask of the process that reads it. Immutable.
 *
 * @param variables what {@code "$NAME"} stands for
 * @param workingDirectory where relative paths begin
 */
public record Environment(Map<String, String> variables, Path workingDirectory) {

    public Environment {
        variables = Map.copyOf(variables);
        Objects.requireNonNull(workingDirectory, "workingDirectory");
    }

    /** The same, with one more variable or another value of one. */
    public Environment with(String name, String value) {
        Map<String, String> more = new HashMap<>(variables);
        more.put(name, value);
        return new Environment(more, workingDirectory);
    }

    /** The variables and the folder of this process. */
    public static Environment ofProcess() {
        return new Environment(System.getenv(), Path.of("").toAbsolutePath());
    }
}
