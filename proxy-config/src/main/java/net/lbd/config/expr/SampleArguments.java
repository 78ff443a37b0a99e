package net.lbd.config.expr;

import java.util.function.Function;
import net.lbd.config.grammar.Addresses;
import net.lbd.config.grammar.Numbers;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.keyword.sample.Signature;
import net.lbd.config.model.ProxyField;
import net.lbd.config.model.SampleSpec.Argument;

/** Reads one argument of a fetch or converter as its signature declares it. */
final class SampleArguments {

    private SampleArguments() { }

    static Argument read(Signature.Argument declared, String text, Function<String, StatementException> error) {
        try {
            return switch (declared.kind()) {
                case INTEGER -> new Argument.Number(Numbers.read(text, Long.MIN_VALUE, Long.MAX_VALUE));
                case IPV4MASK -> {
                    if (Numbers.isNumber(text)) {
                        yield new Argument.Number(Numbers.read(text, 0, 32));
                    }
                    Addresses.network("0.0.0.0/" + text);
                    yield new Argument.Text(text);
                }
                case IPV6MASK -> {
                    if (Numbers.isNumber(text)) {
                        yield new Argument.Number(Numbers.read(text, 0, 128));
                    }
                    Addresses.network("::/" + text);
                    yield new Argument.Text(text);
                }
                case IPV4, IPV6 -> {
                    Addresses.network(text);
                    yield new Argument.Text(text);
                }
                case REGEX -> {
                    Regexes.check(text);
                    yield new Argument.Text(text);
                }
                case VARIABLE -> {
                    VariableNames.check(text);
                    yield new Argument.Text(text);
                }
                case OFFSET -> {
                    if (!text.matches("[+-]?[0-9]{1,7}")) {
                        throw new ValueException("'" + text + "' is not an offset; write a number, with + or - before it if it is relative");
                    }
                    yield new Argument.Text(text);
                }
                case PROXY_FIELD -> new Argument.Number(ProxyField.type(text).orElseThrow(() ->
                        new ValueException("'" + text + "' is no field of a PROXY header; write " + ProxyField.accepted())));
                case MAP -> throw new IllegalStateException("a map is read with its converter");
                case STRING, FILE, BACKEND, FRONTEND, SERVER, TABLE, USERLIST -> new Argument.Text(text);
            };
        } catch (ValueException e) {
            throw error.apply("argument <" + declared.name() + ">: " + e.getMessage());
        }
    }
}
