package net.lbd.health.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.lbd.config.model.CheckStep;
import net.lbd.health.Escapes;
import net.lbd.health.HaproxyLines;
import net.lbd.health.Tables;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HttpCheckRequestTest {

    static List<Arguments> observed() {
        return Tables.rows("requests-haproxy-2.6.tsv");
    }

    @ParameterizedTest
    @MethodSource("observed")
    void writesWhatHaproxyWrites(String check, String request) {
        CheckStep.HttpSend send = (CheckStep.HttpSend) HaproxyLines.check(check).steps().get(0);

        byte[] bytes = HttpCheckRequest.bytes(send);

        assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).isEqualTo(Escapes.text(request));
    }
}
