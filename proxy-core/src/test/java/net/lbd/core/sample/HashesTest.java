package net.lbd.core.sample;

import static org.assertj.core.api.Assertions.assertThat;

import net.lbd.core.http.Ascii;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HashesTest {

    /** Known values of MurmurHash3 of 32 bits with the seed 0. */
    @ParameterizedTest
    @CsvSource({"'',0", "hello,613153351", "world,-74040069", "test,-1167338989", "'Hello, world!',-1070186941",
        "The quick brown fox jumps over the lazy dog,776992547"})
    void murmur3(String text, int hash) {
        byte[] bytes = Ascii.bytes("x" + text + "y");
        assertThat(Hashes.murmur3(bytes, 1, text.length())).isEqualTo(hash);
    }
}
