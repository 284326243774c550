// Before the first paint of a lab in another page: says that scripts run, and sets the colours that its address asks for.
(() => {
  // In a frame of no origin no module is loaded.
  if (self.origin === 'null') return;
  const root = document.documentElement;
  root.classList.add('js');
  const theme = new URLSearchParams(location.search).get('theme');
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
})();
