/**
 * Choosing a server. Entry types: {@link net.lbd.core.balance.LoadBalancer}, one for each backend, and
 * {@link net.lbd.core.balance.LoadBalancers}, which makes them. Balancers are shared by all event loops
 * and safe for them. They look at the servers' state at each choice, so that a server that goes down,
 * drains or fills up is passed over from the next stream on.
 */
package net.lbd.core.balance;
