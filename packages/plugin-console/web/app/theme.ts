// Dark for the wall and the desk, light for the office: by the system's wish, or by choice.

/** Colours in force. */
export type Theme = 'dark' | 'light';
/** What was chosen. */
export type ThemeChoice = Theme | 'auto';

/** Reads a stored choice. */
export function readThemeChoice(stored: string | null): ThemeChoice {
  return stored === 'dark' || stored === 'light' ? stored : 'auto';
}

/** The colours that a choice gives. */
export function resolveTheme(choice: ThemeChoice, systemIsDark: boolean): Theme {
  if (choice !== 'auto') return choice;
  return systemIsDark ? 'dark' : 'light';
}
