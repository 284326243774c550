/** imsmanifest.xml of SCORM 2004, 4th edition (Content Aggregation Model, 3.4 and 5). */

import type { Activity, CourseTexts } from './activities.ts';
import { resources } from './resources.ts';
import { xml, xmlDocument } from './xml.ts';

/** A learner may open any activity at any time; what one was passed with is what its page said, and is not decided again. */
export function scorm2004Manifest(
  course: CourseTexts,
  activities: readonly Activity[],
  files: readonly string[],
): string {
  return xmlDocument(xml`
<manifest identifier="bound" version="1.0"
    xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"
    xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3"
    xmlns:adlseq="http://www.adlnet.org/xsd/adlseq_v1p3"
    xmlns:adlnav="http://www.adlnet.org/xsd/adlnav_v1p3"
    xmlns:imsss="http://www.imsglobal.org/xsd/imsss"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xsi:schemaLocation="http://www.imsglobal.org/xsd/imscp_v1p1 imscp_v1p1.xsd http://www.adlnet.org/xsd/adlcp_v1p3 adlcp_v1p3.xsd http://www.adlnet.org/xsd/adlseq_v1p3 adlseq_v1p3.xsd http://www.adlnet.org/xsd/adlnav_v1p3 adlnav_v1p3.xsd http://www.imsglobal.org/xsd/imsss imsss_v1p0.xsd">
  <metadata>
    <schema>ADL SCORM</schema>
    <schemaversion>2004 4th Edition</schemaversion>
  </metadata>
  <organizations default="course">
    <organization identifier="course" structure="hierarchical" adlseq:objectivesGlobalToSystem="false">
      <title>${course.title}</title>${activities.map(
        ({ id, title }) => xml`
      <item identifier="item-${id}" identifierref="page-${id}" isvisible="true">
        <title>${title}</title>
        <imsss:sequencing>
          <imsss:deliveryControls completionSetByContent="true" objectiveSetByContent="true"/>
        </imsss:sequencing>
      </item>`,
      )}
      <imsss:sequencing>
        <imsss:controlMode choice="true" flow="true"/>
      </imsss:sequencing>
    </organization>
  </organizations>
  ${resources(activities, files, 'scormType')}
</manifest>`);
}
