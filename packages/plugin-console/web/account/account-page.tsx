// One's own account: who one is here, password, authenticator, workstation, delegations. Article 9.
import type { ReactNode } from 'react';
import { useApp, useDesk } from '../app/context.ts';
import { Link } from '../app/router.tsx';
import { Fact } from '../kit/fact.tsx';
import { Status } from '../kit/status.tsx';
import { useToast } from '../kit/toast.tsx';
import { Delegations } from './delegations.tsx';
import { PasswordForm } from './password-form.tsx';
import { StationSection } from './station-section.tsx';
import { TotpSection } from './totp-section.tsx';

/** Shows and changes one's own account. */
export default function AccountPage() {
  const { words } = useApp();
  const { session, readSession } = useDesk();
  const say = useToast();
  return (
    <div className="page narrow">
      <header className="page-head row">
        <h1>{words.t('page.account')}</h1>
        <div className="grow" />
        <Link className="button quiet" to="/policy">
          {words.t('account.rules')}
        </Link>
      </header>
      <About />
      <Section title={words.t('station.title')}>
        <StationSection />
      </Section>
      <Section title={words.t('account.password')}>
        {session.hasPassword ? <PasswordForm account={session.person.id} onChanged={() => (say(words.t('password.changed')), void readSession())} /> : <p className="faint">{words.t('account.no-password')}</p>}
      </Section>
      {session.hasPassword && (
        <Section title={words.t('totp.title')} state={session.hasTotp}>
          <TotpSection />
        </Section>
      )}
      {session.actions.includes('review') && (
        <Section title={words.t('delegation.title')}>
          <Delegations />
        </Section>
      )}
    </div>
  );
}

function Section({ title, state, children }: { readonly title: string; readonly state?: boolean; readonly children: ReactNode }) {
  const { words } = useApp();
  return (
    <section className="card">
      <header className="row">
        <h2>{title}</h2>
        {state !== undefined && <Status tone={state ? 'good' : 'waiting'}>{words.t(state ? 'totp.on' : 'totp.off')}</Status>}
      </header>
      {children}
    </section>
  );
}

function About() {
  const { words } = useApp();
  const { session, formats, unitName, roleName } = useDesk();
  const { person, delegatedRoles, expiresMs } = session;
  const lent = delegatedRoles.map(({ from, role, toMs }) => words.t('account.lent-by', { role: roleName(role), from, until: formats.moment(toMs) }));
  return (
    <section className="card">
      <h2>
        {person.name} <span className="faint">{person.id}</span>
      </h2>
      <dl className="facts">
        <Fact name={words.t('account.unit')}>{unitName(person.unit)}</Fact>
        <Fact name={words.t('account.roles')}>{person.roles.length > 0 ? words.list(person.roles.map(roleName)) : words.t('account.no-roles')}</Fact>
        {lent.length > 0 && <Fact name={words.t('account.lent')}>{words.list(lent)}</Fact>}
        <Fact name={words.t('account.session')}>
          <span className="figures">{words.t('account.session-until', { moment: formats.moment(expiresMs) })}</span>
        </Fact>
      </dl>
    </section>
  );
}
