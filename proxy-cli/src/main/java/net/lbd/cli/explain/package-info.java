/**
 * What a configuration does with a request, as text and as a regression suite, without a daemon. Entry
 * types: {@link net.lbd.cli.explain.ExplainedUrl}, {@link net.lbd.cli.explain.ExplanationText} and {@link
 * net.lbd.cli.explain.CaseFile}; the rules are walked by {@link net.lbd.core.runtime.RuleWalk}. Immutable.
 */
package net.lbd.cli.explain;
