package net.lbd.core.balance;

import java.util.List;
import net.lbd.config.model.BalanceSpec;
import net.lbd.config.model.SampleSpec;
import net.lbd.config.model.SampleType;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.sample.ByteSink;
import net.lbd.core.sample.RuntimeNames;
import net.lbd.core.sample.Sample;
import net.lbd.core.sample.SampleExpression;
import net.lbd.core.sample.Scratch;
import net.lbd.core.session.Peer;
import net.lbd.core.stream.Stream;

/** What each balancing algorithm that hashes takes for its key. Stateless. Source: HAProxy manual, "balance", and watching it. */
final class HashSources {

    private HashSources() { }

    static HashSource of(BalanceSpec spec, HashFunction function, RuntimeNames names) {
        List<String> arguments = spec.arguments();
        return switch (spec.algorithm()) {
            case "source" -> new Source(function);
            case "uri" -> Uri.of(arguments, function);
            case "url_param" -> new UrlParam(Ascii.bytes(arguments.get(0)), arguments.contains("check_post"), function);
            case "hdr" -> {
                SampleExpression value = SampleExpression.compile(fetch("req.hdr", List.of(
                        new SampleSpec.Argument.Text(arguments.get(0)), new SampleSpec.Argument.Number(1))), names);
                yield arguments.contains("use_domain_only") ? new Domain(value, function) : new Expression(value, function);
            }
            case "rdp-cookie" -> new Expression(SampleExpression.compile(fetch("req.rdp_cookie", List.of(
                    new SampleSpec.Argument.Text(arguments.isEmpty() ? "mstshash" : arguments.get(0)))), names), function);
            case "hash" -> new Expression(SampleExpression.compile(spec.key().orElseThrow(), names), function);
            default -> throw new IllegalArgumentException(spec.location() + ": balance '" + spec.algorithm() + "' hashes nothing");
        };
    }

    private static SampleSpec fetch(String name, List<SampleSpec.Argument> arguments) {
        return new SampleSpec(SourceLocation.BUILT_IN, name, new SampleSpec.Fetch(name, arguments, SampleType.STRING), List.of(),
                SampleType.STRING);
    }

    /** The client's address as a number; of IPv6 the exclusive or of its four words. The function of {@code hash-type} has no part in it. */
    private record Source(HashFunction function) implements HashSource {
        @Override
        public long hash(Stream stream) {
            Peer source = stream.session().source();
            if (!source.isIp()) {
                return ABSENT;
            }
            byte[] address = source.address();
            int number = 0;
            for (int i = 0; i < address.length; i++) {
                number ^= (address[i] & 0xff) << 24 - 8 * (i & 3);
            }
            return function.ofNumber(number);
        }
    }

    /**
     * The target up to the question mark.
     *
     * @param length 0: all of it
     * @param depth slashes; 0: any number
     */
    private record Uri(boolean whole, boolean pathOnly, int length, int depth, HashFunction function) implements HashSource {

        static Uri of(List<String> arguments, HashFunction function) {
            return new Uri(arguments.contains("whole"), arguments.contains("path-only"), number(arguments, "len"),
                    number(arguments, "depth"), function);
        }

        private static int number(List<String> arguments, String word) {
            int at = arguments.indexOf(word);
            return at < 0 ? 0 : Integer.parseInt(arguments.get(at + 1));
        }

        @Override
        public long hash(Stream stream) {
            HttpMessage request = stream.request();
            if (!request.isPresent() || pathOnly && !request.hasPath()) {
                return ABSENT;
            }
            byte[] bytes = request.bytes();
            int from = pathOnly ? request.pathOffset() : request.targetOffset();
            int end = request.targetOffset() + request.targetLength();
            if (length > 0) {
                end = Math.min(end, from + length);
            }
            int slashes = 0;
            int at = from;
            while (at < end && (whole || bytes[at] != '?')) {
                if (bytes[at] == '/' && depth > 0 && ++slashes > depth) {
                    break;
                }
                at++;
            }
            return function.of(bytes, from, at - from);
        }
    }

