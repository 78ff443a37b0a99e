package net.lbd.cli.admin;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.lbd.cli.command.SocketLocations;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The manual pages of {@code lbctl} and of each of its commands, in roff's man macros, from the same model as {@code --help}. Picocli writes
 * AsciiDoc only, for which a Debian without Ruby has no reader. Source: man(7), groff_man(7).
 */
final class ManualPages {

    private static final String FOOTER = ".SH SEE ALSO\n%s.PP\nThe manual stands in \\fI/usr/share/doc/lbd\\fR: \\fIoperating.md\\fR for all commands, \\fIreference\\fR for the language.\n";

    private ManualPages() { }

    /** The text of each page, by its file name. */
    static Map<String, String> all() {
        Map<String, String> pages = new TreeMap<>();
        CommandLine lbctl = new CommandLine(new Lbctl(SocketLocations.ofProcess(),
                new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()), false)));
        add(pages, lbctl, lbctl);
        return pages;
    }

    private static void add(Map<String, String> pages, CommandLine top, CommandLine command) {
        String name = command.getCommandSpec().qualifiedName("-");
        pages.put(name + ".1", page(name, top, command));
        command.getSubcommands().values().stream().distinct().filter(c -> c.getParent() == command).forEach(sub -> add(pages, top, sub));
    }

    private static String page(String name, CommandLine top, CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        String[] description = spec.usageMessage().description();
        String text = String.join(" ", description).replace("%n", " ");
        StringBuilder out = new StringBuilder(".\\\" Written by ManualPagesTest from the commands themselves; do not edit.\n");
        out.append(".TH ").append(quoted(name.toUpperCase(java.util.Locale.ROOT))).append(" 1 \"\" \"lbd\" \"lbd\"\n.nh\n.ad l\n");
        out.append(".SH NAME\n").append(roff(name)).append(" \\- ").append(roff(firstSentence(text))).append('\n');
        out.append(".SH SYNOPSIS\n.B ").append(roff(spec.qualifiedName(" "))).append('\n');
        out.append(roff(synopsisOf(command))).append('\n');
        out.append(".SH DESCRIPTION\n").append(roff(text)).append('\n');
        List<PositionalParamSpec> parameters = spec.positionalParameters().stream().filter(p -> !p.hidden()).toList();
        if (!parameters.isEmpty()) {
            out.append(".SH ARGUMENTS\n");
            parameters.forEach(p -> item(out, "\\fI" + roff(p.paramLabel()) + "\\fR", p));
        }
        out.append(".SH OPTIONS\n");
        for (OptionSpec option : spec.options()) {
            if (!option.hidden()) {
                item(out, names(option), option);
            }
        }
        List<CommandLine> subcommands = new ArrayList<>(command.getSubcommands().values().stream().distinct().toList());
        if (!subcommands.isEmpty()) {
            out.append(".SH COMMANDS\n");
            for (CommandLine sub : subcommands) {
                out.append(".TP\n\\fB").append(roff(sub.getCommandName())).append("\\fR\n")
                        .append(roff(firstSentence(String.join(" ", sub.getCommandSpec().usageMessage().description()).replace("%n", " ")))).append(".\n");
            }
        }
        out.append(".SH EXIT STATUS\n");
        top.getCommandSpec().usageMessage().exitCodeList().forEach((code, meaning) ->
                out.append(".TP\n\\fB").append(code.strip()).append("\\fR\n").append(roff(meaning)).append('\n'));
        StringBuilder others = new StringBuilder();
        for (CommandLine sub : subcommands) {
            others.append(".BR ").append(roff(sub.getCommandSpec().qualifiedName("-"))).append(" (1),\n");
        }
        if (command.getParent() != null) {
            others.append(".BR ").append(roff(command.getParent().getCommandSpec().qualifiedName("-"))).append(" (1),\n");
        }
        others.append(".BR lbd (8)\n");
        out.append(FOOTER.formatted(others));
        return out.toString();
    }

    /** The words behind the command's own name, on one line. */
    private static String synopsisOf(CommandLine command) {
        String name = command.getCommandSpec().qualifiedName(" ");
        CommandLine.Help help = new CommandLine.Help(command.getCommandSpec(), CommandLine.Help.defaultColorScheme(Ansi.OFF));
        String text = help.synopsis(0).replaceAll("\\s+", " ").strip();
        return text.startsWith(name) ? text.substring(name.length()).strip() : text;
    }

    private static void item(StringBuilder out, String tag, ArgSpec argument) {
        String text = String.join(" ", argument.renderedDescription().length > 0 ? argument.renderedDescription() : argument.description());
        out.append(".TP\n").append(tag).append('\n').append(text.isBlank() ? "\\&" : roff(text)).append('\n');
    }

    private static String names(OptionSpec option) {
        List<String> names = new ArrayList<>();
        String label = option.arity().max() > 0 && !option.paramLabel().isEmpty() ? (option.arity().min() == 0 ? "[=\\fI" + roff(option.paramLabel()) + "\\fR]" : "=\\fI" + roff(option.paramLabel()) + "\\fR") : "";
        for (String name : option.names()) {
            names.add("\\fB" + roff(name) + "\\fR" + (name.startsWith("--") ? label : ""));
        }
        return String.join(", ", names);
    }

    private static String firstSentence(String text) {
        int end = text.indexOf(". ");
        int semicolon = text.indexOf("; ");
        int colon = text.indexOf(": ");
        int cut = text.endsWith(".") ? text.length() - 1 : text.length();
        for (int i : new int[] {end, semicolon, colon}) {
            cut = i > 0 ? Math.min(cut, i) : cut;
        }
        return text.substring(0, cut);
    }

    private static String quoted(String text) {
        return '"' + roff(text) + '"';
    }

    /** Hyphens that are typed stay hyphens, and no line begins with a dot or a quote that roff would obey. */
    static String roff(String text) {
        String escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("…", "...").replace("’", "'");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
