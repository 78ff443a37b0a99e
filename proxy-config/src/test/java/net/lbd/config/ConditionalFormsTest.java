package net.lbd.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.lbd.config.syntax.Diagnostic;
import org.junit.jupiter.api.Test;

/** Conditional blocks and what HAProxy itself puts into the environment; each verdict is HAProxy 2.6's. */
class ConditionalFormsTest {

    private static List<String> said(String text) {
        return new ConfigurationLoader(new Environment(Map.of("HOME", "/root"), Path.of(""))).loadText("t.cfg", text).diagnostics().stream()
                .map(Diagnostic::toString).toList();
    }

    @Test
    void blanksPartTerms() {
        assertThat(said(".if 1 2\n.endif\n")).containsExactly("t.cfg:1:5: '1 2' is neither a number nor a predicate");
        assertThat(said(".if streq( a , a ) && ! ( 0 || 0 )\n.notice yes\n.endif\n")).containsExactly("t.cfg:2:1: yes");
    }

    @Test
    void emptyConditionDoesNotHold() {
        assertThat(said(".if \"\"\n.notice no\n.else\n.notice yes\n.endif\n")).containsExactly("t.cfg:4:1: yes");
    }

    @Test
    void predicateWithoutArgumentsIsToldSo() {
        assertThat(said(".if streq\n.endif\n")).containsExactly("t.cfg:1:5: 'streq' wants arguments in parentheses");
    }

    @Test
    void nothingStandsBehindElseAndEndif() {
        assertThat(said(".if 1\n.else x\n.endif y\n")).containsExactly(
                "t.cfg:2:7: '.else' is complete before 'x'", "t.cfg:3:8: '.endif' is complete before 'y'");
    }

    @Test
    void messageIsOneWord() {
        assertThat(said(".warning a b\n")).contains(
                "t.cfg:1:12: '.warning' is complete before 'b'; a message with blanks stands in quotes");
        assertThat(said(".if 0\n.warning a b\n.endif\n")).isEmpty();
    }

    @Test
    void sectionIsItsNameOrItsKind() {
        assertThat(said(".notice \"<${.SECTION}>\"\nglobal\n.notice \"<${.SECTION}>\"\nhttp-errors pages\n.notice \"<${.SECTION}>\"\n"))
                .containsExactly("t.cfg:1:1: <>", "t.cfg:3:1: <global>", "t.cfg:5:1: <pages>");
    }

    @Test
    void machineIsItsOwnPeer() {
        assertThat(said(".if streq(\"$HAPROXY_LOCALPEER\",)\n.notice none\n.endif\n")).isEmpty();
    }
}
