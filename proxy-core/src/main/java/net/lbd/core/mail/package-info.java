/**
 * Mails about servers: {@link net.lbd.core.mail.MailAlerts} of each backend, and {@link net.lbd.core.mail.MailSender}, which speaks SMTP on
 * one event loop. Nobody waits for a mail.
 */
package net.lbd.core.mail;
