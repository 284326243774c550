// Before the first paint: says that scripts run (closed steps fold) and sets the remembered colours and split.
(() => {
  // In a frame of no origin no module is loaded: the page then reads as it does without scripts.
  if (self.origin === 'null') return;
  const root = document.documentElement;
  root.classList.add('js');
  try {
    const theme = localStorage.getItem('bound.theme');
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
    const split = Number(localStorage.getItem('bound.split'));
    if (split > 0) root.style.setProperty('--split', `${split}%`);
  } catch {
    // Storage may be forbidden; the defaults then hold.
  }
})();
