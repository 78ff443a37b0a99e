package net.lbd.core.runtime;

import java.util.ArrayList;
import java.util.List;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.BalanceSpec;
import net.lbd.config.model.Credentials;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.SampleSpec;
import net.lbd.config.model.SampleSpec.Argument;
import net.lbd.config.model.SampleType;
import net.lbd.config.model.StickRules;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.sample.RuntimeNames;
import net.lbd.core.sample.Sample;
import net.lbd.core.sample.SampleExpression;
import net.lbd.core.stream.Stream;

/**
 * What would send a request to the server that its client had: the keys of stick lines, the cookie, and what
 * {@code balance} hashes. Used by one thread.
 */
final class PersistenceKeys {

    private final Stream stream;
    private final RuntimeNames names;
    private final List<String> keys = new ArrayList<>();

    private PersistenceKeys(Stream stream, RuntimeNames names) {
        this.stream = stream;
        this.names = names;
    }

    /** One line for each, such as {@code stick on src, table 't': 10.1.2.3  (file:line)}. */
    static List<String> of(BackendSpec backend, Stream stream, RuntimeNames names) {
        PersistenceKeys found = new PersistenceKeys(stream, names);
        backend.settings().find(ProxySettings.STICK).ifPresent(all -> all.rules().forEach(found::stick));
        backend.settings().find(ProxySettings.COOKIE).ifPresent(name -> found.add("cookie " + name,
                sample("req.cook", name.name()), backend.settings().origin(ProxySettings.COOKIE)));
        found.balance(backend.balance());
        return List.copyOf(found.keys);
    }

    private void stick(StickRules.Rule rule) {
        String what = rule.kind().keyword() + " " + rule.key().text() + ", table '" + rule.table() + "'"
                + (rule.condition().isPresent() ? ", under a condition" : "");
        if (rule.kind() == StickRules.Kind.STORE_RESPONSE) {
            keys.add(what + ": known with the response  (" + rule.location().fileAndLine() + ")");
        } else {
            add(what, rule.key(), rule.location(), Credentials.isSecret(rule.key()));
        }
    }

    private void balance(BalanceSpec balance) {
        String argument = balance.arguments().isEmpty() ? "" : balance.arguments().get(0);
        switch (balance.algorithm()) {
            case "source" -> add("balance source", sample("src", ""), balance.location());
            case "uri" -> add("balance uri", sample(balance.arguments().contains("whole") ? "url" : "path", ""), balance.location());
            case "url_param" -> add("balance url_param " + argument, sample("urlp", argument), balance.location());
            case "hdr" -> add("balance hdr(" + argument + ")", sample("req.hdr", argument), balance.location());
            case "hash" -> add("balance hash " + argument, balance.key().orElseThrow(), balance.location());
            default -> { }
        }
    }

    private static SampleSpec sample(String fetch, String argument) {
        return new SampleSpec(SourceLocation.BUILT_IN, fetch, new SampleSpec.Fetch(fetch,
                argument.isEmpty() ? List.of() : List.of(new Argument.Text(argument)), fetch.equals("src") ? SampleType.ADDRESS : SampleType.STRING),
                List.of(), fetch.equals("src") ? SampleType.ADDRESS : SampleType.STRING);
    }

    private void add(String what, SampleSpec key, SourceLocation at) {
        add(what, key, at, false);
    }

    private void add(String what, SampleSpec key, SourceLocation at, boolean secret) {
        String value;
        try {
            Sample sample = new Sample();
            boolean there = SampleExpression.compile(key, names).evaluate(stream, sample, SampleType.STRING);
            value = !there ? "none in this request" : secret ? "hidden, " + sample.length() + " bytes"
                    : "'" + sample.text() + "'";
        } catch (IllegalArgumentException e) {
            value = "not known: " + e.getMessage();
        }
        keys.add(what + ": " + value + "  (" + at.fileAndLine() + ")");
    }
}
