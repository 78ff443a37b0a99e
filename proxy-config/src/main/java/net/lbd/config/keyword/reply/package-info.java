/**
 * What rules and proxies answer themselves: reads the parameters that {@code http-request return}, {@code
 * deny}, {@code tarpit} and {@code http-error} share, and the files they name. Entry type: {@link
 * net.lbd.config.keyword.reply.ReplyReader}. Everything here is stateless.
 */
package net.lbd.config.keyword.reply;
