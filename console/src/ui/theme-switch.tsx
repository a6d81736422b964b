import { useState } from 'preact/hooks';
import { chooseTheme, chosenTheme, type Theme } from './theme.ts';

const next: Readonly<Record<Theme, Theme>> = { system: 'dark', dark: 'light', light: 'system' };
const names: Readonly<Record<Theme, string>> = {
  system: 'as the device',
  dark: 'dark',
  light: 'light',
};

/** Goes through the themes. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState(chosenTheme);
  const choose = (): void => {
    chooseTheme(next[theme]);
    setTheme(next[theme]);
  };
  return (
    <button
      type="button"
      onClick={choose}
      class="min-h-9 rounded-md px-3 text-sm font-medium whitespace-nowrap text-muted hover:bg-raised hover:text-ink"
    >
      Colours: {names[theme]}
    </button>
  );
}
