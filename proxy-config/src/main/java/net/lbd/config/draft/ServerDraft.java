package net.lbd.config.draft;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.Setting;
import net.lbd.config.model.Settings;
import net.lbd.config.syntax.Word;

/**
 * A {@code server} line, or the parameters of {@code default-server}. Not thread-safe.
 */
public final class ServerDraft {

    private final Word name;
    private final Word addressWord;
    private final AddressSpec address;
    private final Settings.Builder settings = Settings.builder();
    private Optional<Word> resolvers = Optional.empty();
    private final Map<Setting<?>, Word> words = new HashMap<>(4);

    public ServerDraft(Word name, Word addressWord, AddressSpec address) {
        this.name = name;
        this.addressWord = addressWord;
        this.address = address;
    }

    /** The {@code resolvers} section that finds the address. */
    public Optional<Word> resolvers() {
        return resolvers;
    }

    public void resolvers(Word section) {
        resolvers = Optional.of(section);
    }

    public Word name() {
        return name;
    }

    public Word addressWord() {
        return addressWord;
    }

    public AddressSpec address() {
        return address;
    }

    public Settings.Builder settings() {
        return settings;
    }

    /** Sets a parameter and remembers the word that did, for messages about it. */
    public <T> void put(Setting<T> setting, T value, Word word) {
        settings.put(setting, value, word.location());
        words.put(setting, word);
    }

    /** The word that set a parameter; the server's name if it was inherited. */
    public Word wordOf(Setting<?> setting) {
        return words.getOrDefault(setting, name);
    }

    /** Takes what {@code default-server} says; what the line says afterwards replaces it. */
    public void inherit(ServerDraft defaults) {
        settings.putAll(defaults.settings.build());
        if (!defaults.words.isEmpty()) {
            words.putAll(defaults.words);
        }
        resolvers = defaults.resolvers;
    }
}
