// The whole page: language, colours, campus, session; then the sign-in page or the desk.
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { CampusFacts, Language } from '@wanglou/core';
import type { SessionView } from '@wanglou/plugin-access/contract';
import { createClient } from '../api/client.ts';
import { asProblem, type Problem } from '../api/problem.ts';
import { createWords, firstLanguage } from '../i18n/language.ts';
import { Failure } from '../kit/states.tsx';
import { ToastHost } from '../kit/toast.tsx';
import { AppContext, useApp, type App as AppValue } from './context.ts';
import { DeskProvider } from './desk.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { MustChangePage } from './must-change-page.tsx';
import { Shell } from './shell.tsx';
import { SignInPage } from './sign-in-page.tsx';
import { keepSetting, readSetting } from './storage.ts';
import { readThemeChoice, resolveTheme, type ThemeChoice } from './theme.ts';

const systemDark = matchMedia('(prefers-color-scheme: dark)');

function useSystemDark(): boolean {
  return useSyncExternalStore(
    (listener) => {
      systemDark.addEventListener('change', listener);
      return () => systemDark.removeEventListener('change', listener);
    },
    () => systemDark.matches,
  );
}

/** The page. */
export function App() {
  const [language, chooseLanguage] = useState<Language>(() => firstLanguage(readSetting('language')));
  const [themeChoice, chooseTheme] = useState<ThemeChoice>(() => readThemeChoice(readSetting('theme')));
  const theme = resolveTheme(themeChoice, useSystemDark());
  const languageNow = useRef(language);
  languageNow.current = language;
  const [signedOut, setSignedOut] = useState(0);
  const askStepUp = useRef<() => Promise<boolean>>(undefined);
  const stepUp = useCallback(() => askStepUp.current?.() ?? Promise.resolve(false), []);
  const client = useMemo(() => createClient({ fetch: (...parts) => fetch(...parts), language: () => languageNow.current, onSignedOut: () => setSignedOut((count) => count + 1), stepUp }), [stepUp]);

  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  }, [language]);
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);

  const app = useMemo<AppValue>(
    () => ({
      client,
      words: createWords(language),
      setLanguage: (next) => {
        keepSetting('language', next);
        chooseLanguage(next);
      },
      theme,
      themeChoice,
      setTheme: (next) => {
        keepSetting('theme', next === 'auto' ? undefined : next);
        chooseTheme(next);
      },
      now: () => Date.now() + client.clockOffsetMs,
      stepUp,
      provideStepUp: (ask) => {
        askStepUp.current = ask;
        return () => {
          if (askStepUp.current === ask) askStepUp.current = undefined;
        };
      },
    }),
    [client, language, theme, themeChoice, stepUp],
  );
  return (
    <AppContext.Provider value={app}>
      <ErrorBoundary>
        <ToastHost>
          <Entrance signedOut={signedOut} />
        </ToastHost>
      </ErrorBoundary>
    </AppContext.Provider>
  );
}

/** Reads the campus and the session, then opens the desk or asks to sign in. */
function Entrance({ signedOut }: { readonly signedOut: number }) {
  const { client, words } = useApp();
  const [campus, setCampus] = useState<CampusFacts>();
  const [session, setSession] = useState<SessionView | 'none'>();
  const [problem, setProblem] = useState<Problem>();

  const readSession = useCallback(async () => {
    try {
      setSession(await client.session());
    } catch (error) {
      const failed = asProblem(error);
      if (failed.signedOut) setSession('none');
      else setProblem(failed);
    }
  }, [client]);
  const readCampus = useCallback(() => void client.campus().then(setCampus, (error: unknown) => setProblem(asProblem(error))), [client]);
  const begin = useCallback(() => {
    setProblem(undefined);
    readCampus();
    void readSession();
  }, [readCampus, readSession]);
  useEffect(begin, [begin]);
  // The cookie is the browser's, not the tab's: when another tab signs in or out, this one follows.
  const changed = useSessionChannel(readSession);
  useEffect(() => {
    if (signedOut > 0) setSession('none');
  }, [signedOut]);
  useEffect(() => {
    if (campus) document.title = `${words.text(campus.name)} · ${words.t('product')}`;
  }, [campus, words]);

  if (problem && (!campus || !session)) {
    return (
      <main className="entrance">
        <Failure problem={problem} onRetry={begin} />
      </main>
    );
  }
  if (!campus || !session) return <div className="entrance" aria-busy="true" />;
  if (session === 'none') return <SignInPage campus={campus} onSignedIn={(view) => (setSession(view), changed())} />;
  const leave = () => (setSession('none'), changed());
  if (session.mustChangePassword) return <MustChangePage session={session} onChanged={(view) => (setSession(view), changed())} onSignedOut={leave} />;
  return (
    <DeskProvider key={session.person.id} campus={campus} session={session} readSession={readSession} readCampus={readCampus} onSignedOut={leave}>
      <Shell />
    </DeskProvider>
  );
}

/** Follows sign-in and sign-out of other tabs; the function that comes back tells them of one's own. */
function useSessionChannel(readSession: () => Promise<void>): () => void {
  const channel = useRef<BroadcastChannel>(undefined);
  useEffect(() => {
    const opened = new BroadcastChannel('wanglou.session');
    opened.onmessage = () => void readSession();
    channel.current = opened;
    return () => opened.close();
  }, [readSession]);
  return useCallback(() => channel.current?.postMessage('changed'), []);
}
