/** Which release a tag means, and the newest that the lab's images have. */

export const RELEASES = {
  nginx: '1.29.3',
  httpd: '2.4.65',
  redis: '8.2.3',
  mysql: '9.5.0',
  mariadb: '12.0.2',
  postgres: '18.1',
  memcached: '1.6.39',
} as const;

/** `1.29` is the newest of its line, `latest`; of an older line a tag that does not say more means the first: `1.25` is `1.25.0`. */
export function releaseOf(tag: string, latest: string): string {
  const numbers = /^v?(\d+(?:\.\d+)*)/.exec(tag)?.[1];
  if (numbers === undefined || numbers === latest || latest.startsWith(`${numbers}.`)) return latest;
  const missing = latest.split('.').length - numbers.split('.').length;
  return numbers + '.0'.repeat(Math.max(0, missing));
}
