package net.lbd.core.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import java.util.Optional;
import net.lbd.core.TestProxy;
import org.junit.jupiter.api.Test;

class PipelineAssemblerTest {

    @Test
    void aConnectionThatCannotBeAssembledIsNotCounted() {
        TestProxy proxy = TestProxy.http();
        Admission admission = new Admission(1);
        Listener listener = new Listener(TestProxy.LISTENER, new BindRuntime(proxy.frontend(), "bind", 1, false, Optional.empty(), UnixSocketFile.PLAIN, Optional.empty(), Optional.of(allocator -> {
            throw new IllegalStateException("no memory for TLS");
        }), BindRuntime.Http2.NEVER, BindSocket.PLAIN), List.of(admission));
        EmbeddedChannel channel = new EmbeddedChannel();
        assertThatThrownBy(() -> PipelineAssembler.assemble(channel, proxy.worker(), listener)).hasMessage("no memory for TLS");
        assertThat(proxy.frontend().counters().current.get()).isZero();
        assertThat(admission.current()).isZero();
    }
}
