/**
 * Text to statements: the tokenizer with HAProxy's quoting and escapes, places in files, and
 * diagnostics. Entry type: {@code Tokenizer}. Everything here is immutable or used by one thread.
 */
package net.lbd.config.syntax;
