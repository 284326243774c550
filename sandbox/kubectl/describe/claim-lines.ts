/** The lines that a claim and a pod's claim template share. */

import type { PersistentVolumeClaim } from '../../api/types.ts';
import { annotations, labels } from './metadata.ts';
import { accessModes, goList, quantity, since, storageClassOf } from './values.ts';
import type { Writer } from './writer.ts';

/** `now` is given for a whole claim; a template has neither name nor status. */
export function claimLines(w: Writer, claim: PersistentVolumeClaim, now: number | undefined): void {
  const { metadata, spec, status } = claim;
  const whole = now !== undefined;
  if (whole) {
    w.line(0, `Name:\t${metadata.name}`);
    w.line(0, `Namespace:\t${metadata.namespace}`);
  }
  w.line(0, `StorageClass:\t${storageClassOf(claim)}`);
  if (whole) {
    if (metadata.deletionTimestamp) w.line(0, `Status:\tTerminating (lasts ${since(metadata.deletionTimestamp, now)})`);
    else w.line(0, `Status:\t${status?.phase ?? ''}`);
  }
  w.line(0, `Volume:\t${spec?.volumeName ?? ''}`);
  labels(w, 'Labels', metadata?.labels);
  annotations(w, 'Annotations', metadata?.annotations);
  if (whole) w.line(0, `Finalizers:\t${goList(metadata.finalizers)}`);
  const bound = Boolean(spec?.volumeName);
  w.line(0, `Capacity:\t${bound ? quantity(status?.capacity?.storage as string | undefined) : ''}`);
  w.line(0, `Access Modes:\t${bound ? accessModes(status?.accessModes) : ''}`);
  if (spec?.volumeMode) w.line(0, `VolumeMode:\t${spec.volumeMode}`);
  if (spec?.dataSource) {
    w.line(0, 'DataSource:');
    if (spec.dataSource.apiGroup) w.line(1, `APIGroup:\t${spec.dataSource.apiGroup}`);
    w.line(1, `Kind:\t${spec.dataSource.kind}`);
    w.line(1, `Name:\t${spec.dataSource.name}`);
  }
}
