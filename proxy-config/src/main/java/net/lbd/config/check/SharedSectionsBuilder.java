package net.lbd.config.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.lbd.config.draft.Drafts;
import net.lbd.config.draft.PlainDraft;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.model.ErrorPageSpec;
import net.lbd.config.model.MailersSpec;
import net.lbd.config.model.ResolversSpec;
import net.lbd.config.model.SharedSections;
import net.lbd.config.model.UserlistSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Diagnostics;
import net.lbd.config.syntax.Nearest;
import net.lbd.config.syntax.SourceLocation;

/** Drafts of the sections that proxies name to their part of the model. Sections of one name are one. Stateless. */
final class SharedSectionsBuilder {

    private SharedSectionsBuilder() { }

    static SharedSections build(Drafts drafts, Diagnostics diagnostics) {
        Map<String, UserlistSpec> userlists = new LinkedHashMap<>();
        Map<String, Map<Integer, ErrorPageSpec>> pages = new LinkedHashMap<>();
        List<ResolversSpec> resolvers = new ArrayList<>();
        List<MailersSpec> mailers = new ArrayList<>();
        Map<String, SourceLocation> namespaces = new LinkedHashMap<>();
        for (PlainDraft section : drafts.plain()) {
            if (section.kind() == SectionKind.HTTP_ERRORS) {
                pages.computeIfAbsent(section.name().text(), n -> new LinkedHashMap<>()).putAll(section.pages());
            } else if (section.kind() == SectionKind.USERLIST) {
                userlists.put(section.name().text(), userlist(section, diagnostics));
            } else if (section.kind() == SectionKind.RESOLVERS) {
                resolvers.add(section.resolvers().toSpec(section.name()));
            } else if (section.kind() == SectionKind.MAILERS) {
                mailers.add(section.mailers().toSpec(section.name()));
            } else if (section.kind() == SectionKind.NAMESPACE_LIST) {
                section.namespaces().forEach(namespaces::putIfAbsent);
            }
        }
        return new SharedSections(pages, userlists, StickTablesBuilder.build(drafts), List.of(), resolvers, mailers, namespaces);
    }

    private static UserlistSpec userlist(PlainDraft section, Diagnostics diagnostics) {
        Map<String, Set<String>> groups = new LinkedHashMap<>();
        for (PlainDraft.Membership membership : section.memberships()) {
            if (!section.users().containsKey(membership.user())) {
                diagnostics.error(Code.UNKNOWN_REFERENCE, membership.at(), "no user of userlist '" + section.name() + "' is named '"
                        + membership.user() + "'" + Nearest.suggestion(membership.user(), section.users().keySet()));
            } else if (!section.groups().containsKey(membership.group())) {
                diagnostics.error(Code.UNKNOWN_REFERENCE, membership.at(), "no group of userlist '" + section.name() + "' is named '"
                        + membership.group() + "'" + Nearest.suggestion(membership.group(), section.groups().keySet()));
            } else {
                groups.computeIfAbsent(membership.user(), u -> new LinkedHashSet<>()).add(membership.group());
            }
        }
        Map<String, UserlistSpec.User> users = new LinkedHashMap<>();
        section.users().forEach((name, user) -> users.put(name,
                new UserlistSpec.User(user.password(), user.hashed(), groups.getOrDefault(name, Set.of()))));
        return new UserlistSpec(section.name().text(), users);
    }
}
