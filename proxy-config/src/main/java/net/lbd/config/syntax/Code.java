package net.lbd.config.syntax;

/**
 * The kinds of diagnostics. The identifier is stable: scripts and suppressions name it. Each constant
 * becomes a page of {@code docs/diagnostics}.
 */
public enum Code {
    FILE("LB1001", "A file cannot be read",
            "The file does not exist, may not be read, is a folder or a device, or is not text."),
    NO_CONFIGURATION("LB1002", "There is nothing to load",
            "No file was named, or a named folder holds no file that ends in .cfg."),
    QUOTE("LB1101", "A quote is not closed",
            "A \" or ' begins a quoted part that the end of the line cuts off. Write \\\" or \\' for the character."),
    ESCAPE("LB1102", "An escape is not complete",
            "\\x wants two hexadecimal digits behind it."),
    TRAILING_ESCAPE("LB1103", "A line ends in a backslash",
            "HAProxy takes the backslash for a character, so the line means something else than it shows. The blank\n"
            + "behind it was most likely lost; it is read as an escaped blank here."),
    VARIABLE("LB1104", "A variable is not well formed",
            "Inside double quotes $NAME and ${NAME} stand for environment variables; \\$ is a dollar sign."),
    CONDITIONAL("LB1105", "A conditional block is not well formed",
            ".if, .elif, .else and .endif must pair up, and their condition must be one that is known."),
    USER_MESSAGE("LB1106", "The configuration speaks",
            "A .notice, .warning or .alert line says this."),
    UNKNOWN_KEYWORD("LB1201", "A word is not known",
            "The section has no such directive. The nearest known word is shown."),
    UNKNOWN_SECTION("LB1202", "A section is not known", "The line begins no section that exists."),
    NOT_HERE("LB1203", "A word does not belong in this section", "The directive exists, but not in this section."),
    IGNORED_HERE("LB1204", "A word has no effect in this section",
            "The directive belongs to the other side of a proxy and is ignored here, as HAProxy does."),
    MISSING_ARGUMENT("LB1205", "An argument is missing", "The directive wants more words."),
    EXTRA_ARGUMENT("LB1206", "A word too many", "The directive is complete before this word."),
    BAD_VALUE("LB1207", "A value is not accepted", "A number, time, size or name is not of the form that is wanted."),
    BAD_ADDRESS("LB1208", "An address is not accepted", "The address is not one of the forms of the manual."),
    SHORT_ADDRESS("LB1209", "An IPv4 address has less than four numbers",
            "It is expanded as inet_aton does; it is more likely that a part of it was lost."),
    DUPLICATE("LB1210", "Something is declared twice", "Both places are named."),
    UNKNOWN_REFERENCE("LB1211", "A name is not declared", "The configuration refers to something that it does not declare."),
    NOT_NEGATABLE("LB1212", "A word cannot be negated", "'no' and 'default' may only stand before options."),
    REMOVED("LB1213", "A word was removed from the language",
            "Old versions of HAProxy knew it. The message tells what to write instead."),
    REMOVED_HARMLESS("LB1214", "A word was removed from the language and has no effect",
            "Old versions of HAProxy knew it. What it asked for is what happens anyway."),
    DEPRECATED("LB1215", "A word is deprecated", "It works; the message tells what to write instead."),
    NO_EFFECT("LB1216", "A word has no effect", "It is read, and the message tells why nothing comes of it."),
    NOT_YET("LB1217", "Not supported yet by this version",
            "The word is read and checked, but this version cannot carry it out: lbd -c accepts the file, and the daemon\n"
            + "refuses to start with it."),
    REFUSED("LB1230", "A word is refused",
            "HAProxy knows it; lbd does not carry it out and is not meant to. The message has the reason."),
    EXPRESSION("LB1301", "A sample expression is not well formed", "A fetch and its converters, such as req.hdr(host),lower."),
    UNKNOWN_FETCH("LB1302", "A sample fetch is not known", "The nearest known fetch is shown."),
    UNKNOWN_CONVERTER("LB1303", "A converter is not known", "The nearest known converter is shown."),
    SAMPLE_NOT_HERE("LB1304", "A sample has no value here",
            "The fetch reads something that does not exist at this point: an HTTP header in a tcp proxy, or a part of the\n"
            + "response while the request is looked at."),
    CONDITION("LB1305", "A condition is not well formed", "if or unless, then names of ACLs or anonymous ones in braces."),
    UNKNOWN_ACL("LB1306", "An ACL is not known here", "An ACL must be declared in the same section, above its use."),
    PATTERN("LB1307", "A pattern is not accepted", "The pattern is not of the kind that the match method compares with."),
    LOG_FORMAT("LB1308", "A log-format string is not well formed", "A variable or expression of the string is not known."),
    WRAPPED_LOG_FORMAT("LB1309", "A log-format is continued on the next line", "The string must stand on one line."),
    MODE("LB1401", "Modes do not fit", "A frontend and its backends must have one mode; HTTP words need mode http."),
    MISSING_TIMEOUT("LB1402", "A timeout is missing", """
            Without it a peer that falls silent is waited for without end; a connection to a server is given up after 5 s."""),
    ADDRESS_IN_USE("LB1403", "Two binds have one address", "Only one of them can listen."),
    CERTIFICATE("LB1404", "A certificate is not found", "The message shows every path that was tried."),
    SERVER_VERIFY("LB1405", "Nothing to check a server's certificate with",
            "A server is connected to with TLS, but neither 'verify none' nor 'ca-file' says what its certificate is worth."),
    NO_CHECK_PORT("LB1406", "A server is checked, but on no port", "Neither the server nor its check names a port."),
    UNUSED("LB1407", "Something is declared and never used", "It may be left out, or its use is misspelt."),
    UNREACHABLE("LB1408", "A rule is never reached", "An earlier rule without condition ends the list."),
    NO_LISTENER("LB1410", "A proxy listens nowhere", "The section has no bind line, so nothing reaches it."),
    LIMIT("LB1411", "A limit is reached", "There are too many of something to go on."),
    CANNOT_LISTEN("LB3001", "An address cannot be listened on",
            "The configuration is valid, but the system refuses the socket; the message has its reason."),
    TLS("LB3002", "TLS cannot be set up",
            "A certificate, key or file of authorities cannot be used, or nothing is left of a list of ciphers or curves.\n"
            + "As a notice: a part of such a list stands for nothing here and is left out."),
    UNSUPPORTED("LB3003", "This version cannot do that", "The configuration asks for what is read but not carried out."),
    UNRESOLVED("LB3004", "A name cannot be resolved",
            "A bind needs an address, so that the configuration is refused; a server counts as down until a reload."),
    RESTART("LB3006", "A change takes a restart", "The rest of the configuration is in force; this part takes effect at the next start."),
    SOURCE("LB3008", "A source address cannot be used",
            "'source … usesrc' and 'source … interface' want Linux with the native epoll transport, the interface, and for foreign addresses the\n"
            + "capability CAP_NET_ADMIN (or CAP_NET_RAW) of the process: 'systemctl edit lbd', and under [Service]\n"
            + "AmbientCapabilities=CAP_NET_ADMIN. 'lbctl preflight' checks the rest of the machine."),
    NO_LOCAL_PEER("LB3021", "A peers section does not name this process",
            "A process must know which of the peers it is: the one that bears the name that 'localpeer' gives, else the name of the\n"
            + "machine. The section is left out, and its tables are not shared."),
    TABLE_ANEW("LB3020", "A stick-table starts anew",
            "What the table is was changed: its type, size, expiry, what it stores, or how it is shared. Its entries do not fit\n"
            + "any more. A table whose line stays keeps its entries over a reload."),
    NOTHING_TO_SERVE("LB3007", "The configuration has no listener",
            "No frontend or listen section has a bind line: there is nothing to do. A start or reload is refused, because\n"
            + "an empty file is an accident and not the wish to serve nobody."),
    MISSING_FILE("LB1412", "A file is not found", "A page or a list of certificates that the configuration names is not there."),

