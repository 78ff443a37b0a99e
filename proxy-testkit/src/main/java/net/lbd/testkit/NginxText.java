package net.lbd.testkit;

/** The configuration of an nginx that plays Exchange. */
final class NginxText {

    private static final String TEMPLATE = """
            # one process, so that a signal to it is a signal to all of it
            daemon off;
            master_process off;
            pid @DIR@/pid;
            error_log @DIR@/error.log;
            events { worker_connections 1024; }
            http {
              access_log @DIR@/access.log;
              client_body_temp_path @DIR@/body;
              proxy_temp_path @DIR@/proxy;
              fastcgi_temp_path @DIR@/fastcgi;
              uwsgi_temp_path @DIR@/uwsgi;
              scgi_temp_path @DIR@/scgi;
              default_type text/plain;
              keepalive_requests 1000000;
              large_client_header_buffers 8 64k;
              client_max_body_size 0;
              server {
                listen 127.0.0.1:@PORT@ ssl;
                ssl_certificate @CHAIN@;
                ssl_certificate_key @KEY@;
                add_header X-FEServer @NAME@ always;
                location ~* HealthCheck[.]htm$ {
                  if (-f @DIR@/sick) { return 503 "Service inactive"; }
                  return 200 "200 OK<br/>@NAME@";
                }
                location ~* /large[.]bin$ { alias @DIR@/www/large.bin; }
                location / {
                  return 200 "server: @NAME@\\nrequest: $request\\nhost: $http_host\\nx-forwarded-for: $http_x_forwarded_for\\n";
                }
              }
            }
            """;

    private NginxText() {}

    static String of(ServerFiles files) {
        return TEMPLATE
                .replace("@DIR@", files.dir().toString())
                .replace("@PORT@", Integer.toString(files.port()))
                .replace("@CHAIN@", files.certificates().serverChain().toAbsolutePath().toString())
                .replace("@KEY@", files.certificates().serverKey().toAbsolutePath().toString())
                .replace("@NAME@", files.name());
    }
}
