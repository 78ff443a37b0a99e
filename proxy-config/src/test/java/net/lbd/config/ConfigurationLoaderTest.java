package net.lbd.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.FrontendSpec;
import net.lbd.config.model.ProxyMode;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.SampleSpec;
import net.lbd.config.keyword.rule.HttpActionKeywords.SetHeader;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.syntax.Diagnostic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationLoaderTest {

    @TempDir
    private Path folder;

    @Test
    void aMissingFileIsADiagnostic() {
        assertThat(said(loader().load(List.of(Path.of("none.cfg")))))
                .containsExactly("none.cfg:1:1: cannot read 'none.cfg': it does not exist");
    }

    @Test
    void aFolderWithoutFilesAndNoFileAtAllAreDiagnostics() throws IOException {
        Files.createDirectory(folder.resolve("conf.d"));
        assertThat(said(loader().load(List.of(Path.of("conf.d")))))
                .containsExactly("conf.d:1:1: no file in the folder 'conf.d' ends in .cfg");
        assertThat(said(loader().load(List.of()))).containsExactly("<command line>:1:1: no configuration file was named");
    }

    @Test
    void aDeviceIsNotRead() {
        assertThat(said(loader().load(List.of(Path.of("/dev/zero")))))
                .containsExactly("/dev/zero:1:1: '/dev/zero' is not a regular file");
    }

    @Test
    void aFolderMeansItsFilesInOrderOfTheirNames() throws IOException {
        Path conf = Files.createDirectory(folder.resolve("conf.d"));
        Files.writeString(conf.resolve("b.cfg"), "backend b\n");
        Files.writeString(conf.resolve("Z.cfg"), "backend z\n");
        Files.writeString(conf.resolve("a.cfg"), "defaults\n mode http\n");
        Files.writeString(conf.resolve("c.txt"), "nonsense\n");
        Configuration configuration = loader().load(List.of(Path.of("conf.d"))).configuration().orElseThrow();
        assertThat(configuration.backends()).extracting(BackendSpec::name).containsExactly("z", "b");
        assertThat(configuration.backend("z").orElseThrow().mode()).isEqualTo(ProxyMode.TCP);
        assertThat(configuration.backend("b").orElseThrow().mode()).isEqualTo(ProxyMode.HTTP);
    }

    @Test
    void lineEndsByteOrderMarkAndMissingLastLineEndDoNotMatter() {
        Configuration configuration = loader().loadText("t.cfg", "\ufeffbackend a\r\n  mode http\r\nbackend b\n mode http").configuration().orElseThrow();
        assertThat(configuration.backends()).extracting(BackendSpec::mode).containsExactly(ProxyMode.HTTP, ProxyMode.HTTP);
    }

    @Test
    void otherEncodingsAreReadAndWarnedOf() throws IOException {
        Files.write(folder.resolve("l.cfg"), "backend a # caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        LoadResult result = loader().load(List.of(Path.of("l.cfg")));
        assertThat(said(result)).containsExactly("l.cfg:1:1: 'l.cfg' is not UTF-8; it is read as ISO 8859-1");
        assertThat(result.configuration()).isPresent();
    }

    @Test
    void namedDefaultsAreInherited() {
        Configuration c = loader().loadText("t.cfg", """
                defaults web
                  mode http
                  timeout client 10s
                  option httpclose
                  acl internal src 10.0.0.0/8
                  http-request deny unless internal
                defaults mail from web
                  mode tcp
                  timeout client 1h
                frontend a from web
                  bind :80
                  no option httpclose
                frontend b from mail
                  bind :25
                """).configuration().orElseThrow();
        FrontendSpec a = c.frontend("a").orElseThrow();
        assertThat(a.mode()).isEqualTo(ProxyMode.HTTP);
        assertThat(a.rules()).hasSize(1);
        assertThat(a.settings().isSet(ProxySettings.CONNECTION_MODE)).isFalse();
        assertThat(a.settings().origin(ProxySettings.TIMEOUT_CLIENT).line()).isEqualTo(3);
        FrontendSpec b = c.frontend("b").orElseThrow();
        assertThat(b.mode()).isEqualTo(ProxyMode.TCP);
        assertThat(b.settings().get(ProxySettings.TIMEOUT_CLIENT)).isEqualTo(Duration.ofHours(1));
        assertThat(b.rules()).isEmpty();
    }

    @Test
    void duplicatesNameBothPlaces() {
        LoadResult result = loader().loadText("t.cfg", """
                backend b
                  timeout server 1s
                  timeout connect 1s
                  server s 10.0.0.1:80
                  server s 10.0.0.2:80
                backend b
                """);
        assertThat(said(result)).containsExactly(
                "t.cfg:5:10: backend 'b' has a server 's' already, at t.cfg:4",
                "t.cfg:6:9: backend 'b' has the name of the backend section at t.cfg:1");
    }

    @Test
    void anAclMustStandAboveItsUse() {
        LoadResult result = loader().loadText("t.cfg", """
                frontend f
                  mode http
                  timeout client 1s
                  bind :80
                  http-request deny if late
                  acl late path /x
                """);
        assertThat(result.diagnostics()).singleElement().satisfies(d -> {
            assertThat(d.message()).isEqualTo("ACL 'late' is used above its declaration");
            assertThat(d.hint()).contains("move the line t.cfg:6 above this one");
        });
    }

    @Test
    void hdrMeansTheMessageOfTheRule() {
        Configuration c = loader().loadText("t.cfg", """
                backend b
                  mode http
                  http-request set-header A %[hdr(x),lower]
                  http-response set-header B %[hdr(x)]
                """).configuration().orElseThrow();
        assertThat(c.backends().get(0).rules()).extracting(r -> fetch(((SetHeader) r.action()).value()).fetch().keyword())
                .containsExactly("req.hdr", "res.hdr");
    }

    @Test
    void conditionalBlocksChooseLines() {
        Configuration c = loader().loadText("t.cfg", """
                .if defined(HOST) && !streq("$HOST",other)
                backend yes
                .elif 1
                backend elif
                .else
                this is "not even looked at
                .endif
                .if version_before(2.4) || feature(NONE)
                backend no
                .endif
                """).configuration().orElseThrow();
        assertThat(c.backends()).extracting(BackendSpec::name).containsExactly("yes");
    }

    @Test
    void setenvCountsForTheLinesBelow() {
        Configuration c = loader().loadText("t.cfg", "global\n setenv NAME one\n presetenv NAME two\nbackend \"$NAME\"\n").configuration().orElseThrow();
        assertThat(c.backend("one")).isPresent();
    }

    @Test
    void wordsThatCannotBeCarriedOutAreListed() {
        LoadResult result = loader().loadText("t.cfg", "fcgi-app f\n docroot /x\nfcgi-app g\n docroot /y\n");
        assertThat(result.hasErrors()).isFalse();
        assertThat(result.notYetSupported()).extracting(Diagnostic::toString).containsExactly(
                "t.cfg:1:1: section 'fcgi-app' is not supported yet by this version; the daemon refuses to start with it",
                "t.cfg:3:1: section 'fcgi-app' is not supported yet by this version; the daemon refuses to start with it");
    }

    private static SampleSpec fetch(LogFormatSpec format) {
        return ((LogFormatSpec.Expression) format.nodes().get(0)).sample();
    }

    private ConfigurationLoader loader() {
        return new ConfigurationLoader(new Environment(Map.of("HOST", "lb1"), folder));
    }

    private static List<String> said(LoadResult result) {
        return result.diagnostics().stream().map(Diagnostic::toString).toList();
    }
}
