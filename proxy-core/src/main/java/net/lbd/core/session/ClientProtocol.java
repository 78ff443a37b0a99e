package net.lbd.core.session;

/** What the client's connection speaks, as rules and logs may ask. Event-loop confined. */
public interface ClientProtocol {

    /** One exchange after another. */
    ClientProtocol HTTP_1 = new ClientProtocol() {
        @Override
        public int major() {
            return 1;
        }

        @Override
        public int streams() {
            return 1;
        }

        @Override
        public int streamLimit() {
            return 1;
        }

        @Override
        public int glitches() {
            return 0;
        }
    };

    /** 1 or 2: {@code fc_http_major}. */
    int major();

    /** Streams at this moment: {@code fc_nb_streams}. */
    int streams();

    /** Streams that the client may have at a time: {@code fc_settings_streams_limit}. */
    int streamLimit();

    /** Breaches of the protocol that did not end the connection: {@code fc_glitches}. */
    int glitches();
}
