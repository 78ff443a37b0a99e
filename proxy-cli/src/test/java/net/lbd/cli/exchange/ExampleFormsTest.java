package net.lbd.cli.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples that come from forms are what the forms give today. */
class ExampleFormsTest {

    private static final Path EXAMPLES = Path.of("../conf-examples");

    static List<Path> forms() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES.resolve("forms"))) {
            return files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void theExampleIsWhatItsFormGives(Path form) throws Exception {
        SiteFile.Result result = SiteFile.read(form.toString(), Files.readString(form));
        assertThat(result.problems()).isEmpty();
        String name = form.getFileName().toString();
        Path example = EXAMPLES.resolve(name.replace(".yaml", ".cfg"));
        String text = Files.readString(example);
        assertThat(GeneratedFile.write(name, SiteConfiguration.write(result.site().orElseThrow()), text))
                .as("write it again: ./lbctl exchange generate conf-examples/forms/%s -o conf-examples/%s", name, example.getFileName()).isEqualTo(text);
    }
}
