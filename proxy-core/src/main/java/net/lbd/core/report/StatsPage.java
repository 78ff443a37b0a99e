package net.lbd.core.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.model.StatsSpec;

/**
 * The statistics page: a table for each proxy with HAProxy's columns, in the colours that HAProxy gives the states. It needs no script and
 * nothing from another server. Pure but for the look at the process; not for event loops. Source: HAProxy manual, "stats enable".
 */
public final class StatsPage {

    /**
     * How it is asked for.
     *
     * @param onlyUp leaves servers out that are down
     * @param admin the form is shown, with this token; empty: it is not
     * @param outcome of the change before; empty: there was none
     */
    public record View(StatsSpec spec, String proxy, boolean onlyUp, boolean refreshes, Optional<String> admin, String outcome) {
        public View {
            Objects.requireNonNull(spec, "spec");
            Objects.requireNonNull(proxy, "proxy");
            Objects.requireNonNull(admin, "admin");
            Objects.requireNonNull(outcome, "outcome");
        }
    }

    private record Group(String title, List<Column> columns) { }

    private record Column(String title, StatField field, boolean bytes) { }

    private static final List<Group> GROUPS = List.of(
            new Group("Queue", List.of(n("Cur", StatField.QCUR), n("Max", StatField.QMAX), n("Limit", StatField.QLIMIT))),
            new Group("Session rate", List.of(n("Cur", StatField.RATE), n("Max", StatField.RATE_MAX), n("Limit", StatField.RATE_LIM))),
            new Group("Sessions", List.of(n("Cur", StatField.SCUR), n("Max", StatField.SMAX), n("Limit", StatField.SLIM),
                    n("Total", StatField.STOT), n("LbTot", StatField.LBTOT), n("Last", StatField.LASTSESS))),
            new Group("Bytes", List.of(new Column("In", StatField.BIN, true), new Column("Out", StatField.BOUT, true))),
            new Group("Denied", List.of(n("Req", StatField.DREQ), n("Resp", StatField.DRESP))),
            new Group("Errors", List.of(n("Req", StatField.EREQ), n("Conn", StatField.ECON), n("Resp", StatField.ERESP))),
            new Group("Warnings", List.of(n("Retr", StatField.WRETR), n("Redis", StatField.WREDIS))),
            new Group("Server", List.of(n("Status", StatField.STATUS), n("LastChk", StatField.CHECK_STATUS), n("Wght", StatField.WEIGHT),
                    n("Act", StatField.ACT), n("Bck", StatField.BCK), n("Chk", StatField.CHKFAIL), n("Dwn", StatField.CHKDOWN),
                    n("Dwntme", StatField.DOWNTIME), n("Thrtle", StatField.THROTTLE))));

    private static final List<String[]> ACTIONS = List.of(
            new String[] {"ready", "Set state to READY"}, new String[] {"drain", "Set state to DRAIN"},
            new String[] {"maint", "Set state to MAINT"}, new String[] {"dhlth", "Health: disable checks"},
            new String[] {"ehlth", "Health: enable checks"}, new String[] {"hrunn", "Health: force UP"},
            new String[] {"hnolb", "Health: force NOLB"}, new String[] {"hdown", "Health: force DOWN"},
            new String[] {"dagent", "Agent: disable checks"}, new String[] {"eagent", "Agent: enable checks"},
            new String[] {"arunn", "Agent: force UP"}, new String[] {"adown", "Agent: force DOWN"},
            new String[] {"shutdown", "Kill sessions"});

