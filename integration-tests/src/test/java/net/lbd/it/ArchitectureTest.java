package net.lbd.it;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The directions between modules that the design sets. A rule about a package without classes fails. */
@AnalyzeClasses(packages = "net.lbd", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String CONFIG = "net.lbd.config..";
    private static final String HEALTH = "net.lbd.health..";
    private static final String CORE = "net.lbd.core..";
    private static final String L4 = "net.lbd.l4..";
    private static final String CLI = "net.lbd.cli..";
    private static final String TESTKIT = "net.lbd.testkit..";

    /**
     * What the runtime may see of the language: the model, the records of the keywords, and what it
     * needs to say which line cannot be put into service.
     */
    private static final DescribedPredicate<JavaClass> LANGUAGE_BEHIND_THE_MODEL = resideInAPackage(CONFIG)
            .and(describe("outside the model, the keyword records, locations and diagnostics",
                    c -> !c.getPackageName().equals("net.lbd.config.model")
                            && !c.getPackageName().startsWith("net.lbd.config.keyword")
                            && !Set.of("SourceLocation", "Diagnostic", "Severity", "Code").contains(c.getSimpleName())));

    @ArchTest
    private static final ArchRule languageKnowsNoNettyAndNoOtherModule = noClasses()
            .that().resideInAPackage(CONFIG)
            .should().dependOnClassesThat().resideInAnyPackage("io.netty..", HEALTH, CORE, L4, CLI, TESTKIT);

    @ArchTest
    private static final ArchRule healthWorksWithoutTheCore = noClasses()
            .that().resideInAPackage(HEALTH)
            .should().dependOnClassesThat().resideInAnyPackage(CORE, L4, CLI, TESTKIT);

    @ArchTest
    private static final ArchRule layerFourWorksWithoutTheCore = noClasses()
            .that().resideInAPackage(L4)
            .should().dependOnClassesThat().resideInAnyPackage("io.netty..", CORE, CLI, TESTKIT);

    @ArchTest
    private static final ArchRule coreDoesNotKnowWhoRunsIt = noClasses()
            .that().resideInAPackage(CORE)
            .should().dependOnClassesThat().resideInAnyPackage(L4, CLI, TESTKIT);

    @ArchTest
    private static final ArchRule coreSeesTheModelNeverTheText = noClasses()
            .that().resideInAPackage(CORE)
            .should().dependOnClassesThat(LANGUAGE_BEHIND_THE_MODEL);

    @ArchTest
    private static final ArchRule daemonUsesNoTestCode = noClasses()
            .that().resideInAPackage(CLI)
            .should().dependOnClassesThat().resideInAPackage(TESTKIT);

    @ArchTest
    private static final ArchRule testkitKnowsNothingOfTheProduct = noClasses()
            .that().resideInAPackage(TESTKIT)
            .should().dependOnClassesThat().resideInAnyPackage(CONFIG, HEALTH, CORE, L4, CLI);

    @ArchTest
    private static final ArchRule everythingLivesInAModulesPackage = classes()
            .should().resideInAnyPackage(CONFIG, HEALTH, CORE, L4, CLI, TESTKIT);

    @Test
    void languageHasNoNettyOnItsClassPath() {
        assertThat(SourceTree.read("proxy-config/pom.xml")).doesNotContain("io.netty");
    }

    @Test
    void everyPackageSaysItsPurpose() throws IOException {
        List<Path> silent = new ArrayList<>();
        for (Path module : SourceTree.modules()) {
            try (Stream<Path> files = Files.walk(module.resolve("src/main/java"))) {
                files.filter(f -> f.toString().endsWith(".java"))
                        .map(Path::getParent)
                        .distinct()
                        .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
                        .forEach(silent::add);
            }
        }
        assertThat(silent).as("packages without package-info.java").isEmpty();
    }
}
