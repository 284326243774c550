/** What a box of the picture says below its name, what a press on it runs, and what is asked of when one asks why. */

import type { Picture, WhySubject } from '../../../sandbox/channel/messages.ts';
import type { PictureWords } from '../../../sandbox/words/picture/index.ts';
import { factsOf } from './facts.ts';
import type { Item } from './items.ts';
import { type Tone, toneOf } from './state.ts';
import { factWords } from './words.ts';

export interface Face {
  readonly words: string;
  readonly shortWords?: string;
  readonly tone: Tone;
  readonly extra?: string;
  /** How many files, where their names have no room. */
  readonly shortExtra?: string;
  /** What is said of it besides, and drawn elsewhere. */
  readonly details?: string;
}

export function faceOf({ layer, name }: Item, shown: Picture, t: PictureWords): Face {
  switch (layer) {
    case 'machines':
      return machineFace(name, shown, t);
    case 'workloads': {
      const { kind, ready, replicas } = shown.workloads.find((w) => w.name === name)!;
      const shortWords = t.ready(ready, replicas);
      return { words: `${kind} ${shortWords}`, shortWords, tone: ready >= replicas ? 'well' : 'waits' };
    }
    case 'pods': {
      const { status, ready } = shown.pods.find((p) => p.name === name)!;
      const unready = status === 'Running' && !ready;
      return { words: unready ? `${status}, 0/1` : status, tone: unready ? 'waits' : toneOf(status) };
    }
    case 'claims': {
      const { status } = shown.claims.find((c) => c.name === name)!;
      return { words: status, tone: toneOf(status) };
    }
    case 'volumes': {
      const { status } = shown.volumes.find((v) => v.name === name)!;
      return { words: status, tone: toneOf(status) };
    }
    case 'exports': {
      const { exported, files, grants } = shown.exports.find((e) => e.path === name)!;
      const state = exported ? t.exported : t.notExported;
      return {
        words: exported ? `${state} ${grants.join(' ')}` : state,
        shortWords: exported ? t.exportedShort : t.notExportedShort,
        tone: exported ? 'well' : 'gone',
        extra: files.join(' '),
        shortExtra: t.files(files.length),
      };
    }
  }
}

/** A machine's state stands beside its name; the lines below are drawn with its frame. */
function machineFace(name: string, shown: Picture, t: PictureWords): Face {
  const node = shown.nodes.find((candidate) => candidate.name === name);
  const facts = factsOf(shown, name).map((fact) => factWords(fact, t));
  const details = [...facts, ...(node?.taints ?? [])].join(', ');
  if (!node) return { words: '', tone: shown.server.up ? 'plain' : 'bad', details };
  const words = [node.ready ? '' : t.notReady, node.schedulable ? '' : t.cordoned].filter(Boolean).join(', ');
  return { words, tone: node.ready ? 'plain' : 'bad', details };
}

export interface Command {
  readonly host: string;
  readonly command: string;
  readonly label: string;
}

const shortKinds: Readonly<Record<string, string>> = { PersistentVolume: 'pv', PersistentVolumeClaim: 'pvc' };

/** The command that tells more of a thing. */
export function commandOf({ kind, name }: Item, t: PictureWords): Command {
  if (kind === 'Server') return { host: name, command: 'exportfs -v', label: t.listExports };
  if (kind === 'Directory') return { host: 'nfs', command: `ls -la ${shellWord(name)}`, label: t.list(name) };
  const command = `kubectl describe ${shortKinds[kind] ?? kind.toLowerCase()} ${name}`;
  return { host: 'master01', command, label: t.describe(kind, name) };
}

/** What is asked of, where one asks why. */
export function subjectOf({ kind, name }: Item): WhySubject {
  if (kind === 'Server') return { type: 'machine', host: name };
  if (kind === 'Directory') return { type: 'path', host: 'nfs', path: name };
  return { type: 'object', kind, name };
}

/** A path as the shell reads it: in quotes where one of its letters would mean something else to it, or be a key to the terminal. */
function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  if (!/[\x00-\x1f\x7f]/.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`;
  const octal = (key: string) => `\\${key.charCodeAt(0).toString(8).padStart(3, '0')}`;
  return `$'${text.replaceAll(/[\\']/g, '\\$&').replaceAll(/[\x00-\x1f\x7f]/g, octal)}'`;
}
