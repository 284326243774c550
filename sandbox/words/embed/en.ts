/** English: a lab in somebody else's page. */

const list = (names: readonly string[]) => names.join(', ');

export const frame = {
  title: 'A lab of Bound',
  about: 'Terminals, picture and checkpoints of a lesson, for a frame in another page.',
  noScript: 'This lab needs JavaScript.',
  inCourse: 'Open the lesson ↗',
  beginAgain: 'Begin again',
  begun: 'Begun again. The session of before is kept.',
  /** In the menu, where the browser refuses frames their storage. */
  unkept: 'What is done here lasts as long as this page: the browser keeps nothing for frames.',
  unfold: 'Show all',
  fold: 'Show less',
  problem: {
    noLesson: (all: readonly string[]) => `The address names no lesson (?lesson=…). There are: ${list(all)}.`,
    lesson: (given: string, all: readonly string[]) => `There is no lesson “${given}”. There are: ${list(all)}.`,
    step: (given: string, lesson: string, all: readonly string[]) =>
      `Lesson “${lesson}” has no step “${given}”. It has: ${list(all)}.`,
    seed: (given: string) => `“${given}” is no seed: a whole number from 0 to 4294967295 is one.`,
    theme: (given: string) => `“${given}” is no theme: auto, light and dark are.`,
    lessons: 'The lessons could not be loaded.',
  },
};

export const element = {
  title: (lesson: string) => `Kubernetes lab: ${lesson}`,
  run: 'run',
  runOn: (host: string) => `run on ${host}, in the lab`,
  ran: 'ran',
};
