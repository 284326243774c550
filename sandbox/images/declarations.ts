/** The lab's own images: which names and tags each has, what it starts and what it holds. */

import { alpine, busybox, centos, debian, scratch, ubuntu } from './base-trees.ts';
import type { ImageConfig, ImageDeclaration } from './image.ts';
import { RELEASES } from './releases.ts';
import { httpdTree, mysqlTree, nginxTree, postgresTree, redisTree } from './server-trees.ts';
import { layers, program } from './tree.ts';

const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** What servers of the alpine flavour stand on. */
const ALPINE = '3.22.2';

type Unnamed = Omit<ImageDeclaration, 'names'>;

const shellImage = (
  size: number,
  tree: ImageDeclaration['tree'],
  shell: string,
  rest: Partial<Unnamed> = {},
): Unnamed => ({
  size,
  tree,
  config: { cmd: [shell], env: [PATH] },
  ...rest,
});

const nginxConfig = (release: string): ImageConfig => ({
  entrypoint: ['/docker-entrypoint.sh'],
  cmd: ['nginx', '-g', 'daemon off;'],
  env: [
    PATH,
    `NGINX_VERSION=${release}`,
    'NJS_VERSION=0.9.4',
    'NJS_RELEASE=1~bookworm',
    'PKG_RELEASE=1~bookworm',
    'DYNPKG_RELEASE=1~bookworm',
  ],
  exposedPorts: ['80/tcp'],
  stopSignal: 'SIGQUIT',
});

const nginx: Unnamed = {
  version: RELEASES.nginx,
  tags: 'stable mainline',
  size: 59_774_010,
  config: nginxConfig,
  tree: () => nginxTree(debian('bookworm', 'nginx:x:101:101:nginx user:/nonexistent:/bin/false\n', 'nginx:x:101:\n')),
  alpine: {
    size: 22_631_814,
    tree: () => nginxTree(alpine(ALPINE, 'nginx:x:101:101:nginx:/var/cache/nginx:/sbin/nologin\n')),
  },
};

const httpd: Unnamed = {
  version: RELEASES.httpd,
  size: 45_213_776,
  config: (release) => ({
    cmd: ['httpd-foreground'],
    env: [
      'PATH=/usr/local/apache2/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'HTTPD_PREFIX=/usr/local/apache2',
      `HTTPD_VERSION=${release}`,
    ],
    workdir: '/usr/local/apache2',
    exposedPorts: ['80/tcp'],
    stopSignal: 'SIGWINCH',
  }),
  tree: () => httpdTree(debian('bookworm')),
  alpine: { size: 22_104_531, tree: () => httpdTree(alpine(ALPINE)) },
};

const redis: Unnamed = {
  version: RELEASES.redis,
  size: 53_141_887,
  config: (release) => ({
    entrypoint: ['docker-entrypoint.sh'],
    cmd: ['redis-server'],
    env: [PATH, `REDIS_DOWNLOAD_URL=https://github.com/redis/redis/archive/refs/tags/${release}.tar.gz`],
    workdir: '/data',
    exposedPorts: ['6379/tcp'],
    volumes: ['/data'],
  }),
  tree: () => redisTree(debian('bookworm', 'redis:x:999:999::/home/redis:/bin/sh\n', 'redis:x:999:\n')),
  alpine: {
    size: 19_203_114,
    tree: () => redisTree(alpine(ALPINE, 'redis:x:999:1000:Linux User,,,:/home/redis:/bin/sh\n')),
  },
};

const mysqlLike = (name: 'mysql' | 'mariadb', size: number): Unnamed => ({
  version: RELEASES[name],
  tags: name === 'mysql' ? 'lts innovation' : 'lts noble jammy',
  size,
  config: (release) => ({
    entrypoint: ['docker-entrypoint.sh'],
    cmd: [name === 'mysql' ? 'mysqld' : 'mariadbd'],
    env: [PATH, `GOSU_VERSION=1.17`, `${name.toUpperCase()}_VERSION=${release}`],
    exposedPorts: name === 'mysql' ? ['3306/tcp', '33060/tcp'] : ['3306/tcp'],
    volumes: ['/var/lib/mysql'],
  }),
  tree: () => mysqlTree(name, debian('bookworm', 'mysql:x:999:999::/var/lib/mysql:/bin/bash\n', 'mysql:x:999:\n')),
});

/** Since 18 the data lies in a folder of its major version (docker-library/postgres, 18/bookworm/Dockerfile). */
const postgresFolders = (major: string) =>
  Number(major) >= 18
    ? { data: `/var/lib/postgresql/${major}/docker`, volume: '/var/lib/postgresql' }
    : { data: '/var/lib/postgresql/data', volume: '/var/lib/postgresql/data' };

const majorOf = (release: string): string => release.split('.')[0]!;

const postgres: Unnamed = {
  version: RELEASES.postgres,
  size: 160_942_317,
  config: (release) => {
    const major = majorOf(release);
    const { data, volume } = postgresFolders(major);
    return {
      entrypoint: ['docker-entrypoint.sh'],
      cmd: ['postgres'],
      env: [
        `${PATH}:/usr/lib/postgresql/${major}/bin`,
        'GOSU_VERSION=1.19',
        'LANG=en_US.utf8',
        `PG_MAJOR=${major}`,
        `PG_VERSION=${release}-1.pgdg12+1`,
        `PGDATA=${data}`,
      ],
      exposedPorts: ['5432/tcp'],
      stopSignal: 'SIGINT',
      volumes: [volume],
    };
  },
  tree: (_, release) =>
    postgresTree(
      majorOf(release),
      debian('bookworm', 'postgres:x:999:999::/var/lib/postgresql:/bin/bash\n', 'postgres:x:999:\n'),
    ),
  alpine: {
    size: 104_338_221,
    tree: (release) =>
      postgresTree(majorOf(release), alpine(ALPINE, 'postgres:x:70:70::/var/lib/postgresql:/bin/sh\n')),
  },
};

