/** What the server images add to their base: configuration, document roots, data directories and the server itself. */

import { directory, file, layers, link, program, type Tree } from './tree.ts';

const NGINX_INDEX = `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
<style>
html { color-scheme: light dark; }
body { width: 35em; margin: 0 auto;
font-family: Tahoma, Verdana, Arial, sans-serif; }
</style>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>If you see this page, the nginx web server is successfully installed and
working. Further configuration is required.</p>

<p>For online documentation and support please refer to
<a href="http://nginx.org/">nginx.org</a>.<br/>
Commercial support is available at
<a href="http://nginx.com/">nginx.com</a>.</p>

<p><em>Thank you for using nginx.</em></p>
</body>
</html>
`;

const NGINX_50X = `<!DOCTYPE html>
<html>
<head>
<title>Error</title>
</head>
<body>
<h1>An error occurred.</h1>
<p>Sorry, the page you are looking for is currently unavailable.<br/>
Please try again later.</p>
</body>
</html>
`;

const NGINX_CONF = `
user  nginx;
worker_processes  auto;

error_log  /var/log/nginx/error.log notice;
pid        /run/nginx.pid;


events {
    worker_connections  1024;
}


http {
    include       /etc/nginx/mime.types;
    default_type  application/octet-stream;

    log_format  main  '$remote_addr - $remote_user [$time_local] "$request" '
                      '$status $body_bytes_sent "$http_referer" '
                      '"$http_user_agent" "$http_x_forwarded_for"';

    access_log  /var/log/nginx/access.log  main;

    sendfile        on;
    #tcp_nopush     on;

    keepalive_timeout  65;

    #gzip  on;

    include /etc/nginx/conf.d/*.conf;
}
`;

const NGINX_DEFAULT_CONF = `server {
    listen       80;
    listen  [::]:80;
    server_name  localhost;

    #access_log  /var/log/nginx/host.access.log  main;

    location / {
        root   /usr/share/nginx/html;
        index  index.html index.htm;
    }

    #error_page  404              /404.html;

    # redirect server error pages to the static page /50x.html
    #
    error_page   500 502 503 504  /50x.html;
    location = /50x.html {
        root   /usr/share/nginx/html;
    }
}
`;

export const nginxTree = (base: Tree): Tree =>
  layers(base, {
    '/docker-entrypoint.sh': program('docker-entrypoint-nginx'),
    '/docker-entrypoint.d': directory(),
    '/etc/nginx/nginx.conf': file(NGINX_CONF),
    '/etc/nginx/conf.d/default.conf': file(NGINX_DEFAULT_CONF),
    '/etc/nginx/mime.types': file(
      '\ntypes {\n    text/html                                        html htm shtml;\n    text/css                                         css;\n    text/plain                                       txt;\n    application/javascript                           js;\n    application/json                                 json;\n    image/png                                        png;\n}\n',
    ),
    '/usr/sbin/nginx': program('nginx'),
    '/usr/bin/curl': program('curl'),
    '/usr/share/nginx/html/index.html': file(NGINX_INDEX),
    '/usr/share/nginx/html/50x.html': file(NGINX_50X),
    '/var/cache/nginx': directory(),
    '/var/log/nginx/access.log': link('/dev/stdout'),
    '/var/log/nginx/error.log': link('/dev/stderr'),
  });

export const httpdTree = (base: Tree): Tree =>
  layers(base, {
    '/usr/local/bin/httpd-foreground': program('httpd'),
    '/usr/local/apache2/bin/httpd': program('httpd'),
    '/usr/local/apache2/conf/httpd.conf': file(
      'ServerRoot "/usr/local/apache2"\nListen 80\nUser www-data\nGroup www-data\nServerAdmin you@example.com\nDocumentRoot "/usr/local/apache2/htdocs"\n<Directory "/usr/local/apache2/htdocs">\n    Options Indexes FollowSymLinks\n    AllowOverride None\n    Require all granted\n</Directory>\nErrorLog /proc/self/fd/2\nCustomLog /proc/self/fd/1 common\n',
    ),
    '/usr/local/apache2/htdocs/index.html': file('<html><body><h1>It works!</h1></body></html>\n'),
    '/usr/local/apache2/logs': directory(),
    '/var/www/html': directory(0o755, 33, 33),
  });

export const redisTree = (base: Tree): Tree =>
  layers(base, {
    '/data': directory(0o755, 999, 999),
    '/usr/local/bin/docker-entrypoint.sh': program('docker-entrypoint-redis'),
    '/usr/local/bin/redis-server': program('redis-server'),
    '/usr/local/bin/redis-cli': program('redis-cli'),
  });

export const mysqlTree = (name: 'mysql' | 'mariadb', base: Tree): Tree =>
  layers(base, {
    '/docker-entrypoint-initdb.d': directory(),
    '/etc/mysql/my.cnf': file(
      '[mysqld]\ndatadir=/var/lib/mysql\nsocket=/var/run/mysqld/mysqld.sock\nsecure-file-priv=/var/lib/mysql-files\nuser=mysql\n',
    ),
    '/usr/local/bin/docker-entrypoint.sh': program('docker-entrypoint-mysql'),
    [name === 'mysql' ? '/usr/sbin/mysqld' : '/usr/sbin/mariadbd']: program('mysqld'),
    [name === 'mysql' ? '/usr/bin/mysql' : '/usr/bin/mariadb']: program('mysql'),
    '/var/lib/mysql': directory(0o1777, 999, 999),
    '/run/mysqld': directory(0o1777, 999, 999),
  });

export const postgresTree = (major: string, base: Tree): Tree =>
  layers(base, {
    '/docker-entrypoint-initdb.d': directory(),
    '/usr/local/bin/docker-entrypoint.sh': program('docker-entrypoint-postgres'),
    [`/usr/lib/postgresql/${major}/bin/postgres`]: program('postgres'),
    '/usr/local/bin/postgres': program('postgres'),
    [`/usr/lib/postgresql/${major}/bin/psql`]: program('psql'),
    '/usr/local/bin/psql': program('psql'),
    '/var/lib/postgresql': directory(0o1777, 999, 999),
    ...(Number(major) < 18 && { '/var/lib/postgresql/data': directory(0o1777, 999, 999) }),
    '/var/run/postgresql': directory(0o3777, 999, 999),
  });
