package net.lbd.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The scripts lbd and lbctl, with Javas that only print how they were called. */
@Timeout(60)
class StartScriptTest {

    private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();

    @TempDir
    private Path folder;
    private Path home;
    private Path jvms;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void makeTree() throws IOException {
        home = Files.createDirectory(folder.resolve("a tree"));
        jvms = Files.createDirectory(folder.resolve("jvms"));
        for (String script : List.of("lbd", "lbctl")) {
            Files.copy(REPOSITORY.resolve(script), home.resolve(script));
            executable(home.resolve(script));
        }
        environment.put("LBD_JVM_DIR", jvms.toString());
        environment.put("JAVA_HOME", "");
        // Tools of the system, but no java.
        Path tools = Files.createDirectory(folder.resolve("tools"));
        for (String tool : List.of("readlink", "nproc", "mv", "rm")) {
            executable(Files.writeString(tools.resolve(tool), "#!/bin/sh\nexec /usr/bin/" + tool + " \"$@\"\n"));
        }
        environment.put("PATH", tools.toString());
    }

    private static void executable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path java(Path where, String name, String version) throws IOException {
        Path java = where.resolve(name);
        Files.createDirectories(java.resolve("bin"));
        Files.writeString(java.resolve("release"),
                "IMPLEMENTOR=\"Test\"\nJAVA_VERSION=\"" + version + "\"\nOS_NAME=\"Linux\"\n");
        Path binary = Files.writeString(java.resolve("bin/java"),
                "#!/bin/sh\necho \"I am " + name + ", pid $$\"\nfor a; do echo \"[$a]\"; done\n");
        executable(binary);
        return java;
    }

    private void build() throws IOException {
        Path lib = Files.createDirectories(home.resolve("proxy-cli/target/lib"));
        Files.createFile(home.resolve("proxy-cli/target/proxy-cli-1.jar"));
        for (String jar : List.of("a.jar", "b.jar", "tls-osx-x86_64.jar", "tls-windows-x86_64.jar")) {
            Files.createFile(lib.resolve(jar));
        }
    }

    private List<String> run(int exitCode, Path script, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        try (ChildProcess child = ChildProcess.start(environment, command)) {
            assertThat(child.awaitExit()).as(child.awaitOutput()).isEqualTo(exitCode);
            return child.awaitOutput().lines().toList();
        }
    }

    private List<String> lbd(String... arguments) throws Exception {
        return run(0, home.resolve("lbd"), arguments);
    }

    @Test
    void newestJavaIsChosen() throws Exception {
        build();
        java(jvms, "b-17", "17.0.15");
        java(jvms, "c-25", "25.0.3");
        java(jvms, "d-21", "21");
        java(jvms, "e-8", "1.8.0_402");
        Files.createDirectories(jvms.resolve("f-sources-only/lib"));

        assertThat(lbd("-v").get(0)).startsWith("I am c-25");
    }

    @Test
    void javaHomeWinsIfItIsNewEnough() throws Exception {
        build();
        java(jvms, "new", "25");
        environment.put("JAVA_HOME", java(folder, "mine", "17.0.1").toString());
        assertThat(lbd("-v").get(0)).startsWith("I am mine");

        environment.put("JAVA_HOME", java(folder, "old", "11.0.2").toString());
        assertThat(lbd("-v").get(0)).startsWith("I am new");

        environment.put("JAVA_HOME", folder.resolve("nowhere").toString());
        assertThat(lbd("-v").get(0)).startsWith("I am new");
    }

    @Test
    void javaOnThePathIsTheLastResort() throws Exception {
        build();
        Path java = java(folder, "path-java", "21.0.1");
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("java"), java.resolve("bin/java"));
        environment.merge("PATH", bin.toString(), (tools, b) -> b + ":" + tools);

