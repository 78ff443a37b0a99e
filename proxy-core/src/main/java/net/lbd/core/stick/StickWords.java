package net.lbd.core.stick;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The names of servers that the entries of a table hold, each once, by number. Grows with the names that there are. Thread-safe. */
final class StickWords {

    private final Map<String, Integer> numbers = new ConcurrentHashMap<>();
    private volatile String[] words = {""};

    /** From 1; 0 is no word. */
    int number(String word) {
        if (word.isEmpty()) {
            return 0;
        }
        Integer known = numbers.get(word);
        return known != null ? known : add(word);
    }

    private synchronized int add(String word) {
        Integer known = numbers.get(word);
        if (known != null) {
            return known;
        }
        String[] more = Arrays.copyOf(words, words.length + 1);
        more[words.length] = word;
        words = more;
        numbers.put(word, more.length - 1);
        return more.length - 1;
    }

    String word(int number) {
        String[] all = words;
        return number >= 0 && number < all.length ? all[number] : "";
    }
}