    /**
     * The parameter's value up to an ampersand; an empty one is none.
     *
     * @param checkPost whether a POST without it in its query is looked at, too
     */
    private record UrlParam(byte[] name, boolean checkPost, HashFunction function) implements HashSource {

        private static final byte[] POST = {'P', 'O', 'S', 'T'};

        @Override
        public long hash(Stream stream) {
            long hash = ofQuery(stream.request());
            if (hash != ABSENT || !checkPost || !stream.request().methodIs(POST)) {
                return hash;
            }
            ByteSink body = stream.worker().scratch().takeSink();
            stream.copyRequestBody(body);
            hash = find(body.bytes(), -1, body.length());
            stream.worker().scratch().giveSink(body);
            return hash;
        }

        @Override
        public boolean wantsBody(Stream stream) {
            return checkPost && stream.request().methodIs(POST) && ofQuery(stream.request()) == ABSENT;
        }

        private long ofQuery(HttpMessage request) {
            if (!request.isPresent()) {
                return ABSENT;
            }
            byte[] bytes = request.bytes();
            int end = request.targetOffset() + request.targetLength();
            int at = request.targetOffset();
            while (at < end && bytes[at] != '?') {
                at++;
            }
            return find(bytes, at, end);
        }

        /** @param before the index before the first parameter */
        private long find(byte[] bytes, int before, int end) {
            int at = before;
            while (at < end) {
                int from = at + 1;
                int stop = from;
                while (stop < end && bytes[stop] != '&') {
                    stop++;
                }
                if (isNamed(bytes, from, stop)) {
                    int value = from + name.length + 1;
                    return value < stop ? function.of(bytes, value, stop - value) : ABSENT;
                }
                at = stop;
            }
            return ABSENT;
        }

        private boolean isNamed(byte[] bytes, int from, int stop) {
            return stop - from > name.length && bytes[from + name.length] == '='
                    && java.util.Arrays.equals(bytes, from, from + name.length, name, 0, name.length);
        }
    }

    /** A sample; an empty one is none. */
    private record Expression(SampleExpression value, HashFunction function) implements HashSource {
        @Override
        public long hash(Stream stream) {
            Scratch scratch = stream.worker().scratch();
            Sample sample = scratch.take();
            long hash = ABSENT;
            if (value.evaluate(stream, sample, function.wants())) {
                if (!sample.hasBytes()) {
                    hash = function.ofNumber((int) sample.number());
                } else if (sample.length() > 0) {
                    hash = function.of(sample.bytes(), sample.offset(), sample.length());
                }
            }
            scratch.give(sample);
            return hash;
        }
    }

    /** {@code use_domain_only}: the last label but one of a host's name. */
    private record Domain(SampleExpression value, HashFunction function) implements HashSource {
        @Override
        public long hash(Stream stream) {
            Scratch scratch = stream.worker().scratch();
            Sample sample = scratch.take();
            long hash = ABSENT;
            if (value.evaluate(stream, sample, SampleType.STRING) && sample.length() > 0) {
                byte[] bytes = sample.bytes();
                int from = sample.offset();
                int end = from;
                while (end < sample.offset() + sample.length() && bytes[end] != ':') {
                    end++;
                }
                int dot = lastDot(bytes, from, end);
                int stop = dot < 0 ? end : dot;
                int start = dot < 0 ? from : lastDot(bytes, from, dot) + 1;
                hash = function.of(bytes, Math.max(start, from), stop - Math.max(start, from));
            }
            scratch.give(sample);
            return hash;
        }

        private static int lastDot(byte[] bytes, int from, int end) {
            for (int i = end - 1; i >= from; i--) {
                if (bytes[i] == '.') {
                    return i;
                }
            }
            return -1;
        }
    }
}
