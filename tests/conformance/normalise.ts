/** Takes out of an answer what differs between two real clusters, and nothing else. */

import { LETTER, UID } from './names.ts';

const RULES: readonly (readonly [pattern: RegExp, put: string])[] = [
  [UID, '<uid>'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, '<time>'],
  [/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, '<time>'],
  // What a client's reflector says of its watch as it ends, or not.
  [/^[EI]\d{4} [\d:.]+ +\d+ reflector\.go:.*\n/gm, ''],
  [/\b[EWI]\d{4} \d\d:\d\d:\d\d\.\d+\s+\d+ /g, '<klog> '],
  // What a reflector says of its watch, or not.
  [/^<klog> reflector\.go:.*\n/gm, ''],
  [/(Resource Version: +)\d+/g, '$1<revision>'],
  [/((?:resourceVersion|ResourceVersion)(?:\\?")?: ?)(?:\\?")?\d+(?:\\?")?/g, '$1<revision>'],
  [/\b(?:sha256:|containerd:\/\/)[0-9a-f]{12,}/g, '<digest>'],
  [/\b[0-9a-f]{40,}\b/g, '<digest>'],
  // The machine a scheduler runs on.
  [/default-scheduler-\w+/g, 'default-scheduler-<host>'],
  [/(Machine ID:\s+|machineID"?: "?)[0-9a-f]{32}/g, '$1<id>'],
  [/("continue": ?)"[\w-]+"/g, '$1<token>'],
  [/(?<=\?hash=)[0-9A-F]+/g, '<hash>'],
  [/(current: |too old resource version: \d+ \()\d+/g, '$1<revision>'],
  // Of a transport, not of an answer.
  [
    /^(?:Audit-Id|X-Kubernetes-Pf-[\w-]+|Date|Etag|Last-Modified|Content-Length|Transfer-Encoding|Connection|Keep-Alive|Vary|Accept-Ranges): .*\n/gim,
    '',
  ],
  // Colours of a terminal.
  [/\u001b\[[\d;]*m/g, ''],
  [/\/tmp\/conformance-\w+\/home|\/root(?=\/\.kube)/g, '<home>'],
  // The recorder's stand-in for the kubelet gave its nodes this one more address.
  [
    /^\s+ExternalDNS:\s+localhost\n|^ *- address: localhost\n *type: ExternalDNS\n|,\s*\{\s*"address": "localhost",\s*"type": "ExternalDNS"\s*\}/gm,
    '',
  ],
  [/\b10\.(?:244|9[6-9]|10\d|11[01])\.\d+\.\d+\b/g, '<ip>'],
  [/https?:\/\/127\.0\.0\.1:(?!9\b|102)\d+/g, '<server>'],
  [/\b127\.0\.0\.1:(?!9\b|102)\d{4,5}/g, '<server>'],
  [/\b(?:7443|6443|20250|10250)\b/g, '<port>'],
  // How a kubelet is reached, and why it was not: the recorder's nodes had names that nobody knew.
  [/https:\/\/(?:node0\d|192\.168\.120\.23\d):<port>\//g, 'https://<kubelet>/'],
  [/(<kubelet>.*|error dialing backend): dial tcp.*/g, '$1: <unreachable>'],
  [/\b3[0-2]\d{3}(?=\/TCP|\/UDP)|((?:nodePort|NodePort)\S*\s+(?:<unset>\s+)?)3[0-2]\d{3}/g, '$1<port>'],
  [/(kubectl-edit|LIVE|MERGED)-\d+/g, '$1-<number>'],
  [/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? [+-]\d{4}/g, '<time>'],
  [/\.[0-9a-f]{16}\b/g, '.<event>'],
  [new RegExp(`-${LETTER}{6,10}(-${LETTER}{5})?\\b(?!\\.(?!<event>)|-[a-z0-9])`, 'g'), '-<hash>$1'],
  [/(pod-template-hash|controller-revision-hash|controller\.kubernetes\.io\/hash)("?[:=] ?"?)[\w-]+"?/g, '$1$2<hash>'],
  [new RegExp(`-${LETTER}{5}\\b`, 'g'), '-<suffix>'],
  [/(Image size: )\d+/g, '$1<size>'],
  [
    /\b(?:\d+d)?(?:\d+h)?(?:\d+m)?\d+s\b|\b\d+d(?:\d+h)?\b|\b\d+h(?:\d+m)?\b|(?<=\s)\d{1,2}m(?=\s(?!\(\d+%)|\)|$)|\b\d+(?:\.\d+)?m?s\b/gm,
    '<age>',
  ],
  [/<invalid>/g, '<age>'],
  [/<age> \(x\d+ over <age>\)/g, '<age>'],
  // A race in how the recorded planes were started.
  [/^.*\bCIDRAssignmentFailed\b.*\n/gm, ''],
  [/^.*\bPulling image .*\n/gm, ''],
  [
    /Successfully pulled image ("[^"]*").*|Container image ("[^"]*") already present on machine.*/g,
    '<image $1$2 is there>',
  ],
];

export function normalised(text: string): string {
  const plain = RULES.reduce(
    (before, [pattern, put]) => before.replace(pattern, put),
    withPlainHeaders(withSortedConflicts(text)),
  );
  return orderedDescriptions(orderedRows(plain.split('\n').map(evenColumns)).join('\n'));
}

/** Objects with generated names are described in the order of those names: in any. */
function orderedDescriptions(text: string): string {
  const described = text.trimEnd().split('\n\n\n');
  if (!described.every((one) => /^Name: .*(?:<suffix>|<hash>)$/m.test(one.split('\n', 1)[0]!))) return text;
  return `${described.sort().join('\n\n\n')}\n`;
}

/** The managers that one is in conflict with are a Go map. */
const withSortedConflicts = (text: string): string =>
  text.replace(
    /\{\s*"reason": "FieldManagerConflict",[^{}]*\}(?:,\s*\{\s*"reason": "FieldManagerConflict",[^{}]*\})+/g,
    (causes) =>
      causes
        .match(/\{[^{}]*\}/g)!
        .sort()
        .join(',\n'),
  );

/** An answer as curl shows it: the names of headers have no case. */
const withPlainHeaders = (text: string): string =>
  text.startsWith('HTTP/1.1 ')
    ? text.replace(/^[\s\S]*?\n\n/, (head) => head.replace(/^[\w-]+(?=:)/gm, (name) => name.toLowerCase()))
    : text;

/** Column widths follow from what stands in the columns; a line's indentation does not. */
function evenColumns(line: string): string {
  const [indent = ''] = /^ */.exec(line)!;
  return indent + line.slice(indent.length).replace(/ {2,}/g, '  ').trimEnd();
}

const EVENT_ROW = /^\s*(?:<age> {2})?(?:Normal|Warning) {2}/;
const GENERATED_ROW = /<hash>|<suffix>|<event>/;

/**
 * Rows whose names are generated come in any order. Repeats of one event are one, as are those of one line of rollout status,
 * which tells of every write; of pods that look alike every one counts.
 */
function orderedRows(lines: string[]): string[] {
  const out: string[] = [];
  let run: string[] = [];
  const flush = () => {
    run.sort();
    out.push(...run.filter((line, i) => line !== run[i - 1] || !EVENT_ROW.test(line)));
    run = [];
  };
  for (const line of lines) {
    // The schema's properties are a Go map: what is wrong with them is told in any order.
    if (EVENT_ROW.test(line) || GENERATED_ROW.test(line) || line.startsWith('* ')) run.push(line);
    else {
      flush();
      if (!line.startsWith('Waiting for ') || line !== out.at(-1)) out.push(line);
    }
  }
  flush();
  return out;
}

/** Which of two equal nodes or volumes was chosen; rows are put in order again under their common name, other lines are not. */
export function withoutChoices(text: string): string {
  const common = text.replace(/\bnode0[12]\b|192\.168\.120\.23[23]/g, '<node>').replace(/\bpv00[23]\b/g, '<volume>');
  return orderedDescriptions(orderedRows(common.split('\n')).join('\n'));
}
