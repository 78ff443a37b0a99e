package net.lbd.config.model;

/**
 * What a rule does. The records that implement this stand in the keyword tables, beside the row that
 * reads them; the runtime has one table from record class to behaviour, and a test that holds the two
 * together. Implementations are immutable.
 */
public interface ActionSpec { }
