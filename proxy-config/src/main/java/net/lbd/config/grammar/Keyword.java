package net.lbd.config.grammar;

import java.util.List;

/** What every row of every keyword table has; {@code docs/reference} is written from it. */
public interface Keyword {

    /** The canonical spelling; several words for such as {@code timeout connect}. */
    String name();

    /** Other legal spellings. */
    List<String> aliases();

    /** The arguments, as the manual writes them; empty if there are none. */
    String syntax();

    /** What it does, its unit, default and limits; one paragraph. */
    String doc();

    Support support();
}
