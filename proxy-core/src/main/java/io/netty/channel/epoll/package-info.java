/**
 * One door into Netty's epoll channels that Netty keeps shut: see {@link io.netty.channel.epoll.ReceivedSocket}. Nothing else of lbd
 * belongs here. Stateless.
 */
package io.netty.channel.epoll;
