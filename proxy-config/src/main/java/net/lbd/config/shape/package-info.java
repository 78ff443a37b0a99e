/**
 * Argument lists written as the manual writes them, and read by what is written. Entry type:
 * {@link net.lbd.config.shape.Shape}. For words whose arguments are checked and have no place in the
 * model yet, and for lists of optional parameters. Shapes are immutable.
 */
package net.lbd.config.shape;
