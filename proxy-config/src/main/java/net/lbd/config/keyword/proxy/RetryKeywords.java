package net.lbd.config.keyword.proxy;

import static net.lbd.config.grammar.SectionKind.BACK;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.RetryOn;
import net.lbd.config.model.RetryOn.Event;
import net.lbd.config.syntax.Word;

/** After which failures a request is sent again. Source: HAProxy manual, "retry-on". */
final class RetryKeywords {

    private static final List<String> STATUSES =
            List.of("401", "403", "404", "408", "425", "429", "500", "501", "502", "503", "504");
    private static final List<String> EVENTS = Stream.concat(Stream.of("none", "conn-failure", "empty-response", "junk-response",
            "response-timeout", "0rtt-rejected", "all-retryable-errors"), STATUSES.stream()).toList();

    static final Directive<ProxyDraft> RETRY_ON = Directive.<ProxyDraft>of("retry-on", BACK,
            "{ none | conn-failure | <event> | <status> } …", """
                    After which failures a request is tried again, 'retries' times at most: 'conn-failure', the default, no connection
                    could be made; 'empty-response', the server closed without an answer; 'junk-response', what it sent is no
                    response, or half a head; 'response-timeout', 'timeout server' passed without an answer; a status of 401, 403, 404, 408, 425,
                    429, 500 to 504; 'all-retryable-errors', all those events, 500, 502, 503 and 504; 'none', never.
                    '0rtt-rejected' never happens, as no early data is sent. Anything but 'none' and 'conn-failure' means that servers may get a
                    request twice. A request is sent again only if it has come whole and fits into 'tune.bufsize', and never
                    if its connection speaks for its client (NTLM, Negotiate). Where it goes says 'option redispatch'.""",
            RetryKeywords::retryOn).refusedElsewhere();

    private RetryKeywords() { }

    private static void retryOn(Arguments arguments, ProxyDraft draft) {
        Set<Event> events = EnumSet.noneOf(Event.class);
        Set<Integer> statuses = new TreeSet<>();
        int words = 0;
        Optional<Word> none = Optional.empty();
        do {
            Word word = arguments.next("one of " + String.join(", ", EVENTS));
            if (!EVENTS.contains(word.text())) {
                throw arguments.unknown(word, "word", EVENTS);
            }
            words++;
            switch (word.text()) {
                case "none" -> none = Optional.of(word);
                case "conn-failure" -> events.add(Event.CONN_FAILURE);
                case "empty-response" -> events.add(Event.EMPTY_RESPONSE);
                case "junk-response" -> events.add(Event.JUNK_RESPONSE);
                case "response-timeout" -> events.add(Event.RESPONSE_TIMEOUT);
                case "0rtt-rejected" -> events.add(Event.REJECTED_EARLY_DATA);
                case "all-retryable-errors" -> {
                    events.addAll(EnumSet.allOf(Event.class));
                    statuses.addAll(List.of(500, 502, 503, 504));
                }
                default -> statuses.add(Integer.valueOf(word.text()));
            }
        } while (arguments.hasNext());
        if (none.isPresent() && words > 1) {
            throw arguments.error(none.get(), "'retry-on … none' stands alone: with it nothing is tried again");
        }
        draft.settings().put(ProxySettings.RETRY_ON, new RetryOn(events, statuses), arguments.location());
    }
}
