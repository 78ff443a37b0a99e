package net.lbd.config.keyword.section;

import static net.lbd.config.grammar.SectionKind.MAILERS;

import java.util.List;
import java.util.Set;
import net.lbd.config.draft.PlainDraft;
import net.lbd.config.grammar.Addresses;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.Durations;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.model.MailersSpec;
import net.lbd.config.shape.Shape;
import net.lbd.config.shape.ShapeScope;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/** The lines of {@code mailers}. Source: HAProxy manual, "Mailers". */
final class MailersKeywords {

    private static final Shape MAILER = Shape.of("<name> <address:with_port>");
    private static final Shape TIMEOUT = Shape.of("mail <time:time>");

    static final List<Directive<PlainDraft>> ROWS = List.of(
            Directive.<PlainDraft>of("mailer", Set.of(MAILERS), "<name> <address:with_port>", "A mail server; every one of the section gets each mail.",
                    (arguments, draft) -> {
                        List<Word> words = arguments.upcoming();
                        MAILER.read(arguments, ShapeScope.NONE);
                        Word name = words.get(0);
                        if (draft.mailers().mailers().stream().anyMatch(m -> m.name().equals(name.text()))) {
                            throw new StatementException(Code.DUPLICATE, name, "a mailer of this section is named '" + name + "' already");
                        }
                        draft.mailers().mailers().add(new MailersSpec.Mailer(name.text(),
                                arguments.value(words.get(1), Addresses.one(Addresses.Use.TARGET))));
                    }),
            Directive.<PlainDraft>of("timeout", Set.of(MAILERS), "mail <time:time>", "How long a mail may take, the connection included. Default: 10s.",
                    (arguments, draft) -> {
                        List<Word> words = arguments.upcoming();
                        TIMEOUT.read(arguments, ShapeScope.NONE);
                        draft.mailers().timeout(arguments.value(words.get(1), Durations.POSITIVE_MILLIS));
                    }));

    private MailersKeywords() { }
}
