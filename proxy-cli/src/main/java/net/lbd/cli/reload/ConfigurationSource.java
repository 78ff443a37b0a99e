package net.lbd.cli.reload;

import net.lbd.config.ConfigurationLoader;

/** Reads the configuration anew each time: the files that the command line names. */
@FunctionalInterface
public interface ConfigurationSource {

    ConfigurationLoader.Compared load();
}
