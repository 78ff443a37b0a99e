package net.lbd.config.draft;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.model.ErrorPageSpec;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.config.syntax.Word;

/** A section that is neither {@code global} nor a proxy. What kinds without a place in the model hold is only checked. Not thread-safe. */
public final class PlainDraft {

    private final SectionKind kind;
    private final Word name;
    private final Map<Integer, ErrorPageSpec> pages = new LinkedHashMap<>();
    private final Map<String, User> users = new LinkedHashMap<>();
    private final Map<String, Word> groups = new LinkedHashMap<>();
    private final List<Membership> memberships = new ArrayList<>();

    private final PeersDraft peers;
    private final RingDraft ring = new RingDraft();
    private final CacheDraft cache = new CacheDraft();
    private final DirectorDraft director;
    private final ResolversDraft resolvers = new ResolversDraft();
    private final MailersDraft mailers = new MailersDraft();
    private final VrrpDraft vrrp = new VrrpDraft();
    private final Map<String, SourceLocation> namespaces = new LinkedHashMap<>();

    /** A user of a userlist. */
    public record User(Optional<String> password, boolean hashed) { }

    /** That a user belongs to a group; both may be declared below the line that says so. */
    public record Membership(String user, String group, Word at) { }

    public PlainDraft(SectionKind kind, Word name) {
        this.kind = kind;
        this.name = name;
        this.peers = new PeersDraft(kind, name);
        this.director = new DirectorDraft(name);
    }

    public SectionKind kind() {
        return kind;
    }

    public Word name() {
        return name;
    }

    /** Of {@code userlist}. */
    public Map<String, User> users() {
        return users;
    }

    public Map<String, Word> groups() {
        return groups;
    }

    public List<Membership> memberships() {
        return memberships;
    }

    /** Of {@code peers}. */
    public PeersDraft peers() {
        return peers;
    }

    /** Of {@code cache}. */
    public CacheDraft cache() {
        return cache;
    }

    /** Of {@code ring}. */
    public RingDraft ring() {
        return ring;
    }

    /** Of {@code director}. */
    public DirectorDraft director() {
        return director;
    }

    /** Of {@code resolvers}. */
    public ResolversDraft resolvers() {
        return resolvers;
    }

    /** Of {@code mailers}. */
    public MailersDraft mailers() {
        return mailers;
    }

    /** Of {@code vrrp}. */
    public VrrpDraft vrrp() {
        return vrrp;
    }

    /** Of {@code namespace_list}: where each is named. */
    public Map<String, SourceLocation> namespaces() {
        return namespaces;
    }

    /** Of {@code http-errors}: the pages by status. */
    public Map<Integer, ErrorPageSpec> pages() {
        return pages;
    }
}
