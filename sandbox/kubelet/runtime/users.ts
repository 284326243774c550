/** Who a container runs as: a uid, a name of its image's /etc/passwd, with or without a group. */

import type { Image } from '../../images/image.ts';

export function resolveUser(
  image: Image,
  user: string | undefined,
  group: number | undefined,
): { uid: number; gid: number } {
  if (!user) return { uid: 0, gid: group ?? 0 };
  const [who, whose] = user.split(':');
  const entry = image.tree()['/etc/passwd'];
  const text = typeof entry === 'string' ? entry : entry && 'text' in entry ? entry.text : '';
  const fields = text.split('\n').map((line) => line.split(':'));
  const known = fields.find(([name, , uid]) => name === who || uid === who);
  const uid = /^\d+$/.test(who!) ? Number(who) : Number(known?.[2] ?? 0);
  return { uid, gid: group ?? (whose && /^\d+$/.test(whose) ? Number(whose) : Number(known?.[3] ?? 0)) };
}
