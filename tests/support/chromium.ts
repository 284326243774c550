/** How every test starts Chromium. */

export const arguments_ = [
  '--no-sandbox',
  '--disable-background-networking',
  // Nothing a page asks for leaves this machine, StackBlitz's frame included.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
];
