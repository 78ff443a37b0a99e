/**
 * Rules as they run: conditions, actions, and the lists of both, compiled from {@link
 * net.lbd.config.model.RuleSpec}s. Entry types: {@link net.lbd.core.rule.RuleCompiler} makes, {@link
 * net.lbd.core.rule.RuleList} runs them. Compiled rules are immutable and shared by all event loops;
 * running one allocates nothing unless it answers the request.
 */
package net.lbd.core.rule;
