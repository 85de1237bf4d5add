import { useState } from 'react';
import { Button } from '../controls/button.tsx';
import { Icon } from '../controls/icon.tsx';
import { type Theme, themeCookie } from './theme.ts';

/** The cookie lasts a year. */
const cookieSeconds = 31_536_000;

const next: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };

/** Goes round the themes. */
export function ThemeButton({ initial }: { initial: Theme }) {
  const [theme, setTheme] = useState(initial);
  const choose = (chosen: Theme): void => {
    setTheme(chosen);
    document.documentElement.dataset['theme'] = chosen;
    document.cookie = `${themeCookie}=${chosen}; path=/; max-age=${cookieSeconds}; samesite=lax`;
  };
  const label = `Theme: ${theme}`;
  return (
    <Button look="quiet" square aria-label={label} title={label} onClick={() => choose(next[theme])}>
      <Icon name={theme} />
    </Button>
  );
}
