package net.lbd.testkit;

import java.net.InetSocketAddress;

/**
 * A web server of another maker with TLS that answers the Exchange paths: every path with a text that
 * names the server, {@code /<service>/HealthCheck.htm} with {@code 200 OK<br/>NAME}, and
 * {@code /<service>/large.bin} with {@link #LARGE_BYTES} bytes. Every answer carries
 * {@code X-FEServer: NAME}. Any thread.
 */
public interface RealServer extends AutoCloseable {

    /** The size of {@code large.bin}, whose byte i is the letter i mod 26: more than socket buffers hold. */
    int LARGE_BYTES = 16 * 1024 * 1024;

    String name();

    InetSocketAddress address();

    /** Ends in order and waits until the port refuses. */
    void stop();

    /** Ends at once, its connections cut, and waits until the port refuses. */
    void kill();

    /** Runs again, on the same port. */
    void start();

    /** Whether the health pages of all services answer 200 (at first) or 503. */
    void setHealthy(boolean healthy);

    /** Stops for good and removes what it wrote outside its folder. */
    @Override
    void close();
}
