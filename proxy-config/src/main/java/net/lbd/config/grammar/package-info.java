/**
 * What a keyword table is made of: rows, the typed reader that a row's parser gets, one parser for each
 * unit, and how far this version carries a word out. Entry types: {@code Directive} and
 * {@code Arguments}. Rows are immutable; readers belong to one load.
 */
package net.lbd.config.grammar;
