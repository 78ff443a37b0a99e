/**
 * The words of the language. Entry type: {@link net.lbd.config.keyword.Vocabulary}, the one list of all
 * keyword families. Everything here is immutable.
 */
package net.lbd.config.keyword;
