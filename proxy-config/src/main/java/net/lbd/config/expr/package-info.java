/**
 * Sample expressions, ACLs, conditions and log-format strings: words to the trees of the model. Entry
 * types: {@code SampleReader}, {@code AclReader}, {@code ConditionReader}, {@code LogFormatReader}. All
 * are stateless.
 */
package net.lbd.config.expr;
