package net.lbd.core.auth;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Checks costly password hashes on a thread of its own, so that whoever guesses passwords slows nobody else down. When
 * too many wait, the next are not checked and so not let in. Thread-safe. One for each configuration; its thread ends
 * when there is nothing to do.
 */
public final class PasswordChecker {

    private static final int WAITING = 256;

    private final ThreadPoolExecutor executor;

    public PasswordChecker() {
        executor = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), task -> {
            Thread thread = new Thread(task, "lbd-passwords");
            thread.setDaemon(true);
            return thread;
        });
        executor.allowCoreThreadTimeOut(true);
    }

    /**
     * Checks credentials against each list that must.
     *
     * @param done called on the checker's thread when it is known
     * @return false if too many wait: nothing will be called
     */
    public boolean check(List<Userlist> lists, Credentials credentials, Runnable done) {
        try {
            executor.execute(() -> {
                try {
                    lists.stream().filter(list -> list.mustCheck(credentials)).forEach(list -> list.check(credentials));
                } finally {
                    done.run();
                }
            });
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }
}
