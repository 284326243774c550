/** The repositories that can be pulled from: which tags each has, and what its images hold. */

import { alpine, busybox, centos, debian, scratch, ubuntu } from './base-trees.ts';
import type { ImageConfig } from './image.ts';
import { httpdTree, mysqlTree, nginxTree, postgresTree, redisTree } from './server-trees.ts';
import { layers, program, type Tree } from './tree.ts';

export interface Repository {
  /** The highest release that exists, `1.31.2`; lower ones do too. */
  readonly version?: string;
  /** Tags that are no version numbers, besides `latest`. */
  readonly tags?: string;
  /** Compressed size of `latest` in bytes. */
  readonly size: number;
  readonly config: ImageConfig;
  readonly tree: (tag: string) => Tree;
  /** The alpine flavour, if there is one. */
  readonly alpine?: { readonly size: number; readonly tree: () => Tree; readonly config?: Partial<ImageConfig> };
}

const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const DEBIAN_CODES = 'trixie bookworm bullseye';

const shellImage = (
  size: number,
  tree: (tag: string) => Tree,
  shell: string,
  rest: Partial<Repository> = {},
): Repository => ({
  size,
  tree,
  config: { cmd: [shell], env: [PATH] },
  ...rest,
});

const nginxConfig: ImageConfig = {
  entrypoint: ['/docker-entrypoint.sh'],
  cmd: ['nginx', '-g', 'daemon off;'],
  env: [
    PATH,
    'NGINX_VERSION=1.29.3',
    'NJS_VERSION=0.9.4',
    'NJS_RELEASE=1~bookworm',
    'PKG_RELEASE=1~bookworm',
    'DYNPKG_RELEASE=1~bookworm',
  ],
  exposedPorts: ['80/tcp'],
  stopSignal: 'SIGQUIT',
};

const nginx: Repository = {
  version: '1.29.3',
  tags: 'stable mainline',
  size: 59_774_010,
  config: nginxConfig,
  tree: () => nginxTree(debian('nginx:x:101:101:nginx user:/nonexistent:/bin/false\n', 'nginx:x:101:\n')),
  alpine: { size: 22_631_814, tree: () => nginxTree(alpine('nginx:x:101:101:nginx:/var/cache/nginx:/sbin/nologin\n')) },
};

const httpd: Repository = {
  version: '2.4.65',
  size: 45_213_776,
  config: {
    cmd: ['httpd-foreground'],
    env: [
      'PATH=/usr/local/apache2/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'HTTPD_PREFIX=/usr/local/apache2',
      'HTTPD_VERSION=2.4.65',
    ],
    workdir: '/usr/local/apache2',
    exposedPorts: ['80/tcp'],
    stopSignal: 'SIGWINCH',
  },
  tree: () => httpdTree(debian()),
  alpine: { size: 22_104_531, tree: () => httpdTree(alpine()) },
};

const redis: Repository = {
  version: '8.2.3',
  size: 53_141_887,
  config: {
    entrypoint: ['docker-entrypoint.sh'],
    cmd: ['redis-server'],
    env: [PATH, 'REDIS_DOWNLOAD_URL=https://github.com/redis/redis/archive/refs/tags/8.2.3.tar.gz'],
    workdir: '/data',
    exposedPorts: ['6379/tcp'],
    volumes: ['/data'],
  },
  tree: () => redisTree(debian('redis:x:999:999::/home/redis:/bin/sh\n', 'redis:x:999:\n')),
  alpine: { size: 19_203_114, tree: () => redisTree(alpine('redis:x:999:1000:Linux User,,,:/home/redis:/bin/sh\n')) },
};

const mysqlLike = (name: 'mysql' | 'mariadb', version: string, size: number): Repository => ({
  version,
  tags: name === 'mysql' ? 'lts innovation' : 'lts noble jammy',
  size,
  config: {
    entrypoint: ['docker-entrypoint.sh'],
    cmd: [name === 'mysql' ? 'mysqld' : 'mariadbd'],
    env: [PATH, `GOSU_VERSION=1.17`, `${name.toUpperCase()}_VERSION=${version}`],
    exposedPorts: name === 'mysql' ? ['3306/tcp', '33060/tcp'] : ['3306/tcp'],
    volumes: ['/var/lib/mysql'],
  },
  tree: () => mysqlTree(name, debian('mysql:x:999:999::/var/lib/mysql:/bin/bash\n', 'mysql:x:999:\n')),
});

const postgres: Repository = {
  version: '18.1',
  size: 160_942_317,
  config: {
    entrypoint: ['docker-entrypoint.sh'],
    cmd: ['postgres'],
    env: [
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/17/bin',
      'GOSU_VERSION=1.19',
      'LANG=en_US.utf8',
      'PG_MAJOR=17',
      'PG_VERSION=17.6-1.pgdg12+1',
      'PGDATA=/var/lib/postgresql/data',
    ],
    exposedPorts: ['5432/tcp'],
    stopSignal: 'SIGINT',
    volumes: ['/var/lib/postgresql/data'],
  },
  tree: () => postgresTree(debian('postgres:x:999:999::/var/lib/postgresql:/bin/bash\n', 'postgres:x:999:\n')),
  alpine: { size: 104_338_221, tree: () => postgresTree(alpine('postgres:x:70:70::/var/lib/postgresql:/bin/sh\n')) },
};

