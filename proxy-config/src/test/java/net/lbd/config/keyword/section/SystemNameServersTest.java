package net.lbd.config.keyword.section;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemNameServersTest {

    @Test
    void theAddressesOfTheFileAreTaken(@TempDir Path dir) throws IOException {
        Path file = Files.writeString(dir.resolve("resolv.conf"), """
                # nameserver 10.0.0.9
                search example.org
                nameserver 10.0.0.1
                  nameserver\t2001:db8::1 # second
                nameserver fe80::1%eth0
                nameserver
                options edns0
                """);
        assertThat(SystemNameServers.read(file)).extracting(server -> server.name() + " " + server.address().getHostAddress() + " " + server.port())
                .containsExactly("10.0.0.1 10.0.0.1 53", "2001:db8::1 2001:db8:0:0:0:0:0:1 53");
    }
}
