import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { editAddress, reportAddress, repositoryOf } from './repository.ts';

test('the address is as a browser opens it, whoever says it', () => {
  const own = repositoryOf({});
  expect(own).toMatch(/^https:\/\/[^/]+\/[^/]+\/[^/]+$/);
  expect(own).not.toMatch(/\.git$/);
  expect(repositoryOf({ PUBLIC_REPOSITORY: 'https://git.example/team/bound.git/' })).toBe(
    'https://git.example/team/bound',
  );
  expect(repositoryOf({ GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'some/fork' })).toBe(
    'https://github.com/some/fork',
  );
  expect(repositoryOf({ GITHUB_SERVER_URL: 'https://github.com' })).toBe(own);
});

test('what it leads to is there', () => {
  const root = new URL('../../', import.meta.url);
  const path = editAddress('content/01-the-lab/en.mdx').split('/edit/main/')[1]!;
  expect(existsSync(new URL(path, root))).toBe(true);
  const form = new URL(reportAddress).searchParams.get('template')!;
  expect(existsSync(new URL(`.github/ISSUE_TEMPLATE/${form}`, root))).toBe(true);
});
