/** English: the words of the search. They come with it, and not before. */

export const search = {
  title: 'Search the course and the API',
  label: 'Search lessons, steps and Kubernetes kinds',
  placeholder: 'reclaim policy, mount, PersistentVolumeClaim …',
  close: 'Close',
  loading: 'Loading what is searched…',
  failed: 'What is searched could not be loaded. Close this, and try again.',
  hint: 'The arrow keys choose, Enter goes there, Esc closes. Ctrl+Shift+K opens it from a terminal, too.',
  slash: 'The key / alone opens the search, where nothing is typed',
  nothing: (asked: string) => `Nothing in the lessons or the API has “${asked}”.`,
  found: (steps: number, kinds: number) =>
    [
      ...(steps > 0 ? [`${steps === 1 ? '1 place' : `${steps} places`} in the lessons`] : []),
      ...(kinds > 0 ? [`${kinds === 1 ? '1 kind' : `${kinds} kinds`} of the API`] : []),
    ].join(', '),
  overview: 'The lesson as a whole',
  api: 'Kubernetes API',
  back: 'Back to the results',
  fields: 'Fields',
  field: 'field',
  says: 'what the API says of it',
  scope: { namespaced: 'in a namespace', cluster: 'of the whole cluster' },
  short: (names: string) => `short ${names}`,
  explain: 'More of it, on master01:',
  run: 'run',
};