const memcached: Unnamed = {
  version: RELEASES.memcached,
  size: 32_118_734,
  config: (release) => ({
    entrypoint: ['docker-entrypoint.sh'],
    cmd: ['memcached'],
    env: [PATH, `MEMCACHED_VERSION=${release}`],
    user: '11211',
    exposedPorts: ['11211/tcp'],
  }),
  tree: () =>
    layers(debian('bookworm', 'memcache:x:11211:11211::/home/memcache:/bin/sh\n'), {
      '/usr/local/bin/docker-entrypoint.sh': program('docker-entrypoint-exec'),
      '/usr/local/bin/memcached': program('memcached'),
    }),
};

const pause: Unnamed = {
  version: '3.10.1',
  size: 319_970,
  config: {
    entrypoint: ['/pause'],
    env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    user: '65535:65535',
  },
  tree: () => scratch('/pause', 'pause'),
};

const debianBase: Unnamed = {
  tags: 'bookworm-v1.0.6 bookworm-v1.0.5 bookworm-v1.0.4 bullseye-v1.4.3',
  size: 21_205_087,
  config: { cmd: ['bash'], env: [PATH] },
  tree: () => debian('bookworm'),
};

const helloApp: Unnamed = {
  tags: '1.0 2.0',
  size: 13_745_365,
  config: { entrypoint: ['/hello-app'], env: [PATH, 'PORT=8080'], exposedPorts: ['8080/tcp'], user: '65532' },
  tree: () => layers(scratch('/hello-app', 'hello-app')),
};

const busyboxImage = shellImage(2_224_229, busybox, 'sh', {
  version: '1.37.0',
  tags: 'stable musl glibc uclibc stable-musl stable-glibc stable-uclibc',
});

/** An image that is not versioned as the server in it is. */
function serverOf({ config }: Unnamed, release: string, ...env: string[]): ImageConfig {
  const own = typeof config === 'function' ? config(release) : config;
  return { ...own, env: [...own.env, ...env] };
}

const debianTags = 'trixie bookworm bullseye stable oldstable stable-slim sid testing';

/** What stands here can be pulled; anything else does not exist. */
export const DECLARATIONS: readonly ImageDeclaration[] = [
  { names: ['nginx'], ...nginx },
  { names: ['httpd'], ...httpd },
  {
    names: ['busybox', 'registry.k8s.io/busybox', 'k8s.gcr.io/busybox', 'gcr.io/google-containers/busybox'],
    ...busyboxImage,
  },
  { names: ['quay.io/libpod/busybox'], ...busyboxImage },
  {
    names: ['alpine', 'quay.io/libpod/alpine'],
    ...shellImage(3_806_186, (_, release) => alpine(release), '/bin/sh', { version: '3.22.2', tags: 'edge' }),
  },
  {
    names: ['debian'],
    ...shellImage(48_485_207, (tag) => debian(tag), 'bash', {
      version: '13.1',
      tags: debianTags,
    }),
  },
  {
    names: ['ubuntu'],
    ...shellImage(29_724_688, (tag) => ubuntu(tag), '/bin/bash', {
      version: '24.04',
      tags: 'noble jammy focal bionic 25.10 questing rolling devel',
    }),
  },
  {
    names: ['centos'],
    ...shellImage(83_518_086, centos, '/bin/bash', { version: '8.4.2105', tags: 'centos8 centos7 centos6' }),
  },
  { names: ['redis'], ...redis },
  { names: ['postgres'], ...postgres },
  { names: ['mysql'], ...mysqlLike('mysql', 262_103_882) },
  { names: ['mariadb'], ...mysqlLike('mariadb', 108_530_411) },
  { names: ['memcached'], ...memcached },
  {
    names: ['wordpress'],
    ...httpd,
    version: '6.8.3',
    tags: 'apache',
    size: 244_902_176,
    config: (release) => ({
      ...serverOf(httpd, RELEASES.httpd, `WORDPRESS_VERSION=${release}`),
      workdir: '/var/www/html',
      volumes: ['/var/www/html'],
    }),
  },
  { names: ['registry.k8s.io/pause', 'k8s.gcr.io/pause', 'k8s.gcr.io/pause-amd64'], ...pause },
  {
    names: ['registry.k8s.io/nginx-slim', 'k8s.gcr.io/nginx-slim'],
    ...nginx,
    version: '0.27',
    config: () => nginxConfig(RELEASES.nginx),
  },
  { names: ['registry.k8s.io/build-image/debian-base', 'k8s.gcr.io/debian-base'], ...debianBase },
  { names: ['registry.k8s.io/e2e-test-images/nginx'], ...nginx, tags: '1.14-1 1.14-4 1.15-4' },
  { names: ['registry.k8s.io/e2e-test-images/httpd'], ...httpd, tags: '2.4.38-4 2.4.39-4' },
  { names: ['registry.k8s.io/e2e-test-images/busybox'], ...busyboxImage, tags: '1.29-1 1.29-4 1.36.1-1' },
  { names: ['gcr.io/google-samples/hello-app'], ...helloApp },
  {
    names: ['quay.io/nginx/nginx-unprivileged'],
    ...nginx,
    config: (release) => ({ ...nginxConfig(release), user: '101', exposedPorts: ['8080/tcp'] }),
  },
];
