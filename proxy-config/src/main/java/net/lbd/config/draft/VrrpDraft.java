package net.lbd.config.draft;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import net.lbd.config.model.VrrpSpec;
import net.lbd.config.syntax.Word;

/** What a {@code vrrp} section says. Not thread-safe. */
public final class VrrpDraft {

    /** A virtual address and the word that told it. */
    public record Address(VrrpSpec.VirtualAddress address, Word at) { }

    /** An address of a machine and the word that told it. */
    public record Peer(InetAddress address, Word at) { }

    public OptionalInt clusterId = OptionalInt.empty();
    public OptionalInt role = OptionalInt.empty();
    public OptionalInt priority = OptionalInt.empty();
    public Optional<String> device = Optional.empty();
    public final List<Address> addresses = new ArrayList<>();
    public Duration advert = VrrpSpec.DEFAULT_ADVERT;
    public Optional<Word> noPreempt = Optional.empty();
    public Optional<Word> preemptDelayWord = Optional.empty();
    public Duration preemptDelay = Duration.ZERO;
    public Optional<Peer> source = Optional.empty();
    public final List<Peer> peers = new ArrayList<>();
    public final List<String> trackedDevices = new ArrayList<>();
    public final List<Word> trackedBackends = new ArrayList<>();
    public Optional<Word> file = Optional.empty();
}
