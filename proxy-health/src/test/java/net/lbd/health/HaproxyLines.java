package net.lbd.health;

import java.nio.file.Path;
import java.util.Map;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.LoadResult;
import net.lbd.config.model.CheckSpec;

/** Reads the check lines of the tables as a configuration would. */
public final class HaproxyLines {

    private HaproxyLines() { }

    /** @param lines separated by {@code " ; "}, or {@code -} for a plain connect */
    public static CheckSpec check(String lines) {
        String steps = lines.equals("-") ? "" : lines.replace(" ; ", "\n");
        LoadResult result = new ConfigurationLoader(new Environment(Map.of(), Path.of(".")))
                .loadText("table", "backend b\nmode http\ntimeout connect 5s\ntimeout server 5s\n" + steps
                        + "\nserver s 127.0.0.1:80 check verify none\n");
        return result.configuration().orElseThrow(() -> new IllegalArgumentException(lines + ": " + result.diagnostics()))
                .backend("b").orElseThrow().check();
    }
}
