/** The last conformance run's own document, if one is kept. */

import { existsSync } from 'node:fs';

const RESULTS = 'docs/conformance.md';

export const conformance = (): string =>
  existsSync(new URL(`../../${RESULTS}`, import.meta.url))
    ? `What the last run found, line by line: [${RESULTS}](${RESULTS}).`
    : `No run is kept in ${RESULTS}; \`npm run conformance -- --write\` makes one.`;
