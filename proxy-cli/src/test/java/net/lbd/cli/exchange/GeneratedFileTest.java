package net.lbd.cli.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class GeneratedFileTest {

    private static final String HAND = "\nlisten mine\n    bind :81\n";

    @Test
    void theSameFormGivesTheSameFile() throws Exception {
        String first = GeneratedFile.write("site.yaml", "global\n", "");
        assertThat(GeneratedFile.write("site.yaml", "global\n", first)).isEqualTo(first);
        assertThat(GeneratedFile.difference(first, first)).isEmpty();
    }

    @Test
    void whatIsWrittenByHandStays() throws Exception {
        String first = GeneratedFile.write("site.yaml", "global\n", "");
        String edited = first.replace("is kept ----\n", "is kept ----" + HAND);
        String second = GeneratedFile.write("site.yaml", "global\n    maxconn 5\n", edited);
        assertThat(second).contains(HAND).contains("maxconn 5");
        assertThat(GeneratedFile.difference(edited, second)).hasSize(3).contains("+     maxconn 5").allMatch(l -> l.contains("checksum") || l.contains("maxconn"));
    }

    @Test
    void aChangeElsewhereIsNotLost() throws Exception {
        String first = GeneratedFile.write("site.yaml", "global\n", "");
        assertThatThrownBy(() -> GeneratedFile.write("site.yaml", "global\n", first.replace("global", "global\n    maxconn 7")))
                .isInstanceOf(GeneratedFile.ChangedByHand.class).hasMessageContaining("--force");
        assertThatThrownBy(() -> GeneratedFile.write("site.yaml", "global\n", first.replaceAll("# ---- end.*\n", "")))
                .isInstanceOf(GeneratedFile.ChangedByHand.class).hasMessageContaining("are not both there");
        assertThatThrownBy(() -> GeneratedFile.write("site.yaml", "global\n", "global\n    daemon\n"))
                .isInstanceOf(GeneratedFile.ChangedByHand.class).hasMessageContaining("was not written by");
    }
}
