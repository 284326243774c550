/** Where the lab may run: what the build offers (PUBLIC_SANDBOX_HOST), and what the reader chose from it. */

import { readPreference, writePreference } from './preferences.ts';

export const hostChoices = ['auto', 'webcontainer', 'worker'] as const;
export type HostChoice = (typeof hostChoices)[number];

const built = import.meta.env.PUBLIC_SANDBOX_HOST ?? 'auto';

/** A site built for the worker alone says nothing of WebContainers. */
export const offersWebContainers = built !== 'worker';

export function chosenHost(): HostChoice {
  const chosen = readPreference('host');
  return hostChoices.find((choice) => choice === chosen) ?? built;
}

export const chooseHost = (choice: HostChoice): void => writePreference('host', choice === built ? undefined : choice);

/** What blocks StackBlitz's frame will block it on the next page too: remembered until the tab is closed. */
export const blockedBefore = (): string | undefined => readPreference('host.blocked', 'tab');
export const rememberBlocked = (error: string | undefined): void => writePreference('host.blocked', error, 'tab');
