package net.lbd.testkit;

/** The configuration of an Apache httpd, with Debian's module folder, that plays Exchange. */
final class ApacheText {

    private static final String TEMPLATE = """
            ServerName localhost
            PidFile @DIR@/pid
            DefaultRuntimeDir @DIR@
            ErrorLog @DIR@/error.log
            LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
            LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
            LoadModule headers_module /usr/lib/apache2/modules/mod_headers.so
            LoadModule rewrite_module /usr/lib/apache2/modules/mod_rewrite.so
            LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so
            Listen 127.0.0.1:@PORT@
            ThreadsPerChild 32
            MaxRequestWorkers 32
            # -X runs one process, which must hold the connections of every backend
            MaxKeepAliveRequests 0
            KeepAliveTimeout 60
            LimitRequestFieldSize 65536
            SSLSessionCache none
            <VirtualHost 127.0.0.1:@PORT@>
              DocumentRoot @DIR@/www
              SSLEngine on
              SSLCertificateFile @CHAIN@
              SSLCertificateKeyFile @KEY@
              Header always set X-FEServer @NAME@
              <Directory @DIR@/www>
                Require all granted
              </Directory>
              RewriteEngine on
              RewriteCond @DIR@/sick -f
              RewriteRule (?i)HealthCheck[.]htm$ - [R=503,L]
              RewriteRule (?i)HealthCheck[.]htm$ /health.htm [L]
              RewriteRule (?i)/large[.]bin$ /large.bin [L]
              RewriteRule .* /answer.txt [L]
            </VirtualHost>
            """;

    private ApacheText() {}

    static String of(ServerFiles files) {
        return TEMPLATE
                .replace("@DIR@", files.dir().toString())
                .replace("@PORT@", Integer.toString(files.port()))
                .replace("@CHAIN@", files.certificates().serverChain().toAbsolutePath().toString())
                .replace("@KEY@", files.certificates().serverKey().toAbsolutePath().toString())
                .replace("@NAME@", files.name());
    }
}
