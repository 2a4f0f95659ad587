// What there is to see of the console, each with the account that sees it and what shows that it is there.
import type { Page } from 'playwright-core';

/** A page in a state. */
export interface View {
  readonly name: string;
  /** Absent: nobody is signed in. */
  readonly account?: string;
  readonly path: string;
  /** A selector; the view is there when it is. */
  readonly ready: string;
  /** Also looked at on a phone. */
  readonly phone?: boolean;
  readonly act?: (page: Page) => Promise<void>;
  /** How the audit log of the mock server stands. */
  readonly auditState?: 'late' | 'broken';
  /** Alarms are open. */
  readonly alarms?: true;
}

const id = (name: string) => `[data-testid="${name}"]`;
const click = (...names: readonly string[]) => async (page: Page) => {
  for (const name of names) await page.locator(id(name)).first().click();
};
const asked = 'cameras=library,east-gate&from=1790000000000&to=1790000600000&actions=playback,copy';

/** All views. */
export const views: readonly View[] = [
  { name: 'sign-in', path: '/?sign-in-error=OIDC_FAILED', ready: id('sign-in-oidc'), phone: true },
  {
    name: 'sign-in with the second factor',
    path: '/',
    ready: id('sign-in-code'),
    act: async (page) => {
      await page.locator(id('sign-in-name')).fill('administrator');
      await page.locator(id('sign-in-password')).fill('x');
      await page.locator(id('sign-in-submit')).click();
    },
  },
  { name: 'forced change of the password', account: 'newcomer', path: '/', ready: id('must-change') },
  { name: 'account', account: 'operator', path: '/account', ready: id('totp-begin') },
  { name: 'account of a reviewer', account: 'section-head', path: '/account', ready: id('delegation') },
  { name: 'account, a new delegation', account: 'section-head', path: '/account', ready: id('delegation-form'), act: click('delegation-new') },
  {
    name: 'account, the authenticator',
    account: 'operator',
    path: '/account',
    ready: '.qr-code',
    act: async (page) => {
      await page.locator(id('totp-begin')).click();
      await page.locator(id('totp-password')).fill('x');
      await page.locator(id('totp-next')).click();
    },
  },
  { name: 'wall before duty', account: 'operator', path: '/wall', ready: id('wall-duty-begin') },
  { name: 'wall without duty, refused', account: 'operator', path: '/wall', ready: id('denial'), act: click('wall-without-duty') },
  { name: 'wall of somebody who may not watch', account: 'section-head', path: '/wall', ready: id('wall-request') },
  { name: 'after duty, its receipt', account: 'operator', path: '/requests', ready: `${id('duty-bar')} ${id('receipt-take')}`, phone: true, act: click('duty-begin', 'duty-end', 'duty-end-confirm') },
  { name: 'wall with cameras to look at', account: 'administrator', path: '/wall', ready: id('renew-library') },
  { name: 'emergency', account: 'operator', path: '/wall', ready: id('emergency-form'), act: click('emergency-open') },
  { name: 'playback', account: 'operator', path: '/playback', ready: id('playback-play') },
  { name: 'playback, refused', account: 'operator', path: '/playback?camera=library', ready: id('denial'), act: click('playback-play') },
  { name: 'why not', account: 'operator', path: '/playback?camera=library', ready: id('trace'), act: click('playback-play', 'denial-why') },
  { name: 'copy', account: 'operator', path: '/playback', ready: id('copy-form'), act: click('playback-copy') },
  { name: 'presence of a visit', account: 'operator', path: '/requests', ready: id('presence-code'), act: async (page) => page.locator('[data-request="r5"]').locator(id('request-play')).click() },
  { name: 'my requests', account: 'operator', path: '/requests', ready: id('request-item'), phone: true },
  { name: 'my requests, an extension', account: 'operator', path: '/requests', ready: id('grant-extend-reason'), act: click('grant-extend') },
  { name: 'request form', account: 'operator', path: `/requests/new?${asked}`, ready: `${id('request-preview')}[data-possible]`, phone: true },
  { name: 'request form with what is missing', account: 'operator', path: '/requests/new', ready: '.issue', act: click('request-submit') },
  { name: 'amendment', account: 'operator', path: '/requests/r6/amend', ready: id('amend-voids') },
  { name: 'record of a request', account: 'operator', path: '/requests/r5', ready: id('request-record'), phone: true },
  { name: 'printable form', account: 'operator', path: '/requests/r5/form', ready: id('paper') },
  { name: 'receipt', account: 'operator', path: '/requests/r5/receipt', ready: id('paper') },
  { name: 'visit, organisation', account: 'operator', path: '/visits/new', ready: id('visit-exemption'), act: click('visit-body-police') },
  { name: 'visit, visitors', account: 'operator', path: '/visits/new', ready: '.issue', act: click('visit-step-visitors', 'visit-next') },
  { name: 'visit, papers', account: 'operator', path: '/visits/new', ready: id('visit-paper-kind'), act: click('visit-step-papers') },
  { name: 'visit, footage', account: 'operator', path: `/visits/new?${asked}`, ready: id('request-purpose'), act: click('visit-step-footage') },
  { name: 'visit, terms', account: 'operator', path: '/visits/new', ready: id('visit-terms'), act: click('visit-step-terms') },
  { name: 'visit, review', account: 'operator', path: `/visits/new?${asked}`, ready: id('visit-submit'), act: click('visit-step-review') },
  { name: 'inbox', account: 'section-head', path: '/inbox', ready: id('inbox-item'), phone: true, act: click('inbox-recent') },
  { name: 'inbox, a denial', account: 'section-head', path: '/inbox', ready: id('inbox-deny-reason'), phone: true, act: click('inbox-deny') },
  { name: 'inbox, mine', account: 'section-head', path: '/inbox?lane=mine', ready: id('request-item'), phone: true },
  { name: 'inbox, granted', account: 'section-head', path: '/inbox?lane=granted', ready: id('grant-revoke'), phone: true },
  { name: 'inbox, settled', account: 'section-head', path: '/inbox?lane=settled', ready: id('inbox-item') },
  { name: 'inbox, emergencies', account: 'section-head', path: '/inbox?lane=emergency', ready: id('emergency-upheld'), phone: true },
  { name: 'a scan', account: 'section-head', path: '/inbox?lane=granted', ready: '.paper-scan', act: click('document-open') },
  { name: 'register', account: 'section-head', path: '/register', ready: id('register-row'), phone: true },
  { name: 'register, exported', account: 'section-head', path: '/register', ready: id('register-exported'), act: click('register-csv') },
  { name: 'audit log', account: 'section-head', path: '/audit', ready: id('audit-row'), phone: true },
  { name: 'audit log, filtered to nothing', account: 'section-head', path: '/audit?person=nobody', ready: id('empty') },
  { name: 'audit log, an entry', account: 'office-head', path: '/audit?entry=4188', ready: `${id('entry-decision')} .article`, phone: true, act: click('entry-call') },
  { name: 'audit log, a heartbeat', account: 'section-head', path: '/audit?entry=4210&kind=audit.heartbeat', ready: id('entry-open') },
  { name: 'audit log, an erased person', account: 'office-head', path: '/audit?entry=4173', ready: id('entry-erased') },
  { name: 'audit log, verified', account: 'section-head', path: '/audit', ready: `${id('chain')}[data-tone="good"]`, act: click('audit-verify', 'chain-details') },
  { name: 'audit log, broken', account: 'section-head', path: '/audit', ready: `${id('entry-broken')}`, phone: true, auditState: 'broken', act: click('audit-verify', 'chain-jump') },
  { name: 'audit log, late witnesses', account: 'section-head', path: '/audit', ready: `${id('chain')}[data-tone="waiting"] ${id('chain-witness')}`, phone: true, auditState: 'late', act: click('chain-details') },
  { name: 'who watched', account: 'section-head', path: '/audit/watched?camera=library', ready: id('watched-act'), phone: true },
  { name: 'who watched, no camera', account: 'section-head', path: '/audit/watched', ready: id('empty') },
  { name: 'audit receipt', account: 'office-head', path: '/audit?entry=4188', ready: id('receipt-code'), phone: true, act: click('receipt-take') },
  { name: 'audit receipt on paper', account: 'operator', path: '/receipts/4188', ready: `${id('paper-checkpoint')}` },
  { name: 'who may see a camera', account: 'section-head', path: '/access?camera=library', ready: id('who-may-row'), phone: true },
  { name: 'what a person may see', account: 'section-head', path: '/access?by=person&person=operator', ready: id('trace'), act: async (page) => void (await page.locator(id('access-explain-camera')).selectOption('library')) },
  { name: 'people', account: 'office-head', path: '/people', ready: id('person-row') },
  { name: 'a person', account: 'office-head', path: '/people?person=operator', ready: id('person-panel'), phone: true },
  ...(['edit', 'roles', 'qualify', 'reset', 'active'] as const).map((act) => ({ name: `a person, ${act}`, account: 'office-head', path: '/people?person=administrator', ready: 'dialog[open]', act: click(`person-${act}`) })),
  { name: 'a new person', account: 'office-head', path: '/people', ready: id('person-create-form'), act: click('person-new') },
  { name: 'workstations', account: 'office-head', path: '/people?tab=stations', ready: id('station-row'), phone: true },
  { name: 'a workstation’s code', account: 'office-head', path: '/people?tab=stations', ready: id('station-invite-code'), act: click('station-invite') },
  { name: 'a new workstation', account: 'office-head', path: '/people?tab=stations', ready: id('station-form'), act: click('station-new') },
  { name: 'rules', account: 'office-head', path: '/policy', ready: id('difference'), phone: true },
  { name: 'a proposal', account: 'office-head', path: '/policy', ready: id('policy-json'), act: click('policy-propose') },
  { name: 'storage and holds', account: 'section-head', path: '/storage', ready: id('hold'), phone: true },
  { name: 'holds that are over', account: 'office-head', path: '/storage', ready: '[data-state="lifted"]', act: click('hold-all') },
  { name: 'no alarms', account: 'operator', path: '/alarms', ready: id('empty') },
  { name: 'alarm desk', account: 'operator', path: '/alarms', ready: id('alarm-panel'), phone: true, alarms: true },
  { name: 'a fire taken on', account: 'operator', path: '/alarms', ready: id('alarm-verify-video'), phone: true, alarms: true, act: click('alarm-acknowledge') },
  { name: 'a false alarm, its cause', account: 'operator', path: '/alarms', ready: id('alarm-false-form'), alarms: true, act: click('alarm-acknowledge', 'alarm-false') },
  { name: 'archive', account: 'section-head', path: '/archive', ready: id('archive'), phone: true },
  { name: 'a new archive', account: 'section-head', path: '/archive', ready: id('archive-form'), phone: true, act: click('archive-new') },
  { name: 'the catalogue of archives, rebuilt', account: 'section-head', path: '/archive', ready: id('archive-adopt-form'), act: click('archive-adopt') },
  { name: 'an archive, restored', account: 'section-head', path: '/archive', ready: id('archive-restore-form'), act: click('archive-restore') },
  { name: 'a new hold', account: 'office-head', path: '/storage', ready: id('hold-form'), phone: true, act: click('hold-new') },
  { name: 'a hold, extended', account: 'office-head', path: '/storage', ready: id('hold-extend-form'), act: click('hold-extend') },
  { name: 'a hold, proposed for lifting', account: 'office-head', path: '/storage', ready: id('hold-lift-reason'), act: click('hold-lift-propose') },
  { name: 'keys', account: 'section-head', path: '/inbox', ready: '.help', act: async (page) => (await page.locator(id('inbox-item')).first().waitFor(), page.keyboard.press('?')) },
  { name: 'no such page', account: 'operator', path: '/nowhere', ready: id('empty') },
];
