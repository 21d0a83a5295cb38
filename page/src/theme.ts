import { useEffect, useState } from 'preact/hooks';

const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const place = 'mxlab-report-theme';

/** The colours asked for; kept where the browser lets a file keep anything. */
export function useTheme(): [Theme, () => void] {
  const [theme, setTheme] = useState<Theme>(remembered);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem(place, theme);
    } catch {
      // Then it holds as long as the page is open.
    }
  }, [theme]);
  const next = (): void => setTheme(themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system');
  return [theme, next];
}

function remembered(): Theme {
  try {
    const kept = localStorage.getItem(place);
    return themes.find((theme) => theme === kept) ?? 'system';
  } catch {
    return 'system';
  }
}
