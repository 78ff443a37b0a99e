/**
 * What the kernel is told: images of the two tables, made from the directors and the states of their servers, and the commands
 * that lead from one image to the next. Pure: nothing here touches the system. Entry types: {@link net.lbd.l4.rules.NatTable},
 * {@link net.lbd.l4.rules.GatewayTable}, {@link net.lbd.l4.rules.TableImage}.
 */
package net.lbd.l4.rules;
