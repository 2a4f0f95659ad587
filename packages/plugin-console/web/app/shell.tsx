// The frame around every page: top bar, rail, content.
import { Suspense, useEffect, useState } from 'react';
import { AlarmBanner } from '../alarms/alarm-banner.tsx';
import { Button, IconButton } from '../kit/button.tsx';
import { Icon } from '../kit/icon.tsx';
import { Skeleton } from '../kit/states.tsx';
import { useApp, useDesk } from './context.ts';
import { Banners } from './banners.tsx';
import { DutyBar } from './duty-bar.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { findPage, homePath, railPages } from './pages.ts';
import { LanguageSwitch, ThemeSwitch } from './preferences.tsx';
import { takePlace } from './return-place.ts';
import { Link, navigate, usePlace } from './router.tsx';
import { useShortcuts } from './shortcuts.ts';
import { useNow } from './use-now.ts';

/** The frame with the page of the current address in it. */
export function Shell() {
  const { words } = useApp();
  const { session } = useDesk();
  const { path } = usePlace();
  const [help, setHelp] = useState(false);
  const rail = railPages(session.actions);
  useEffect(() => {
    if (path === '/') navigate(takePlace() ?? homePath(session.actions), { replace: true });
  }, [path, session.actions]);
  useShortcuts([{ keys: '?', run: () => setHelp(true) }, ...rail.map((page) => ({ keys: `g ${page.key}`, run: () => navigate(page.path) }))]);
  const page = findPage(path);
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {words.t('shell.skip')}
      </a>
      <TopBar onHelp={() => setHelp(true)} />
      <nav className="rail" aria-label={words.t('shell.pages')}>
        {rail.map(({ path: to, title, icon, key }) => (
          <Link key={to} to={to} className="rail-link" aria-current={path === to || path.startsWith(`${to}/`) ? 'page' : undefined} title={`${words.t(title)} (g ${key})`} data-testid={`nav-${to.slice(1)}`}>
            <Icon name={icon} size={20} />
            <span>{words.t(title)}</span>
          </Link>
        ))}
      </nav>
      <main id="content" className="content" tabIndex={-1}>
        <AlarmBanner />
        <Banners />
        <ErrorBoundary key={path}>
          <Suspense fallback={<Skeleton />}>{page ? <page.component /> : path !== '/' && <NotFound />}</Suspense>
        </ErrorBoundary>
      </main>
      {help && <HelpDialog rail={rail} onClose={() => setHelp(false)} />}
    </div>
  );
}

function TopBar({ onHelp }: { readonly onHelp: () => void }) {
  const { words } = useApp();
  const { campus } = useDesk();
  return (
    <header className="top-bar">
      <Link to="/" className="brand" title={words.t('shell.home')}>
        <Icon name="tower" size={22} />
        <b>{words.text(campus.name)}</b>
      </Link>
      <DutyBar />
      <div className="grow" />
      <Clock />
      <span className="wide-only">
        <IconButton icon="keyboard" name={words.t('help.title')} onClick={onHelp} />
      </span>
      <ThemeSwitch />
      <LanguageSwitch />
      <Me />
    </header>
  );
}

/** The campus's time. A browser clock that is off is said, because every typed time would mislead. */
function Clock() {
  const { words, client } = useApp();
  const { formats } = useDesk();
  const nowMs = useNow(1000);
  const off = Math.abs(client.clockOffsetMs) > 2000;
  return (
    <time className="clock figures" dateTime={new Date(nowMs).toISOString()} title={off ? words.t('shell.clock-off', { length: formats.length(Math.abs(client.clockOffsetMs)) }) : formats.timeZone}>
      {off && <Icon name="warn" size={14} />}
      <span className="wide-only">{formats.date(nowMs)} </span>
      {formats.time(nowMs)}
    </time>
  );
}

function Me() {
  const { words } = useApp();
  const { session, unitName, roleName, signOut } = useDesk();
  const about = [unitName(session.person.unit), ...session.person.roles.map(roleName)];
  return (
    <div className="me">
      <Link to="/account" className="button quiet" title={about.join(' · ')} data-testid="me">
        <Icon name="person" size={16} />
        <span className="off-screen">{words.t('page.account')}</span>
        <span className="wide-only">
          <b>{session.person.name}</b> <span className="faint">{about.at(-1)}</span>
        </span>
      </Link>
      <IconButton icon="leave" name={words.t('shell.sign-out', { name: session.person.name })} onClick={() => void signOut()} data-testid="sign-out" />
    </div>
  );
}

function NotFound() {
  const { words } = useApp();
  return (
    <div className="empty" data-testid="empty">
      <Icon name="search" size={28} />
      <h1>{words.t('not-found.title')}</h1>
      <Button onClick={() => navigate('/')}>{words.t('shell.home')}</Button>
    </div>
  );
}