        assertThat(lbd("-v").get(0)).startsWith("I am path-java");
    }

    @Test
    void withoutJavaOneSentenceTells() throws Exception {
        build();
        java(jvms, "old", "11.0.2");

        assertThat(run(1, home.resolve("lbd"), "-v")).containsExactly(
                "lbd: no Java 17 or newer is found; install one, or point JAVA_HOME at one");
    }

    @Test
    void unbuiltTreeSaysHowToBuild() throws Exception {
        java(jvms, "j", "17");

        assertThat(run(1, home.resolve("lbctl"), "status")).containsExactly(
                "lbctl: not built yet; build it with 'mvn -DskipTests package' in " + home);
    }

    @Test
    void newFlagsGoToNewJavasOnly() throws Exception {
        build();
        java(jvms, "j", "23.0.1");
        assertThat(lbd("-f", "x")).noneMatch(a -> a.contains("native-access") || a.contains("unsafe"));

        java(jvms, "k", "24-ea");
        assertThat(lbd("-f", "x"))
                .contains("[--enable-native-access=ALL-UNNAMED]", "[--sun-misc-unsafe-memory-access=allow]");
    }

    @Test
    void classPathHoldsTheJarAndItsLibraries() throws Exception {
        build();
        java(jvms, "j", "17");

        List<String> called = lbd("-f", "x y.cfg");

        String lib = home + "/proxy-cli/target/lib";
        assertThat(called.get(called.indexOf("[-cp]") + 1))
                .isEqualTo("[" + home + "/proxy-cli/target/proxy-cli-1.jar:" + lib + "/a.jar:" + lib + "/b.jar]");
        assertThat(called).endsWith("[net.lbd.cli.process.Main]", "[-f]", "[x y.cfg]");
    }

    @Test
    void installationHasItsLibrariesInOneFolder() throws Exception {
        Path lib = Files.createDirectory(home.resolve("lib"));
        Files.createFile(lib.resolve("all.jar"));
        java(jvms, "j", "17");

        assertThat(lbd("-f", "x")).contains("[" + lib + "/all.jar]");
    }

    @Test
    void servingDaemonIsOptimizedAndShortCommandsAreNot() throws Exception {
        build();
        java(jvms, "j", "17");

        assertThat(lbd("-f", "x")).contains("[--add-opens=java.base/java.nio=ALL-UNNAMED]", "[--add-opens=java.base/sun.nio.ch=ALL-UNNAMED]").doesNotContain("[-XX:TieredStopAtLevel=1]");
        assertThat(lbd("-c", "-f", "x")).contains("[-XX:TieredStopAtLevel=1]");
        assertThat(lbd("-f", "x", "--", "-c")).doesNotContain("[-XX:TieredStopAtLevel=1]");
        assertThat(run(0, home.resolve("lbctl"), "status"))
                .contains("[-XX:TieredStopAtLevel=1]", "[net.lbd.cli.admin.Lbctl]", "[status]");
    }

    @Test
    void usersFlagsComeLast() throws Exception {
        build();
        java(jvms, "j", "17");
        environment.put("LBD_JAVA_OPTS", "-Xmx77m -Dx=y");

        List<String> called = lbd("-f", "x");

        assertThat(called).containsSubsequence("[-cp]", "[-Xmx77m]", "[-Dx=y]", "[net.lbd.cli.process.Main]");
    }

    @Test
    void scriptMayBeCalledThroughLinks() throws Exception {
        build();
        java(jvms, "j", "17");
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Files.createSymbolicLink(home.resolve("relative"), Path.of("lbctl"));
        Files.createSymbolicLink(bin.resolve("absolute"), home.resolve("relative"));

        assertThat(run(0, bin.resolve("absolute"), "status")).contains("[net.lbd.cli.admin.Lbctl]");
    }

    @Test
    void shellBecomesTheJvm() throws Exception {
        build();
        java(jvms, "j", "17");

        try (ChildProcess child = ChildProcess.start(environment, List.of(home.resolve("lbd").toString(), "-v"))) {
            child.awaitLine("I am j, pid " + child.pid());
            assertThat(child.awaitExit()).isZero();
        }
    }

    /** As {@link #java}, but obeys -XX:ArchiveClassesAtExit, and finds fault with every configuration. */
    private void archivingJava() throws IOException {
        Path java = java(jvms, "j", "17.0.9");
        executable(Files.writeString(java.resolve("bin/java"), """
                #!/bin/sh
                for a; do
                    echo "[$a]"
                    case $a in -XX:ArchiveClassesAtExit=*) echo made >"${a#*=}"; archives=yes ;; esac
                done
                [ -z "$archives" ] || echo "$a" >"%s"
                exit 1
                """.formatted(home.resolve("archived"))));
    }

    private List<String> check() throws Exception {
        return run(1, home.resolve("lbd"), "-c", "-f", "x");
    }

    @Test
    void firstCheckLeavesAnArchiveThatLaterOnesUse() throws Exception {
        build();
        archivingJava();
        Path archive = home.resolve("proxy-cli/target/lbd-17.0.9.jsa");

        List<String> first = check();
        assertThat(first).noneMatch(a -> a.contains("Archive")).containsOnlyOnce("[-c]");
        assertThat(archive).hasContent("made");
        assertThat(home.resolve("archived")).content().describedAs("not made of the administrator's file")
                .endsWith(".cfg\n").isNotEqualTo("x\n");

        Files.writeString(archive, "older");
        assertThat(check()).contains("[-XX:SharedArchiveFile=" + archive + "]");
        assertThat(archive).hasContent("older");

        Files.setLastModifiedTime(archive, FileTime.fromMillis(0));
        check();
        assertThat(archive).hasContent("made");
        try (Stream<Path> files = Files.list(archive.getParent())) {
            assertThat(files.map(p -> p.getFileName().toString()))
                    .containsExactlyInAnyOrder("lbd-17.0.9.jsa", "lib", "proxy-cli-1.jar");
        }
    }

    @Test
    void onlyShortRunsUseTheArchiveAndOnlyChecksMakeIt() throws Exception {
        build();
        archivingJava();
        Path archive = home.resolve("proxy-cli/target/lbd-17.0.9.jsa");

        run(1, home.resolve("lbctl"), "status");
        environment.put("LBD_JAVA_OPTS", "-Xmx77m");
        check();
        assertThat(archive).doesNotExist();

        Files.createFile(archive);
        assertThat(run(1, home.resolve("lbctl"), "status")).contains("[-XX:SharedArchiveFile=" + archive + "]");
        assertThat(run(1, home.resolve("lbd"), "-f", "x")).noneMatch(a -> a.contains("Archive"));
    }

    @Test
    void theServicesVariablesHoldForCommandsToo() throws Exception {
        build();
        Path java = java(jvms, "j", "17");
        Files.writeString(java.resolve("bin/java"), "#!/bin/sh\necho \"$LBD_ROLE|$QUOTED|$MINE|$LBD_JAVA_OPTS|$EVIL|$TWICE|$BLANKS|$NONE\"\n");
        environment.put("LBD_DEFAULTS", Files.writeString(folder.resolve("defaults"), """
                # a comment
                LBD_ROLE=master
                QUOTED="two words"
                MINE=of the file
                LBD_JAVA_OPTS=-Xmx1g
                EVIL=$(echo run)
                not a variable
                TWICE=first
                TWICE=last
                  BLANKS=\s\t in between\s\t
                NONE=\s
                NO-NAME=x""").toString());
        environment.put("MINE", "of the caller");
        assertThat(run(0, home.resolve("lbctl"), "check")).containsExactly("master|two words|of the caller||$(echo run)|last|in between|");
    }
}