    private static final String STYLE = """
            :root{color-scheme:light}*{box-sizing:border-box}
            body{font:13px/1.35 system-ui,sans-serif;margin:0;background:#f5f6f8;color:#1d2430}
            header{background:#22304a;color:#fff;padding:14px 20px}h1{font-size:19px;margin:0}h1 small{font-weight:400;opacity:.75;margin-left:8px}
            header p{margin:4px 0 0;opacity:.85}main{padding:14px 20px}
            .facts{display:flex;flex-wrap:wrap;gap:8px 26px;margin-bottom:12px}.facts b{font-weight:600}
            .legend{display:flex;flex-wrap:wrap;gap:4px 14px;margin:0 0 14px}.legend span{padding:1px 8px;border-radius:3px;border:1px solid #0002}
            .said{background:#fff7d6;border:1px solid #d9c77a;padding:8px 12px;border-radius:4px;margin-bottom:12px}
            section{background:#fff;border:1px solid #d8dce3;border-radius:6px;margin-bottom:16px;overflow-x:auto}
            h2{font-size:15px;margin:0;padding:8px 12px}h2 small{font-weight:400;color:#667}
            table{border-collapse:collapse;width:100%;white-space:nowrap;font-size:12px}input{margin:0 3px 0 0;vertical-align:-2px}
            th{font-weight:600;color:#556;background:#eef0f4;padding:3px 4px;border-bottom:1px solid #d8dce3}
            td{padding:3px 4px;text-align:right;border-bottom:1px solid #0000000f;font-variant-numeric:tabular-nums}
            th.g,td.g{border-left:1px solid #d8dce3}td.name,th.name{text-align:left;padding-left:12px;position:sticky;left:0}
            tr.frontend td{background:#e9eef8}tr.backend td{background:#e4e4ea;font-weight:600}
            tr.up td,.up{background:#cdf2c8}tr.backup td,.backup{background:#c9e4fb}tr.going-down td,.going-down{background:#fff3a3}
            tr.going-up td,.going-up{background:#ffd79a}tr.down td,.down{background:#ffb3ab}tr.drain td,.drain{background:#bfeaf0}
            tr.nolb td,.nolb{background:#d7c9f3}tr.maint td,.maint{background:#d9b99b}tr.no-check td,.no-check{background:#ececec}
            form .act{padding:8px 12px;background:#fafbfc}select,button{font:inherit;padding:3px 8px}a{color:#2456a6}footer{padding:0 20px 20px;color:#667}
            """;

    private final StringBuilder out = new StringBuilder(32 * 1024);
    private final View view;

    private StatsPage(View view) {
        this.view = view;
    }

    private static Column n(String title, StatField field) {
        return new Column(title, field, false);
    }

    /** Whether the page of a proxy shows another, or itself. */
    static boolean isShown(StatsSpec spec, String page, String proxy) {
        return spec.scope().isEmpty() || spec.scope().contains(proxy) || spec.scope().contains(".") && proxy.equals(page);
    }

    /** The rows that a page shows: of its scope, and of servers that are up if no others are wanted. */
    public static List<StatRow> rows(ReportSource source, View view) {
        return ProxyReport.rows(source, ProxyReport.Filter.ALL).stream()
                .filter(row -> isShown(view.spec(), view.proxy(), row.text(StatField.PXNAME)))
                .filter(row -> !view.onlyUp() || row.kind() != StatRow.Kind.SERVER
                        || !row.text(StatField.STATUS).startsWith("DOWN") && !row.text(StatField.STATUS).startsWith("MAINT"))
                .toList();
    }

    public static String html(ReportSource source, View view) {
        StatsPage page = new StatsPage(view);
        page.write(ProcessReport.of(source), rows(source, view));
        return page.out.toString();
    }

