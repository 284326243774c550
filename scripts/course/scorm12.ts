/** imsmanifest.xml of SCORM 1.2 (The SCORM Content Aggregation Model 1.2, 2.3). */

import type { Activity, CourseTexts } from './activities.ts';
import { resources } from './resources.ts';
import { xml, xmlDocument } from './xml.ts';

/** The bar for the score is the lesson's own page's (launch.ts): course systems put `masteryscore` to unfinished work too. */
export function scorm12Manifest(
  course: CourseTexts,
  activities: readonly Activity[],
  files: readonly string[],
): string {
  return xmlDocument(xml`
<manifest identifier="bound" version="1.0"
    xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
    xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xsi:schemaLocation="http://www.imsproject.org/xsd/imscp_rootv1p1p2 imscp_rootv1p1p2.xsd http://www.adlnet.org/xsd/adlcp_rootv1p2 adlcp_rootv1p2.xsd">
  <metadata>
    <schema>ADL SCORM</schema>
    <schemaversion>1.2</schemaversion>
  </metadata>
  <organizations default="course">
    <organization identifier="course">
      <title>${course.title}</title>${activities.map(
        ({ id, title }) => xml`
      <item identifier="item-${id}" identifierref="page-${id}" isvisible="true">
        <title>${title}</title>
      </item>`,
      )}
    </organization>
  </organizations>
  ${resources(activities, files, 'scormtype')}
</manifest>`);
}
