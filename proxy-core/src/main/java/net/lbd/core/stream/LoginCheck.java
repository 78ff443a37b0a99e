package net.lbd.core.stream;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import net.lbd.core.auth.Credentials;
import net.lbd.core.auth.Logins;
import net.lbd.core.auth.Userlist;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the password of a request checked before rules ask for it, if that is costly: away from the event loop, while
 * the stream waits. Only where a configuration has rules that ask. Stateless.
 */
final class LoginCheck {

    private static final Logger LOG = LoggerFactory.getLogger(LoginCheck.class);

    private LoginCheck() { }

    /** Called anew for a stream that has waited. */
    static Verdict run(HttpStream stream, Logins logins) {
        if (logins.isEmpty() || stream.isLoginChecked()) {
            return Verdict.CONTINUE;
        }
        stream.setLoginChecked();
        List<Userlist> lists = logins.all();
        Optional<Credentials> credentials = Credentials.of(stream.request());
        if (credentials.isEmpty() || lists.stream().noneMatch(list -> list.mustCheck(credentials.get()))) {
            return Verdict.CONTINUE;
        }
        long exchange = stream.exchange();
        boolean waits = logins.checker().check(lists, credentials.get(), () -> resume(stream, exchange));
        return waits ? Verdict.YIELD : Verdict.CONTINUE;
    }

    private static void resume(HttpStream stream, long exchange) {
        try {
            stream.worker().loop().execute(() -> HttpPhases.loginChecked(stream, exchange));
        } catch (RejectedExecutionException e) {
            LOG.trace("the engine has stopped, and the stream with it", e);
        }
    }
}