const memcached: Repository = {
  version: '1.6.39',
  size: 32_118_734,
  config: {
    entrypoint: ['docker-entrypoint.sh'],
    cmd: ['memcached'],
    env: [PATH, 'MEMCACHED_VERSION=1.6.39'],
    user: '11211',
    exposedPorts: ['11211/tcp'],
  },
  tree: () =>
    layers(debian('memcache:x:11211:11211::/home/memcache:/bin/sh\n'), {
      '/usr/local/bin/docker-entrypoint.sh': program('docker-entrypoint-exec'),
      '/usr/local/bin/memcached': program('memcached'),
    }),
};

const pause: Repository = {
  version: '3.10.1',
  size: 319_970,
  config: {
    entrypoint: ['/pause'],
    env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    user: '65535:65535',
  },
  tree: () => scratch('/pause', 'pause'),
};

const debianBase: Repository = {
  tags: 'bookworm-v1.0.6 bookworm-v1.0.5 bookworm-v1.0.4 bullseye-v1.4.3',
  size: 21_205_087,
  config: { cmd: ['bash'], env: [PATH] },
  tree: () => debian(),
};

const helloApp: Repository = {
  tags: '1.0 2.0',
  size: 13_745_365,
  config: { entrypoint: ['/hello-app'], env: [PATH, 'PORT=8080'], exposedPorts: ['8080/tcp'], user: '65532' },
  tree: () => layers(scratch('/hello-app', 'hello-app')),
};

const busyboxImage = shellImage(2_224_229, busybox, 'sh', {
  version: '1.37.0',
  tags: 'stable musl glibc uclibc stable-musl stable-glibc stable-uclibc',
});

/** By full repository name. Anything else does not exist. */
export const REPOSITORIES: Readonly<Record<string, Repository>> = {
  'docker.io/library/nginx': nginx,
  'docker.io/library/httpd': httpd,
  'docker.io/library/busybox': busyboxImage,
  'docker.io/library/alpine': shellImage(3_806_186, alpine, '/bin/sh', { version: '3.22.2', tags: 'edge' }),
  'docker.io/library/debian': shellImage(48_485_207, debian, 'bash', {
    version: '13.1',
    tags: `stable stable-slim sid testing oldstable ${DEBIAN_CODES}`,
  }),
  'docker.io/library/ubuntu': shellImage(29_724_688, ubuntu, '/bin/bash', {
    version: '25.10',
    tags: 'noble jammy focal bionic rolling devel',
  }),
  'docker.io/library/centos': shellImage(83_518_086, centos, '/bin/bash', {
    version: '8.4.2105',
    tags: 'centos7 centos8 centos6',
  }),
  'docker.io/library/redis': redis,
  'docker.io/library/postgres': postgres,
  'docker.io/library/mysql': mysqlLike('mysql', '9.5.0', 262_103_882),
  'docker.io/library/mariadb': mysqlLike('mariadb', '12.0.2', 108_530_411),
  'docker.io/library/memcached': memcached,
  'docker.io/library/wordpress': {
    ...httpd,
    version: '6.8.3',
    tags: 'apache',
    size: 244_902_176,
    config: { ...httpd.config, cmd: ['httpd-foreground'], workdir: '/var/www/html', volumes: ['/var/www/html'] },
  },
  'registry.k8s.io/pause': pause,
  'registry.k8s.io/busybox': busyboxImage,
  'registry.k8s.io/nginx-slim': { ...nginx, version: '0.27' },
  'registry.k8s.io/build-image/debian-base': debianBase,
  'registry.k8s.io/e2e-test-images/nginx': { ...nginx, tags: '1.14-1 1.14-4 1.15-4' },
  'registry.k8s.io/e2e-test-images/httpd': { ...httpd, tags: '2.4.38-4 2.4.39-4' },
  'registry.k8s.io/e2e-test-images/busybox': { ...busyboxImage, tags: '1.29-1 1.29-4 1.36.1-1' },
  'k8s.gcr.io/pause': pause,
  'k8s.gcr.io/pause-amd64': pause,
  'k8s.gcr.io/busybox': busyboxImage,
  'k8s.gcr.io/nginx-slim': { ...nginx, version: '0.27' },
  'k8s.gcr.io/debian-base': debianBase,
  'gcr.io/google-samples/hello-app': helloApp,
  'gcr.io/google-containers/busybox': busyboxImage,
  'quay.io/libpod/busybox': busyboxImage,
  'quay.io/libpod/alpine': shellImage(3_806_186, alpine, '/bin/sh', { version: '3.22.2' }),
  'quay.io/nginx/nginx-unprivileged': { ...nginx, config: { ...nginxConfig, user: '101', exposedPorts: ['8080/tcp'] } },
};

/** Registries that answer at all; a pull from another host ends at the name server. */
export const REGISTRIES: ReadonlySet<string> = new Set([
  ...Object.keys(REPOSITORIES).map((name) => name.slice(0, name.indexOf('/'))),
  'ghcr.io',
  'public.ecr.aws',
]);
