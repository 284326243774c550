/** Why something is as it is: what happened to it, down to the learner's own command, and what it waits for now. */

import type { Why, WhySubject } from '../channel/why.ts';
import type { Progress } from '../lesson/progress.ts';
import type { Cause } from '../sim/cause.ts';
import type { World } from '../world/world.ts';
import { Chains } from './chain.ts';
import { checkpointFindings } from './checkpoints.ts';
import { clientFindings, exportFindings, isExport, isNode, serviceAct, turnedAct } from './exports.ts';
import { missing, newest, objectFindings } from './objects.ts';
import { nodeFindings } from './pods.ts';
import { type Act, type Finding, finding, NAMESPACE, Scene } from './scene.ts';

/** Looks at the world as it is; nothing in it moves. */
export function why(world: World, progress: Progress, subject: WhySubject): Why {
  const scene = new Scene(world);
  const { findings, ends } = look(scene, progress, subject);
  const evidence = findings.flatMap((one) => one.evidence ?? []);
  return {
    subject,
    links: new Chains(scene).links([...ends, ...evidence]),
    waits: distinct(findings).map(({ evidence: _, ...wait }) => wait),
  };
}

interface Look {
  readonly findings: readonly Finding[];
  /** Of the thing itself: its last change. */
  readonly ends: readonly (Act | Cause | undefined)[];
}

function look(scene: Scene, progress: Progress, subject: WhySubject): Look {
  switch (subject.type) {
    case 'object': {
      const { kind, name, namespace = NAMESPACE } = subject;
      const object = scene.object(kind, namespace, name);
      if (!object) return { findings: missing(scene, kind, name, namespace), ends: [] };
      return { findings: objectFindings(scene, object), ends: [newest(scene, object)] };
    }
    case 'path': {
      const { host, path } = subject;
      const ends = [scene.fileAct(host, path)];
      if (isExport(scene, host, path)) return { findings: exportFindings(scene, host, path), ends };
      if (scene.inode(host, path)) return { findings: [], ends };
      return { findings: [finding('file.missing', { host, path }, subject)], ends };
    }
    case 'machine': {
      const machine = scene.machine(subject.host);
      const ends = machine ? [turnedAct(subject.host, machine), serviceAct(scene, subject.host, 'nfs-server')] : [];
      const client = isNode(subject.host) ? clientFindings(scene, subject.host) : [];
      return { findings: [...nodeFindings(scene, subject.host), ...client], ends };
    }
    case 'checkpoint':
      return { findings: checkpointFindings(scene, progress, subject), ends: [] };
  }
}

/** What several wait for is said once, where it was said last: the cause stays at the end. */
const distinct = (findings: readonly Finding[]): Finding[] => {
  const key = ({ says }: Finding) => JSON.stringify(says);
  return findings.filter((one, index) => findings.findLastIndex((other) => key(other) === key(one)) === index);
};