    private void write(Map<InfoField, Object> info, List<StatRow> rows) {
        StatsSpec spec = view.spec();
        String product = text(info.get(InfoField.NAME)) + (spec.version() ? " " + text(info.get(InfoField.VERSION)) : "");
        String node = spec.node().map(name -> name.isEmpty() ? text(info.get(InfoField.NODE)) : name).orElse("");
        out.append("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Statistics")
                .append(node.isEmpty() ? "" : " of " + escaped(node)).append("</title>");
        if (view.refreshes() && !spec.refresh().isZero()) {
            out.append("<meta http-equiv=\"refresh\" content=\"").append(Math.max(1, spec.refresh().toSeconds())).append("\">");
        }
        out.append("<meta name=\"viewport\" content=\"width=device-width\"><style>").append(STYLE).append("</style></head><body><header><h1>")
                .append(escaped(product)).append("<small>Statistics Report").append(node.isEmpty() ? "" : " for " + escaped(node))
                .append("</small></h1>");
        spec.description().map(d -> d.isEmpty() ? text(info.get(InfoField.DESCRIPTION)) : d).filter(d -> !d.isEmpty())
                .ifPresent(d -> out.append("<p>").append(escaped(d)).append("</p>"));
        out.append("</header><main>");
        for (StatsOutcome outcome : StatsOutcome.values()) {
            if (outcome.name().equals(view.outcome())) {
                out.append("<p class=\"said\">").append(outcome.text()).append("</p>");
            }
        }
        facts(info);
        legend();
        List<StatRow> ofProxy = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            ofProxy.add(rows.get(i));
            if (i + 1 == rows.size() || rows.get(i + 1).proxyId() != rows.get(i).proxyId()) {
                proxy(ofProxy);
                ofProxy.clear();
            }
        }
        String uri = escaped(spec.uri());
        out.append("</main><footer><a href=\"").append(uri).append(";csv\">CSV</a> · <a href=\"").append(uri)
                .append(";json\">JSON</a> · <a href=\"").append(uri).append(";up\">without servers that are down</a> · <a href=\"")
                .append(uri).append("\">all</a></footer></body></html>\n");
    }

    private void facts(Map<InfoField, Object> info) {
        out.append("<div class=\"facts\">");
        fact("pid", info.get(InfoField.PID));
        fact("uptime", info.get(InfoField.UPTIME));
        fact("threads", info.get(InfoField.NBTHREAD));
        fact("connections", info.get(InfoField.CURR_CONNS) + (info.containsKey(InfoField.MAXCONN) ? " of " + info.get(InfoField.MAXCONN) : ""));
        fact("connections per second", info.get(InfoField.CONN_RATE));
        fact("requests so far", info.get(InfoField.CUM_REQ));
        fact("open files at most", info.get(InfoField.ULIMIT_N));
        if (Integer.valueOf(1).equals(info.get(InfoField.STOPPING))) {
            fact("state", "stopping");
        }
        out.append("</div>");
    }

    private void fact(String name, Object value) {
        if (value != null) {
            out.append("<span>").append(name).append(": <b>").append(escaped(value.toString())).append("</b></span>");
        }
    }

    private void legend() {
        String[][] states = {{"up", "active UP"}, {"backup", "backup UP"}, {"going-down", "UP, going down"}, {"going-up", "DOWN, going up"},
            {"down", "DOWN"}, {"drain", "draining"}, {"nolb", "up, no new sessions"}, {"maint", "maintenance"}, {"no-check", "not checked"}};
        out.append("<div class=\"legend\">");
        for (String[] state : states) {
            out.append("<span class=\"").append(state[0]).append("\">").append(state[1]).append("</span>");
        }
        out.append("</div>");
    }

    private void proxy(List<StatRow> rows) {
        StatRow first = rows.get(0);
        boolean form = view.admin().isPresent() && rows.stream().anyMatch(row -> row.kind() == StatRow.Kind.SERVER);
        out.append("<section><h2 id=\"").append(escaped(first.text(StatField.PXNAME))).append("\">").append(escaped(first.text(StatField.PXNAME)))
                .append(" <small>").append(escaped(first.text(StatField.MODE))).append(algorithm(rows)).append("</small></h2>");
        if (form) {
            out.append("<form method=\"post\" action=\"").append(escaped(view.spec().uri())).append("\">");
        }
        out.append("<table><thead><tr><th class=\"name\" rowspan=\"2\"></th>");
        for (Group group : groups()) {
            out.append("<th class=\"g\" colspan=\"").append(group.columns().size()).append("\">").append(group.title()).append("</th>");
        }
        out.append("</tr><tr>");
        for (Group group : groups()) {
            for (int i = 0; i < group.columns().size(); i++) {
                out.append(i == 0 ? "<th class=\"g\">" : "<th>").append(group.columns().get(i).title()).append("</th>");
            }
        }
        out.append("</tr></thead><tbody>");
        rows.forEach(row -> row(row, form));
        out.append("</tbody></table>");
        if (form) {
            out.append("<div class=\"act\">With the chosen servers: <select name=\"action\"><option value=\"\"></option>");
            for (String[] action : ACTIONS) {
                out.append("<option value=\"").append(action[0]).append("\">").append(action[1]).append("</option>");
            }
            out.append("</select> <input type=\"hidden\" name=\"b\" value=\"#").append(first.proxyId())
                    .append("\"><input type=\"hidden\" name=\"token\" value=\"").append(escaped(view.admin().get()))
                    .append("\"><button>Apply</button></div></form>");
        }
        out.append("</section>");
    }

    private List<Group> groups() {
        if (!view.spec().modules()) {
            return GROUPS;
        }
        List<Group> all = new ArrayList<>(GROUPS);
        all.add(new Group("TLS", List.of(n("Sess", StatField.SSL_SESS), n("Reused", StatField.SSL_REUSED_SESS),
                n("Failed", StatField.SSL_FAILED_HANDSHAKE))));
        return all;
    }

    private String algorithm(List<StatRow> rows) {
        return view.spec().legends() ? rows.stream().map(row -> row.text(StatField.ALGO)).filter(a -> !a.isEmpty())
                .map(a -> ", balance " + escaped(a)).findFirst().orElse("") : "";
    }

    private void row(StatRow row, boolean form) {
        out.append("<tr class=\"").append(colour(row)).append("\"><td class=\"name\"");
        if (view.spec().legends() && row.kind() == StatRow.Kind.SERVER) {
            out.append(" title=\"").append(escaped(row.text(StatField.ADDR)));
            row.value(StatField.COOKIE).ifPresent(cookie -> out.append(", cookie ").append(escaped(cookie.toString())));
            out.append(", id ").append(row.serverId()).append('"');
        }
        out.append('>');
        if (form && row.kind() == StatRow.Kind.SERVER) {
            out.append("<label><input type=\"checkbox\" name=\"s\" value=\"").append(escaped(row.text(StatField.SVNAME))).append("\"> ")
                    .append(escaped(row.text(StatField.SVNAME))).append("</label>");
        } else {
            String name = row.text(StatField.SVNAME);
            out.append(escaped(row.kind() == StatRow.Kind.SERVER ? name : name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT)));
        }
        out.append("</td>");
        for (Group group : groups()) {
            for (int i = 0; i < group.columns().size(); i++) {
                cell(row, group.columns().get(i), i == 0);
            }
        }
        out.append("</tr>");
    }

    private void cell(StatRow row, Column column, boolean first) {
        out.append(first ? "<td class=\"g\"" : "<td");
        switch (column.field()) {
            case STATUS -> row.value(StatField.LASTCHG).ifPresent(seconds ->
                    out.append(" title=\"for ").append(time(Long.parseLong(seconds.toString()))).append('"'));
            case CHECK_STATUS -> out.append(" title=\"").append(escaped(row.text(StatField.CHECK_DESC)))
                    .append(row.text(StatField.LAST_CHK).isEmpty() ? "" : ": " + escaped(row.text(StatField.LAST_CHK))).append('"');
            case STOT -> row.value(StatField.HRSP_2XX).ifPresent(two -> out.append(" title=\"responses 1xx: ")
                    .append(row.text(StatField.HRSP_1XX)).append(", 2xx: ").append(two).append(", 3xx: ").append(row.text(StatField.HRSP_3XX))
                    .append(", 4xx: ").append(row.text(StatField.HRSP_4XX)).append(", 5xx: ").append(row.text(StatField.HRSP_5XX)).append('"'));
            case BIN, BOUT -> out.append(" title=\"").append(row.text(column.field())).append(" bytes\"");
            default -> { }
        }
        out.append('>').append(row.value(column.field()).map(value -> shown(row, column, value)).orElse("")).append("</td>");
    }

    private static String shown(StatRow row, Column column, Object value) {
        return switch (column.field()) {
            case DOWNTIME -> time(Long.parseLong(value.toString()));
            case ACT, BCK -> row.kind() != StatRow.Kind.SERVER ? escaped(value.toString()) : value.toString().equals("1") ? "Y" : "-";
            case RATE_LIM -> value.toString().equals("0") ? "" : escaped(value.toString());
            case LASTSESS -> value.toString().equals("-1") ? "" : time(Long.parseLong(value.toString()));
            case CHECK_STATUS -> escaped(value.toString()) + (row.text(StatField.CHECK_CODE).isEmpty() ? "" : "/" + row.text(StatField.CHECK_CODE))
                    + (row.text(StatField.CHECK_DURATION).isEmpty() ? "" : " in " + row.text(StatField.CHECK_DURATION) + "ms");
            default -> column.bytes() ? bytes(Long.parseLong(value.toString())) : escaped(value.toString());
        };
    }

    private static String bytes(long number) {
        if (number < 10_000) {
            return Long.toString(number);
        }
        String[] units = {"k", "M", "G", "T", "P"};
        double value = number;
        int unit = -1;
        while (value >= 1000 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value) + units[unit];
    }

    private static String time(long seconds) {
        Duration d = Duration.ofSeconds(seconds);
        return d.toDays() > 0 ? d.toDays() + "d" + d.toHoursPart() + "h" : d.toHours() > 0 ? d.toHours() + "h" + d.toMinutesPart() + "m"
                : d.toMinutes() > 0 ? d.toMinutes() + "m" + d.toSecondsPart() + "s" : d.toSeconds() + "s";
    }

    /** The meaning of the colours is HAProxy's. */
    private static String colour(StatRow row) {
        String status = row.text(StatField.STATUS);
        if (row.kind() != StatRow.Kind.SERVER) {
            return row.kind() == StatRow.Kind.FRONTEND ? "frontend" : "backend";
        }
        boolean between = status.contains("/");
        return status.startsWith("MAINT") ? "maint" : status.startsWith("DRAIN") ? "drain" : status.startsWith("NOLB") ? "nolb"
                : status.equals("no check") ? "no-check" : status.startsWith("DOWN") ? between ? "going-up" : "down"
                : between ? "going-down" : row.text(StatField.BCK).equals("1") ? "backup" : "up";
    }

    private static String text(Object value) {
        return value == null ? "" : value.toString();
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
    }
}
