package net.lbd.core.netns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.lbd.core.netns.NamespaceChecks.Lack;
import org.junit.jupiter.api.Test;

class NamespaceChecksTest {

    private static final Set<String> TOOLS = Set.of("nsenter", "setpriv");

    @Test
    void aMachineThatHasEverythingLacksNothing() {
        assertThat(NamespaceChecks.of(List.of("a", "b"), Set.of("a", "b")::contains, TOOLS::contains, true)).isEmpty();
    }

    @Test
    void aConfigurationWithoutNamespacesWantsNothing() {
        assertThat(NamespaceChecks.of(List.of(), name -> false, name -> false, false)).isEmpty();
    }

    @Test
    void eachThingThatIsLackingIsToldOnceWithWhatMendsIt() {
        assertThat(NamespaceChecks.of(List.of("a", "b"), Set.of("a")::contains, Set.of("nsenter")::contains, false)).containsExactly(
                new Lack(Optional.of("b"), "there is no network namespace 'b' (/run/netns/b)", "ip netns add b"),
                new Lack(Optional.empty(), "'namespace' needs the capability CAP_SYS_ADMIN, which this process has not",
                        "systemctl edit lbd, and under [Service]: AmbientCapabilities=CAP_SYS_ADMIN CapabilityBoundingSet=CAP_SYS_ADMIN"
                                + " RestrictNamespaces=net"),
                new Lack(Optional.empty(), "'namespace' needs the program 'setpriv', which is not there", "apt-get install util-linux"));
    }
}
