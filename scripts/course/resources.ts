/** The resources of a package's imsmanifest.xml: a page an activity, and the site's files, on which all of them depend. */

import type { Activity } from './activities.ts';
import { type Markup, xml } from './xml.ts';

/** `type`: the attribute's name, which the two versions write each in its own way. */
export const resources = (
  activities: readonly Activity[],
  files: readonly string[],
  type: 'scormtype' | 'scormType',
): Markup => xml`<resources>${activities.map(
  ({ id, href }) => xml`
    <resource identifier="page-${id}" type="webcontent" adlcp:${type}="sco" href="${href}">
      <file href="${href}"/>
      <dependency identifierref="site"/>
    </resource>`,
)}
    <resource identifier="site" type="webcontent" adlcp:${type}="asset">${files.map(
      (file) => xml`
      <file href="${file}"/>`,
    )}
    </resource>
  </resources>`;
