// Language and colours, switched without a reload and kept per browser.
import { IconButton, Button } from '../kit/button.tsx';
import { useApp } from './context.ts';

/** Switches between Chinese and English; the button speaks the language it leads to. */
export function LanguageSwitch() {
  const { words, setLanguage } = useApp();
  const other = words.language === 'zh' ? 'en' : 'zh';
  return (
    <Button look="quiet" lang={other === 'zh' ? 'zh-CN' : 'en'} onClick={() => setLanguage(other)} data-testid="language-switch" aria-label={other === 'zh' ? '切换为中文' : 'EN: switch to English'}>
      {other === 'zh' ? '中文' : 'EN'}
    </Button>
  );
}

/** Switches between dark and light. */
export function ThemeSwitch() {
  const { words, theme, setTheme } = useApp();
  const other = theme === 'dark' ? 'light' : 'dark';
  return <IconButton icon={theme === 'dark' ? 'sun' : 'moon'} name={words.t(other === 'dark' ? 'theme.to-dark' : 'theme.to-light')} onClick={() => setTheme(other)} data-testid="theme-switch" />;
}
