package net.lbd.config.keyword.sample;

import static net.lbd.config.keyword.sample.FetchKeyword.of;
import static net.lbd.config.keyword.sample.FetchSource.*;
import static net.lbd.config.model.SampleType.*;

import java.util.List;

/** Constants and the state of the process. Source: HAProxy manual, "Fetching samples from internal states". */
final class InternalFetchKeywords {

    static final List<FetchKeyword> ROWS = List.of(
            of("always_true", BOOLEAN, CONSTANT, "True."),
            of("always_false", BOOLEAN, CONSTANT, "False."),
            of("bool", "value:string", BOOLEAN, CONSTANT, "A constant: true or 1, false or 0."),
            of("int", "value:integer", INTEGER, CONSTANT, "A constant number."),
            of("str", "value:string", STRING, CONSTANT, "A constant text."),
            of("bin", "hex:string", BINARY, CONSTANT, "Constant bytes in hexadecimal."),
            of("meth", "method:string", METHOD, CONSTANT, "A constant method."),
            of("ipv4", "address:ipv4", ADDRESS, CONSTANT, "A constant IPv4 address."),
            of("ipv6", "address:ipv6", ADDRESS, CONSTANT, "A constant IPv6 address."),
            of("env", "name:string", STRING, CONSTANT, "An environment variable of the process."),
            of("date", "[offset:integer,unit:string]", INTEGER, CONSTANT,
                    "The time in seconds since 1970; unit s, ms or us."),
            of("rand", "[range:integer]", INTEGER, CONSTANT, "A random number below the range (default 2^32)."),
            of("uuid", "[version:integer]", STRING, CONSTANT, "A random UUID of version 4."),
            of("hostname", STRING, CONSTANT, "The name of this machine."),
            of("unique-id", STRING, CONSTANT, "The stream's identifier, as 'unique-id-format' makes it."),
            of("var", "name:variable[,default:string]", ANY, CONSTANT, "A variable; without a value, the default."),
            of("nbsrv", "[backend:backend]", INTEGER, INTERNAL, "How many servers of the backend are usable."),
            of("srv_is_up", "server:server", BOOLEAN, INTERNAL, "Whether a server is up; written [backend/]server."),
            of("be_conn", "[backend:backend]", INTEGER, INTERNAL, "How many streams the backend has."),
            of("be_sess_rate", "[backend:backend]", INTEGER, INTERNAL, "New streams of the backend in a second."),
            of("fe_conn", "[frontend:frontend]", INTEGER, INTERNAL, "How many connections the frontend has."),
            of("fe_req_rate", "[frontend:frontend]", INTEGER, INTERNAL, "Requests of the frontend in a second."),
            of("fe_sess_rate", "[frontend:frontend]", INTEGER, INTERNAL, "New connections of the frontend in a second."),
            of("prio_class", INTEGER, REQUEST_KEPT, "The class of the stream in queues."),
            of("prio_offset", INTEGER, REQUEST_KEPT, "The offset of the stream in queues, in milliseconds."),
            of("queue", "[backend:backend]", INTEGER, INTERNAL, "How many streams wait in the backend's queues."),
            of("avg_queue", "[backend:backend]", INTEGER, INTERNAL, "The queued streams for each usable server."),
            of("srv_conn", "server:server", INTEGER, INTERNAL, "How many streams a server has."));

    private InternalFetchKeywords() { }
}
