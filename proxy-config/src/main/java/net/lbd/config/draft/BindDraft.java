package net.lbd.config.draft;

import java.util.ArrayList;
import java.util.List;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.Settings;
import net.lbd.config.syntax.Word;

/** A {@code bind} line: its addresses share the parameters. Not thread-safe. */
public final class BindDraft {

    private final Word addressWord;
    private final List<AddressSpec> addresses;
    private final Settings.Builder settings = Settings.builder();
    private final List<Word> certificates = new ArrayList<>();

    private final List<Word> certificateLists = new ArrayList<>();

    public BindDraft(Word addressWord, List<AddressSpec> addresses) {
        this.addressWord = addressWord;
        this.addresses = List.copyOf(addresses);
    }

    public Word addressWord() {
        return addressWord;
    }

    public List<AddressSpec> addresses() {
        return addresses;
    }

    /** Takes what another line says, where this one says nothing. */
    public void inherit(BindDraft defaults) {
        Settings own = settings.build();
        settings.putAll(defaults.settings.build()).putAll(own);
        if (certificates.isEmpty()) {
            certificates.addAll(defaults.certificates);
        }
        if (certificateLists.isEmpty()) {
            certificateLists.addAll(defaults.certificateLists);
        }
    }

    public Settings.Builder settings() {
        return settings;
    }

    /** The files of {@code crt-list}, which name certificates. */
    public List<Word> certificateLists() {
        return certificateLists;
    }

    /** The files of {@code crt}, to be looked up when {@code crt-base} is known. */
    public List<Word> certificates() {
        return certificates;
    }
}
