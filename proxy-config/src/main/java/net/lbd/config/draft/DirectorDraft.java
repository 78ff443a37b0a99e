package net.lbd.config.draft;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.model.AddressRange;
import net.lbd.config.model.DirectorSpec;
import net.lbd.config.syntax.Word;

/** What a {@code director} section holds. Not thread-safe. The fields belong to the keyword family that fills them. */
public final class DirectorDraft {

    private final ProxyDraft backend;
    public Optional<InetAddress> address = Optional.empty();
    public Optional<Word> addressWord = Optional.empty();
    public final List<Integer> ports = new ArrayList<>();
    public DirectorSpec.Mode mode = DirectorSpec.Mode.NAT;
    public Optional<Word> modeWord = Optional.empty();
    public DirectorSpec.Balance balance = DirectorSpec.Balance.LEASTCONN;
    public Optional<InetAddress> source = Optional.empty();
    public Optional<Word> sourceWord = Optional.empty();
    /** {@code option persistence}: its time, and the mask as a prefix length, each where it was said. */
    public Optional<Duration> persistence = Optional.empty();
    public Optional<Integer> persistencePrefix = Optional.empty();
    public Optional<Word> persistenceWord = Optional.empty();
    public final List<Word> interfaces = new ArrayList<>();
    public final List<AddressRange> allowed = new ArrayList<>();
    public final List<Word> allowedWords = new ArrayList<>();
    /** {@code check port}. */
    public OptionalInt checkPort = OptionalInt.empty();

    DirectorDraft(Word name) {
        this.backend = new ProxyDraft(SectionKind.DIRECTOR, new Word("director", name.location(), name.length()), name);
    }

    /** The servers and their checks, which are written and checked as those of backends are. */
    public ProxyDraft backend() {
        return backend;
    }
}
