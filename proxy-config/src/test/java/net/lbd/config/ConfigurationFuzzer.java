package net.lbd.config;

import java.nio.charset.StandardCharsets;

/** What Jazzer calls with bytes that it makes up, guided by the branches that they reach. */
public final class ConfigurationFuzzer {

    private ConfigurationFuzzer() { }

    public static void fuzzerTestOneInput(byte[] data) {
        Robustness.check(new String(data, StandardCharsets.ISO_8859_1));
    }
}
