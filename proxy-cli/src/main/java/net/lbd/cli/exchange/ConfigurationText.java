package net.lbd.cli.exchange;

/** Sections and their lines, as a configuration file has them. Not thread-safe. */
final class ConfigurationText {

    private final StringBuilder text = new StringBuilder();

    ConfigurationText section(String head) {
        if (text.length() > 0) {
            text.append('\n');
        }
        text.append(head).append('\n');
        return this;
    }

    ConfigurationText line(String line) {
        text.append("    ").append(line).append('\n');
        return this;
    }

    ConfigurationText comment(String line) {
        return line("# " + line);
    }

    /** Between sections. */
    ConfigurationText heading(String line) {
        if (text.length() > 0) {
            text.append('\n');
        }
        text.append("# ").append(line);
        return this;
    }

    /** {@code 10.0.0.1:443}; an IPv6 address in brackets. */
    static String endpoint(String address, int port) {
        return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + port;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
