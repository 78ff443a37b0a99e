package net.lbd.config.keyword.server;

import static net.lbd.config.model.SendProxy.Option.CERT_CN;
import static net.lbd.config.model.SendProxy.Option.SSL;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import net.lbd.config.draft.ServerDraft;
import net.lbd.config.expr.LogFormatReader;
import net.lbd.config.expr.SampleReader;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Parameter;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.model.ProxyField;
import net.lbd.config.model.SendProxy;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.Settings;
import net.lbd.config.syntax.Word;

/** The PROXY header that is sent to servers. Source: HAProxy manual, "Server options". */
final class ProxyHeaderKeywords {

    static final List<Parameter<ServerDraft>> ROWS = List.of(
            row("send-proxy", "Sends a PROXY header, version 1, with the client's addresses.", p -> p.withVersion1(true)),
            row("no-send-proxy", "Takes send-proxy back.", p -> p.withVersion1(false)),
            row("send-proxy-v2", """
                    Sends a PROXY header, version 2, with the client's addresses and the protocol agreed on by ALPN. It goes before send-proxy.""",
                    p -> p.withVersion2(true)),
            row("no-send-proxy-v2", "Takes send-proxy-v2 back.", p -> p.withVersion2(false)),
            row("send-proxy-v2-ssl", "As send-proxy-v2, with what is known of the client's TLS.",
                    p -> p.withVersion2(true).with(SSL, true)),
            row("no-send-proxy-v2-ssl", "Takes send-proxy-v2-ssl back.", p -> p.withVersion2(false).with(SSL, false)),
            row("send-proxy-v2-ssl-cn", "As send-proxy-v2-ssl, with the name of the client's certificate.",
                    p -> p.withVersion2(true).with(SSL, true).with(CERT_CN, true)),
            row("no-send-proxy-v2-ssl-cn", "Takes send-proxy-v2-ssl-cn back.",
                    p -> p.withVersion2(false).with(SSL, false).with(CERT_CN, false)),
            Parameter.of("proxy-v2-options", "<option>[,<option>]*", """
                    What a version 2 header tells: ssl, cert-cn, ssl-cipher, cert-sig, cert-key, authority, crc32c, unique-id: the identifier of
                    unique-id-format.""",
                    ProxyHeaderKeywords::options),
            Parameter.of("set-proxy-v2-tlv-fmt", "(<type>) <format>", """
                    A field of the version 2 header, with a log-format as its value; written set-proxy-v2-tlv-fmt(0xE1).""",
                    ProxyHeaderKeywords::field));

    private ProxyHeaderKeywords() { }

    private static Parameter<ServerDraft> row(String name, String doc, UnaryOperator<SendProxy> change) {
        return Parameter.of(name, "", doc, (arguments, draft) -> change(arguments, draft, change));
    }

    private static void change(Arguments arguments, ServerDraft draft, UnaryOperator<SendProxy> change) {
        SendProxy before = draft.settings().find(ServerSettings.SEND_PROXY).map(Settings.Sourced::value).orElse(SendProxy.NONE);
        draft.put(ServerSettings.SEND_PROXY, change.apply(before), arguments.last());
    }

    private static void options(Arguments arguments, ServerDraft draft) {
        Word word = arguments.next("options");
        for (String text : word.text().split(",", -1)) {
            SendProxy.Option option = SendProxy.Option.of(text).orElseThrow(() -> arguments.error(word, "'proxy-v2-options "
                    + word + "': unknown option '" + text + "'; use "
                    + String.join(", ", Arrays.stream(SendProxy.Option.values()).map(SendProxy.Option::keyword).toList())));
            change(arguments, draft, p -> p.with(option, true));
        }
    }

    private static void field(Arguments arguments, ServerDraft draft) {
        Word name = arguments.last();
        String text = name.text();
        int open = text.indexOf('(');
        if (open < 0 || !text.endsWith(")")) {
            throw arguments.error(name, "'" + name + "' wants the type of the field in parentheses, such as set-proxy-v2-tlv-fmt(0xE1)");
        }
        String type = text.substring(open + 1, text.length() - 1);
        int number = ProxyField.type(type).orElseThrow(() -> arguments.error(name,
                "'" + name + "': '" + type + "' is no type of a field; write " + ProxyField.accepted()));
        LogFormatSpec value = LogFormatReader.read(arguments.next("a format"), SampleReader.Direction.REQUEST, arguments.diagnostics());
        change(arguments, draft, p -> p.withField(number, value));
    }
}