    ADVICE_RSTATUS("LBX002", "A status pattern matches errors too",
            "'http-check expect rstatus' looks for its expression anywhere in the status, as HAProxy does: (2|3|401) finds\n"
            + "the 3 of 503 and the 2 of 502, so that a broken server counts as up. Anchor the expression: ^(2|3|401)."),
    ADVICE_MAIL_PORT_CHECK("LBX004", "An HTTP check goes to a mail port",
            "A mail server answers an HTTP request with its banner, which is no HTTP, so the server is always down. Check it\n"
            + "with 'option tcp-check' and its banner, or with a plain 'check'."),
    ADVICE_CHAINED_CHECK("LBX005", "Chained requests of a tcp-check satisfy each other",
            "The steps of one connection read one stream of bytes. The body of an answer often repeats what its head said\n"
            + "('200 OK'), and then satisfies the expectation of the next request. 'http-check' steps know where an answer ends."),
    ADVICE_STICK_KEY("LBX006", "A stick-table cuts its keys",
            "A table of strings keeps 31 characters unless 'len' says more. Credentials begin alike (every NTLM message\n"
            + "does), so that many users share one entry, and with it one server. The key is a password: hash it."),
    ADVICE_LOG_QUOTES("LBX007", "Double quotes vanish from a log-format",
            "Since HAProxy 1.6 double quotes group words; they do not appear in the log. Version 1.5 printed them. Write \\\"."),
    ADVICE_BINARY_LOG("LBX009", "A log line holds binary bytes",
            "The value is not text; its bytes can break the line or the tools that read it. Add the converter hex."),
    ADVICE_SOCKET_PATH("LBX010", "An address is the path of a Unix socket",
            "An address that begins with '/' is a path, and the colon in it is a part of the file's name. Appliances connect\n"
            + "their TLS offloader with such names."),
    ADVICE_SERVER_PORT("LBX012", "A server has no port",
            "It is connected to on the port that its client asked for. In mode http that is rarely meant: a client of\n"
            + "port 443 reaches the server's port 443 without TLS."),
    ADVICE_LONG_POLL("LBX013", "A server timeout cuts long polls",
            "ActiveSync holds a request for up to 15 minutes and more, MAPI over HTTP and Outlook Anywhere for many minutes.\n"
            + "A shorter 'timeout server' answers them with 504; phones then poll in short intervals, which empties batteries."),
    ADVICE_CLIENT_TIMEOUT("LBX014", "A client timeout breaks logins and long polls",
            "NTLM authenticates a connection. A short 'timeout http-keep-alive' closes it between two requests, so that the\n"
            + "client must log in again; a short 'timeout client' ends the waiting requests of ActiveSync, MAPI and RPC."),
    ADVICE_PATH_SLASH("LBX015", "A prefix with a slash at its end misses the bare path",
            "'path_beg /owa/' holds for neither /owa nor //owa/, which go to the default backend; /owa/../ecp/ goes to owa."),
    ADVICE_ENCODED_PATH("LBX016", "A denied path can be written another way",
            "The path is compared as the client wrote it: %48ealthCheck.htm is HealthCheck.htm to the server, and passes the\n"
            + "rule. Decode first: path,url_dec -m end -i."),
    ADVICE_REDIRECT_PORT("LBX017", "A redirection keeps the port of the Host header",
            "'redirect scheme https' copies the Host header: a client that sends 'Host: mail.example.com:80' is sent to port\n"
            + "80 with TLS, where nothing answers."),
    ADVICE_HOST_PORT("LBX018", "A host name is compared with its port",
            "'hdr(host)' is the whole header: 'mail.example.com:443' is not 'mail.example.com'."),
    ADVICE_WILDCARD_BIND("LBX019", "Two binds share a port",
            "One address is a wildcard that includes the other. Connections to the exact address go to its own bind; make\n"
            + "sure that this is meant. HAProxy behaves alike."),
    ADVICE_LOG_GLOBAL("LBX020", "'log global' refers to nothing",
            "The global section names no log target, so nothing is logged."),
    ADVICE_DIRECTOR_NAT("LBX022", "Source NAT cannot be told from destination NAT",
            "A director in mode nat rewrites the destination only: servers see the client's address, and must route their\n"
            + "answers through this machine. On appliances source NAT is a rule of another tab; here it is a 'source' line."),
    ADVICE_OFFLOADING("LBX023", "TLS offloading against Extended Protection",
            "Exchange's Extended Protection, on by default since Exchange 2019 CU14, ties a login to the TLS connection it\n"
            + "came through. It refuses logins behind a proxy that speaks plain HTTP to it; with TLS on both sides the proxy\n"
            + "and Exchange must have the same certificate."),
    ADVICE_HTTP2_NTLM("LBX024", "HTTP/2 is offered where NTLM is used",
            "Connection-bound logins and the methods of RPC over HTTP do not exist in HTTP/2; IIS refuses them. Offer\n"
            + "HTTP/1.1 only on frontends that carry Exchange."),
    ADVICE_SHARED_CONNECTIONS("LBX025", "Server connections are shared between users",
            "NTLM and Kerberos authenticate the connection. A connection that is used for another client carries the first\n"
            + "one's identity. lbd keeps such connections private; 'http-reuse never' keeps all of them so."),
    ADVICE_SLOWSTART("LBX026", "A server that returns is flooded",
            "With leastconn a server that comes back has the fewest connections and gets every new one. 'slowstart' gives it\n"
            + "its share bit by bit."),
    ADVICE_CHECK_HOST("LBX027", "A check sends no Host header",
            "IIS chooses the site by the Host header; without it the answer may come from another site than users see.");

    private final String id;
    private final String title;
    private final String explanation;

    Code(String id, String title, String explanation) {
        this.id = id;
        this.title = title;
        this.explanation = explanation;
    }

    /** {@code LB} and four digits. */
    public String id() {
        return id;
    }

    /** The kind in a few words. */
    public String title() {
        return title;
    }

    /** What it means, for the page of the documentation. */
    public String explanation() {
        return explanation;
    }
}
