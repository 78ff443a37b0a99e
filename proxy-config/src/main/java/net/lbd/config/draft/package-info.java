/**
 * Sections while they are being read: mutable, filled by the parsers of the keyword tables, turned into
 * the model by {@code net.lbd.config.section}. Entry type: {@code Drafts}. Each instance belongs to one
 * load and one thread.
 */
package net.lbd.config.draft;
