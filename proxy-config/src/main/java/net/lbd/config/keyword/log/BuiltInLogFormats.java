package net.lbd.config.keyword.log;

/**
 * The log formats that have a name, as log-format strings. Source: HAProxy manual, section "Log
 * formats". The default format, one line that begins with "Connect from", has no such string: it is
 * what a proxy without a log format gets.
 */
public final class BuiltInLogFormats {

    /** {@code option tcplog}. */
    public static final String TCP = "%ci:%cp [%t] %ft %b/%s %Tw/%Tc/%Tt %B %ts %ac/%fc/%bc/%sc/%rc %sq/%bq";

    /** {@code option httplog}. */
    public static final String HTTP = "%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc "
            + "%ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r";

    /** {@code option httpslog}. */
    public static final String HTTPS = HTTP + " %[fc_err]/%[ssl_fc_err,hex]/%[ssl_c_err]/%[ssl_c_ca_err]/%[ssl_fc_is_resumed] "
            + "%[ssl_fc_sni]/%sslv/%sslc";

    /** {@code option httplog clf}. */
    public static final String CLF = "%{+Q}o %{-Q}ci - - [%trg] %r %ST %B \"\" \"\" %cp %ms %ft %b %s %TR %Tw %Tc %Tr "
            + "%Ta %tsc %ac %fc %bc %sc %rc %sq %bq %CC %CS %hrl %hsl";

    private BuiltInLogFormats() { }
}
