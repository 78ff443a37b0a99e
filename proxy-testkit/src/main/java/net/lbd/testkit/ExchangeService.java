package net.lbd.testkit;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The eight HTTP services of an Exchange server, by the folder that IIS serves them from. */
public enum ExchangeService {
    OWA("owa", "/owa/"),
    ECP("ecp", "/ecp/"),
    EWS("ews", "/ews/exchange.asmx"),
    ACTIVESYNC("Microsoft-Server-ActiveSync", "/Microsoft-Server-ActiveSync"),
    MAPI("mapi", "/mapi/emsmdb/"),
    OAB("oab", "/oab/"),
    RPC("rpc", "/rpc/rpcproxy.dll"),
    AUTODISCOVER("Autodiscover", "/Autodiscover/Autodiscover.xml");

    private final String folder;
    private final String path;

    ExchangeService(String folder, String path) {
        this.folder = folder;
        this.path = path;
    }

    /** The first segment of its paths, such as {@code owa}. */
    public String folder() {
        return folder;
    }

    /** A path that a client of this service asks for. */
    public String path() {
        return path;
    }

    /** The page that says whether the service is well. */
    public String healthPath() {
        return "/" + folder + "/HealthCheck.htm";
    }

    /** The service of a path, its case ignored as IIS does; empty for what belongs to none. */
    public static Optional<ExchangeService> of(String path) {
        String first = path.startsWith("/") ? path.substring(1).split("[/?]", 2)[0] : path;
        return Arrays.stream(values())
                .filter(s -> s.folder.toLowerCase(Locale.ROOT).equals(first.toLowerCase(Locale.ROOT)))
                .findFirst();
    }
}
