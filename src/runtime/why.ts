/** Asking why: the panel and its words, loaded with the first question. */

import { flushSync, mount } from 'svelte';
import type { Language, WhySubject } from '../../sandbox/channel/messages.ts';
import { causeTable } from '../../sandbox/words/causes/index.ts';
import WhyPanel from '../components/lab/Why.svelte';
import type { LabSession } from './session.svelte.ts';

interface Panel {
  open(subject: WhySubject, label?: string): void;
}
let panel: Panel | undefined;

/** `label` names a checkpoint; whatever else is asked of has a name of its own. */
export async function askWhy(
  session: LabSession,
  language: Language,
  subject: WhySubject,
  label?: string,
): Promise<void> {
  const table = await causeTable(language);
  const props = { ask: async (one: WhySubject) => session.looking?.why(one), table };
  // tsc sees a component without its exports; svelte-check sees them.
  panel ??= mount(WhyPanel, { target: document.body, props }) as unknown as Panel;
  // Its dialog is there then.
  flushSync();
  panel.open(subject, label);
}
