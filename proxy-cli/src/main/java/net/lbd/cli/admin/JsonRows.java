package net.lbd.cli.admin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows of words from the control socket as objects of JSON. Stateless. */
final class JsonRows {

    private JsonRows() { }

    /**
     * One object: a number where the word is one, and nothing where it is empty.
     *
     * @param keys in the order of the words; a word behind the last key is left out
     */
    static Map<String, Object> of(List<String> keys, String[] words) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < Math.min(keys.size(), words.length); i++) {
            put(object, keys.get(i), words[i].strip());
        }
        return object;
    }

    static void put(Map<String, Object> object, String key, String word) {
        if (word.matches("-?(0|[1-9][0-9]{0,17})")) {
            object.put(key, Long.parseLong(word));
        } else if (!word.isEmpty()) {
            object.put(key, word);
        }
    }

    /** One object for each row. */
    static List<Map<String, Object>> of(List<String> keys, List<String[]> rows) {
        List<Map<String, Object>> objects = new ArrayList<>();
        rows.forEach(row -> objects.add(of(keys, row)));
        return objects;
    }
}
