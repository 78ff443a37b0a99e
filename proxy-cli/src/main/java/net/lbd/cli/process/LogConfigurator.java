package net.lbd.cli.process;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import net.lbd.cli.process.MessageStyle.Label;

/**
 * Sets Logback up for the daemon's own messages: one line each, to standard error. Written in code
 * because reading an XML file would double the time to start. {@code -Dlbd.log.level=debug} shows more;
 * {@code -Dlogback.configurationFile=FILE} replaces all of this. Called by Logback, once.
 */
public final class LogConfigurator extends ContextAwareBase implements Configurator {

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty("logback.configurationFile") != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        OneLineLayout layout = new OneLineLayout(MessageStyle.of(System.getenv()));
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setLayout(layout);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setName("stderr");
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(appender);
        context.getLogger("net.lbd").setLevel(Level.toLevel(System.getProperty("lbd.log.level"), Level.INFO));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** The line of a {@link MessageStyle}; only a bug's stack trace adds more. */
    private static final class OneLineLayout extends LayoutBase<ILoggingEvent> {

        private final MessageStyle style;
        private final ThrowableProxyConverter stackTrace = new ThrowableProxyConverter();

        OneLineLayout(MessageStyle style) {
            this.style = style;
        }

        @Override
        public void start() {
            stackTrace.start();
            super.start();
        }

        @Override
        public String doLayout(ILoggingEvent event) {
            String line = style.line(label(event.getLevel()), event.getInstant(), event.getFormattedMessage());
            return event.getThrowableProxy() == null ? line : line + stackTrace.convert(event);
        }

        private static Label label(Level level) {
            return switch (level.toInt()) {
                case Level.ERROR_INT -> Label.ALERT;
                case Level.WARN_INT -> Label.WARNING;
                case Level.INFO_INT -> Label.NOTICE;
                default -> Label.DEBUG;
            };
        }
    }
}
