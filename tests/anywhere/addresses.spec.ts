/** dist/ names none of its own files from the host's root. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';

const dist = join(import.meta.dirname, '../../dist');

test('no address begins at the host’s root', () => {
  // What begins so in an attribute, in url() or in quotes, and is the name of something at the site's root.
  const names = [...readdirSync(dist).filter((name) => name !== 'index.html'), 'webcontainer', 'lessons.json'].map(
    (name) => name.replaceAll('.', '\\.'),
  );
  const own = new RegExp(`(?:["'\`(=]|\\burl\\()/(?:${names.join('|')})(?:["'\`)/?#]).*`);
  const attribute = /\s(?:href|src|action|content|srcset|data-[\w-]+)="\/.*/;
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(html|js|mjs|css|json|webmanifest|svg)$/.test(file),
  );
  expect(files.length).toBeGreaterThan(50);
  const found = files.flatMap((file) => {
    const text = readFileSync(join(dist, file), 'utf8');
    const hit = own.exec(text) ?? (file.endsWith('.html') ? attribute.exec(text) : null);
    return hit ? [`${file}: ${hit[0].slice(0, 80)}`] : [];
  });
  expect(found).toEqual([]);
});
