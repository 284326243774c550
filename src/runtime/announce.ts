/** Says something to those who listen to the page. */

export function announce(text: string): void {
  const place = document.getElementById('announcements');
  if (!place) return;
  const line = document.createElement('p');
  line.textContent = text;
  place.append(line);
  setTimeout(() => line.remove(), 8_000);
}
