/** Where the project's files and issues are: the one place that says so is package.json's `repository`, or PUBLIC_REPOSITORY when the site is built. */

import packageJson from '../../package.json' with { type: 'json' };

/** `https://github.com/owner/name`, without a slash at its end. A fork that GitHub builds names itself (GITHUB_REPOSITORY). */
export function repositoryOf(environment: Readonly<Record<string, string | undefined>>): string {
  const { PUBLIC_REPOSITORY, GITHUB_SERVER_URL, GITHUB_REPOSITORY } = environment;
  const inActions = GITHUB_SERVER_URL && GITHUB_REPOSITORY && `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}`;
  const address = PUBLIC_REPOSITORY || inActions || packageJson.repository.url;
  return address.replace(/^git\+/, '').replace(/(\.git)?\/*$/, '');
}

const repository = repositoryOf(process.env);

/** A page's source, open in the forge's editor. */
export const editAddress = (path: string): string => `${repository}/edit/main/${path}`;

/** The form for what differs from a real cluster: .github/ISSUE_TEMPLATE/differs.yml. */
export const reportAddress = `${repository}/issues/new?template=differs.yml`;
