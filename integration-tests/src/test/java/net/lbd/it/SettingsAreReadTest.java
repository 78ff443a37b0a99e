package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.lbd.config.grammar.Keyword;
import net.lbd.config.grammar.KeywordTable;
import net.lbd.config.grammar.Support;
import net.lbd.config.keyword.Vocabulary;
import net.lbd.config.keyword.bind.BindKeywords;
import net.lbd.config.keyword.server.ServerKeywords;
import net.lbd.config.model.BindSettings;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.Setting;
import net.lbd.core.backend.BackendPolicy;
import net.lbd.core.backend.BackendRules;
import net.lbd.core.backend.Server;
import net.lbd.core.listen.Frontend;
import net.lbd.core.listen.FrontendLog;
import net.lbd.core.listen.FrontendRules;
import org.junit.jupiter.api.Test;

/**
 * Nothing is ignored in silence: a setting that the language accepts is read by what runs, or its
 * keyword says that nothing comes of it. The compiler cannot see that ({@code docs/decisions/0001}).
 */
class SettingsAreReadTest {

    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("net.lbd");

    /** The keyword table in which the settings of a class stand. */
    private static final Map<Class<?>, KeywordTable<? extends Keyword>> TABLES = Map.of(
            ProxySettings.class, Vocabulary.PROXY, GlobalSettings.class, Vocabulary.GLOBAL,
            BindSettings.class, BindKeywords.TABLE, ServerSettings.class, ServerKeywords.TABLE);

    /** What neither core nor cli nor layer 4 reads. Whoever carries one out takes it off here, and its row out of the exceptions. */
    private static final Set<String> UNREAD = Set.of(
            "ProxySettings option splice-auto", "ProxySettings option tcp-smart-accept",
            "BindSettings v4v6");

    /** What happens whether it is asked for or not: bytes are counted as they pass. */
    private static final Set<String> ALWAYS_SO = Set.of("ProxySettings option contstats");

    /**
     * What the language itself carries out: paths are looked up, what a load came to is judged, and servers get what their backend
     * says, before it is handed on.
     */
    private static final Set<String> READ_BY_THE_LANGUAGE =
            Set.of("GlobalSettings crt-base", "GlobalSettings ca-base", "GlobalSettings zero-warning", "ProxySettings source",
                    "ProxySettings id", "BindSettings id");

    /** What the runtime is handed and nobody asks for, and the settings it comes from. */
    private static final Map<String, String> UNUSED_COMPONENTS = Map.of(
            // It is the backend's that counts for both sides of a tunnel.
            "Policy.tunnelTimeoutMillis", "",
            // The engine sets the limit of the frontend's Admission by itself.
            "Policy.maxConnections", "",
            // Two targets are compared as wholes: what differs here is another server.
            "Target.settings", "");

    @Test
    void everySettingIsReadOrItsKeywordSaysThatItIsNot() {
        Set<String> unread = new TreeSet<>();
        settings().forEach((name, field) -> {
            if (!READ_BY_THE_LANGUAGE.contains(name) && !ALWAYS_SO.contains(name) && !isReadBy(field, "net.lbd.core.", "net.lbd.cli.", "net.lbd.l4.")) {
                unread.add(name);
            }
        });

        assertThat(unread).isEqualTo(new TreeSet<>(UNREAD));
    }

    @Test
    void whatIsNotReadIsNotCalledSupported() {
        for (String name : UNREAD) {
            Field field = settings().get(name);
            assertThat(field).as("%s is a setting", name).isNotNull();
            assertThat(support(field.getDeclaringClass(), name.substring(name.indexOf(' ') + 1)))
                    .as("support of %s", name).isNotInstanceOf(Support.Supported.class);
        }
    }

    @Test
    void languageReadsWhatItIsSaidToRead() {
        READ_BY_THE_LANGUAGE.forEach(name -> assertThat(isReadBy(
                settings().get(name), "net.lbd.config.check.", "net.lbd.config.LoadResult")).as(name).isTrue());
    }

    /** To be copied from the settings into a record is not to be carried out. */
    @Test
    void everyPartOfTheRuntimesPoliciesIsUsedOrItsKeywordSaysThatItIsNot() {
        Set<String> unused = Stream.of(Frontend.Policy.class, FrontendRules.class, FrontendLog.class, BackendPolicy.class,
                        BackendRules.class, Server.Limits.class, Server.Share.class, Server.Target.class)
                .flatMap(record -> Arrays.stream(record.getRecordComponents()))
                .filter(component -> !isUsed(component))
                .map(component -> component.getDeclaringRecord().getSimpleName() + "." + component.getName())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(unused).isEqualTo(new TreeSet<>(UNUSED_COMPONENTS.keySet()));
        UNUSED_COMPONENTS.values().stream().filter(keyword -> !keyword.isEmpty()).forEach(keyword ->
                assertThat(support(ProxySettings.class, keyword)).as("support of %s", keyword)
                        .isNotInstanceOf(Support.Supported.class));
    }

    private static Map<String, Field> settings() {
        Map<String, Field> settings = new LinkedHashMap<>();
        for (Class<?> owner : TABLES.keySet()) {
            for (Field field : owner.getFields()) {
                settings.put(owner.getSimpleName() + " " + value(field).name(), field);
            }
        }
        return settings;
    }

    private static Setting<?> value(Field field) {
        try {
            return (Setting<?>) field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static Support support(Class<?> owner, String keyword) {
        return TABLES.get(owner).find(keyword).orElseThrow(() -> new AssertionError("no row '" + keyword + "'")).support();
    }

    private static boolean isReadBy(Field field, String... packages) {
        return PRODUCT.get(field.getDeclaringClass()).getField(field.getName()).getAccessesToSelf().stream()
                .map(access -> access.getOriginOwner().getName())
                .anyMatch(origin -> Arrays.stream(packages).anyMatch(origin::startsWith));
    }

    private static boolean isUsed(RecordComponent component) {
        JavaClass record = PRODUCT.get(component.getDeclaringRecord());
        var accessor = record.getMethod(component.getName());
        boolean called = Stream.concat(accessor.getCallsOfSelf().stream(), accessor.getReferencesToSelf().stream())
                .anyMatch(use -> !use.getOriginOwner().equals(record));
        // A record may use its own part for an answer that others ask for.
        return called || record.getField(component.getName()).getAccessesToSelf().stream()
                .anyMatch(access -> !access.getOrigin().getName().equals(component.getName())
                        && !access.getOrigin().isConstructor()
                        && !Set.of("toString", "hashCode", "equals").contains(access.getOrigin().getName()));
    }
}
