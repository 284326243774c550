/** English, first. */

export const en = {
  missing: 'No course system was found. You can work, but what you do is kept in this browser only.',
  lost: 'The course system does not answer. Go on working: what you do is kept here, and sent to it once it answers again.',
  again: 'The course system answers again, and has everything you did.',
  elsewhere: 'This lesson does not count here: it is an activity of its own in your course.',
  setUp:
    'Your course system knows how far you have come, but your lab is in another browser. This one was set up by the solutions up to this step; what you had passed stays passed.',
  noScript: 'This lesson needs JavaScript.',
};
