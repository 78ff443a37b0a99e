package net.lbd.health.check;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A connection of a check, the implied one or a {@code connect}. What it connects to is worked out when its turn comes,
 * from the server's address and what the step says.
 */
final class ConnectStep implements Step {

    /**
     * How to connect. Immutable.
     *
     * @param address in place of the server's
     * @param port in place of the server's
     * @param portExpression yields the port; without a value, or with one that is no port, the server's counts
     * @param proxyHeader the version of the PROXY header to begin with; 0: none
     * @param protocol what is spoken under the bytes of the steps; empty: nothing
     * @param local where it comes from
     * @param linger ends with FIN even if nothing was said on it
     */
    record Target(Optional<InetAddress> address, Optional<Integer> port, Optional<CheckLanguage.Number> portExpression,
            Optional<TlsClient> tls, int proxyHeader, Optional<CheckProtocol> protocol, LocalEnd local, boolean linger) {

        SocketAddress of(SocketAddress server, CheckScope scope) {
            if (!(server instanceof InetSocketAddress inet) || address.isEmpty() && port.isEmpty() && portExpression.isEmpty()) {
                return server;
            }
            int wanted = port.orElseGet(() -> {
                OptionalLong value = portExpression.map(e -> e.evaluate(scope)).orElse(OptionalLong.empty());
                long number = value.orElse(0);
                return number > 0 && number <= 65535 ? (int) number : inet.getPort();
            });
            if (address.isPresent()) {
                return new InetSocketAddress(address.get(), wanted);
            }
            return inet.isUnresolved()
                    ? InetSocketAddress.createUnresolved(inet.getHostString(), wanted)
                    : new InetSocketAddress(inet.getAddress(), wanted);
        }
    }

    private final Target target;
    private final String place;
    private final String success;
    private boolean begun;

    /** @param success what a check that ends with this step tells */
    ConnectStep(Target target, String place, String success) {
        this.target = Objects.requireNonNull(target, "target");
        this.place = Objects.requireNonNull(place, "place");
        this.success = Objects.requireNonNull(success, "success");
    }

    Target target() {
        return target;
    }

    @Override
    public Outcome advance(Wire wire) {
        if (!begun) {
            begun = true;
            wire.connect(this);
        }
        return wire.isOpen()
                ? Outcome.next(target.tls().isPresent() ? CheckStatus.L6OK : CheckStatus.L4OK, success)
                : Outcome.WAIT;
    }

    @Override
    public String place() {
        return place;
    }

    @Override
    public String describe() {
        return "connect" + target.port().map(p -> " port " + p).orElse("") + (target.tls().isPresent() ? " ssl" : "");
    }
}
