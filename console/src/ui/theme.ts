/** `system`: what the device prefers. */
export type Theme = 'system' | 'light' | 'dark';

const key = 'secureconnect/theme';

/** What was chosen in this browser. */
export function chosenTheme(): Theme {
  const kept = localStorage.getItem(key);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

/** Shows a theme, and keeps it for the next time. */
export function chooseTheme(theme: Theme): void {
  if (theme === 'system') localStorage.removeItem(key);
  else localStorage.setItem(key, theme);
  showTheme(theme);
}

/** Before the first picture, so that none has the other colours. */
export function showTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}
