/** cmi5.xml, the course structure (cmi5 Quartz, 13 and 14.1). */

import type { Activity, CourseTexts } from './activities.ts';
import { xml, xmlDocument } from './xml.ts';

/** Names that no other course has; a learner's record goes by them. */
const IDENTITY = 'https://github.com/bound-lab/bound';

export function cmi5Structure({ title, summary, language }: CourseTexts, activities: readonly Activity[]): string {
  const text = (words: string) => xml`<langstring lang="${language}">${words}</langstring>`;
  return xmlDocument(xml`
<courseStructure xmlns="https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd">
  <course id="${IDENTITY}">
    <title>${text(title)}</title>
    <description>${text(summary)}</description>
  </course>${activities.map(
    (activity) => xml`
  <au id="${IDENTITY}/lessons/${activity.id}" moveOn="CompletedOrPassed" masteryScore="${activity.shape.mastery}" launchMethod="AnyWindow">
    <title>${text(activity.title)}</title>
    <description>${text(activity.summary)}</description>
    <url>${activity.href}</url>
  </au>`,
  )}
</courseStructure>`);
}
