package net.lbd.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class DescriptorLimitTest {

    @Test
    void complainsOnlyOfALowerLimit() {
        assertThat(DescriptorLimit.complaint(1024, Optional.of("1024"))).isEmpty();
        assertThat(DescriptorLimit.complaint(1024, Optional.of("unlimited"))).isEmpty();
        assertThat(DescriptorLimit.complaint(1024, Optional.empty())).isEmpty();
        assertThat(DescriptorLimit.complaint(1025, Optional.of("1024"))).contains("'ulimit-n 1025': this process may open"
                + " 1024 files only; raise LimitNOFILE in the unit of the service, or 'ulimit -n' before the start");
    }
}
