package net.lbd.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import net.lbd.config.model.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DescriptorRoomTest {

    @ParameterizedTest
    @CsvSource({
        // limit, other, maxconn, accepted up to
        "1048576, 176, 491437, 982876",
        "1024, 124, 422, 845",
        "400, 28, 174, 350",
        // with too few for anything sixteen are tried
        "64, 100, 6, 13",
    })
    void roomIsSharedByClientsAndServersWithAReserve(long limit, int other, int maxconn, int acceptedUpTo) {
        DescriptorRoom room = new DescriptorRoom(limit, other);
        assertThat(room.maxconn()).isEqualTo(maxconn);
        assertThat(room.acceptedUpTo()).isEqualTo(acceptedUpTo);
        assertThat(2 * room.maxconn()).as("clients and their servers stay below").isLessThan(room.acceptedUpTo());
    }

    @Test
    void neededAreTwoForEachClientAndTheOthers() {
        assertThat(new DescriptorRoom(1024, 124).neededFor(450)).isEqualTo(1024);
        assertThat(new DescriptorRoom(1024, 124).neededFor(Integer.MAX_VALUE)).isEqualTo(2L * Integer.MAX_VALUE + 124);
    }

    @Test
    void whatIsThereAtRestCountsWithSocketsAndChecks() {
        DescriptorRoom few = DescriptorRoom.of(Settings.EMPTY, 10, 0, 0).orElseThrow();
        DescriptorRoom more = DescriptorRoom.of(Settings.EMPTY, 10, 7, 2000).orElseThrow();
        assertThat(more.other() - few.other()).isEqualTo(2007);
        assertThat(few.limit()).as("of this process").isPositive();
        assertThat(DescriptorRoom.openNow()).isPositive();
    }
}
