// Wires people, sessions, workstations, requests, grants, visits, emergencies, the rules and the register to the kernel.
import {
  alarmRaised, auditListeners, auditService, cameras, campusService, createId, definePlugin, factSources, factsChanged, grantChanged, packKeeperService, requestChanged,
  requestReminder, sessionsService, sha256OfJson, storeService, type AuditRecord, type PluginContext, type Unit,
} from '@wanglou/core';
import { accessConfig } from './config.ts';
import { Delegations } from './delegations/delegations.ts';
import { Documents } from './documents/documents.ts';
import { DutyBook } from './duty/duty.ts';
import { Emergencies } from './emergencies/emergencies.ts';
import { accessFacts } from './facts/declarations.ts';
import { accessFactSource } from './facts/source.ts';
import { GrantBook } from './grants/grants.ts';
import { monotoneTime } from './monotone-time.ts';
import { OidcProvider } from './oidc/provider.ts';
import type { Books } from './operations/books.ts';
import { handleDelegations } from './operations/delegations.ts';
import { handleDuty } from './operations/duty.ts';
import { handleEmergencies } from './operations/emergencies.ts';
import { handlePeople } from './operations/people.ts';
import { handlePolicy } from './operations/policy.ts';
import { handleReach } from './operations/reach.ts';
import { handleRegister } from './operations/register.ts';
import { handleRequests } from './operations/requests.ts';
import { handleSessions } from './operations/sessions.ts';
import { handleVisits } from './operations/visits.ts';
import { handleWorkstations } from './operations/workstations.ts';
import { PackBook } from './packs/pack-book.ts';
import { checkPeople } from './people/check-people.ts';
import { PasswordChecks } from './people/password-checks.ts';
import { People } from './people/people.ts';
import { Register } from './register/register.ts';
import { RequestBook } from './requests/requests.ts';
import { KeyRing } from './secrets/key-ring.ts';
import { LockOut } from './sessions/lock-out.ts';
import { SessionBook } from './sessions/sessions.ts';
import { accessMigrations, type AccessTables } from './tables.ts';
import { PresenceBook } from './visits/presence.ts';
import { Workstations } from './workstations/workstations.ts';

const sweepPeriodMs = 60_000;
const minuteMs = 60_000;
const hourMs = 3_600_000;

/**
 * People, sign-in, requests, reviews, grants, outside visits, the rules in force, and the register.
 *
 * @example
 * access({ people: [{ id: 'head', name: '科长', unit: 'section', roles: ['section-head'], password: '…' }] })
 */
export const access = definePlugin({
  id: 'access',
  config: accessConfig,
  needs: { store: storeService, audit: auditService, campus: campusService },
  provides: [sessionsService, packKeeperService],
  facts: accessFacts,
  critical: true,
  async setup(ctx, { config, store, audit, campus }) {
    const database = await store.open<AccessTables>('access', accessMigrations);
    const newId = () => createId(ctx.random);
    const now = monotoneTime(
      () => ctx.clock.now(),
      (behindMs) => ctx.emit(alarmRaised, { source: 'access:clock', priority: 'high', title: { zh: `系统时钟倒退了 ${Math.round(behindMs / 1000)} 秒`, en: `The clock went back by ${Math.round(behindMs / 1000)} s` }, cameras: [], raisedMs: ctx.clock.now() }),
    );

    const configured = ctx.policy.pack();
    const packs = await PackBook.load(database, { now, newId, hash: sha256OfJson });
    ctx.provide(packKeeperService, packs);
    await settlePack(ctx, packs, configured);
    checkPeople(config.people, campus.read());

    const people = await People.load(database, config.people);
    const delegations = await Delegations.load(database);
    const sessions = await SessionBook.load(database, { idleMs: config.sessionIdleMinutes * minuteMs, totalMs: config.sessionHours * hourMs }, now, newId);
    const workstations = await Workstations.load(database, config.workstations, now);
    const duty = config.duty === 'built-in' ? await DutyBook.load(database) : undefined;
    const grants = await GrantBook.load(database);
    const requests = await RequestBook.load(database, grants, {
      approvals: () => campus.read().approvals,
      expireMs: config.requestDays * 24 * hourMs,
      openRequests: config.openRequests,
      reminderMs: config.reminderHours.map((hours) => hours * hourMs),
      now,
      newId,
      hash: sha256OfJson,
    });
    const keys = new KeyRing(config.path);
    const register = new Register(database, audit, {
      grant: (id) => grants.get(id),
      request: (id) => requests.get(id),
      requestOfCall: (call) => requests.ofCall(call),
      personName: (id) => people.get(id)?.name ?? id,
      onDutyDuring: async (fromMs, toMs) => (await duty?.during(fromMs, toMs)) ?? [],
    });
    const books: Books = {
      config,
      campus,
      configured,
      database,
      people,
      delegations,
      sessions,
      workstations,
      duty,
      requests,
      grants,
      keys,
      packs,
      register,
      lockOut: new LockOut(database, { failures: config.lockOutFailures, minutes: config.lockOutMinutes }, now, newId),
      passwords: new PasswordChecks(),
      emergencies: new Emergencies(database, grants),
      documents: new Documents(database, keys, now),
      presence: new PresenceBook(config.presenceSeconds * 1000, now),
      oidc: config.oidc && new OidcProvider(config.oidc, keys, () => ctx.clock.now()),
      reviews: (role) => ctx.policy.pack().roles.some(({ id, reviews }) => id === role && reviews === true),
      hasCamera: (id) => ctx.contributions(cameras).some((camera) => camera.id === id),
      newId,
      digits: () => String(Buffer.from(ctx.random.bytes(6)).readUIntBE(0, 6) % 1_000_000).padStart(6, '0'),
      now,
      changed({ request, grant, people: concerned }) {
        if (request) ctx.emit(requestChanged, request);
        if (grant) ctx.emit(grantChanged, grant);
        const principals = [...(concerned ?? []), ...(grant ? [grant.holder] : [])];
        if (principals.length > 0) ctx.emit(factsChanged, { principals });
      },
    };

    ctx.contribute(
      factSources,
      accessFactSource({
        ...books,
        isAtOrAbove: (unit, other) => lineOf(campus.read().units, other).includes(unit),
        proposedBy: (proposal) => packs.get(proposal)?.proposedBy,
        qualifications: config.qualifications === 'built-in',
        stepUpMs: config.stepUpMinutes * minuteMs,
      }),
    );
    ctx.provide(sessionsService, {
      async resolve(credential, address, certificateSha256) {
        const session = await sessions.resolve(credential);
        const person = session && people.get(session.person);
        if (!session || !person?.active) return undefined;
        const principal = { kind: 'person' as const, id: person.id, session: session.id, address, ...(certificateSha256 !== undefined && { certificateSha256 }) };
        return { principal, person: people.view(person.id)!, mustChangePassword: person.mustChangePassword };
      },
      isOpen: ({ session }) => session !== undefined && sessions.get(session) !== undefined,
    });
    const view = handleSessions(ctx, books);
    if (duty) handleDuty(ctx, duty);
    handleWorkstations(ctx, books, view);
    handlePeople(ctx, books);
    handleDelegations(ctx, books);
    handleRequests(ctx, books);
    handleVisits(ctx, books);
    handleEmergencies(ctx, books);
    handlePolicy(ctx, books);
    handleReach(ctx, books);
    handleRegister(ctx, books);

    keepTidy(ctx, () => tidy(ctx, books));
    followAudit(ctx, books);
    await register.catchUp();
    // A crash may have come between the record of a first use and its row.
    for (const { seq: _, entry } of await audit.read(Math.max(0, (await audit.checkpoint()).size - replayedRecords), replayedRecords)) await beginUse(books, entry);
  },
});

/** Records before the end of the log that are looked at on start for first uses. */
const replayedRecords = 500;

/**
 * The first pack is the configured one. Later another one in the configuration is not in force before it was approved. A pack that cannot
 * be executed any more, because the facts it speaks of are gone with a new version, gives way to the configured one, on record.
 */
async function settlePack(ctx: PluginContext, packs: PackBook, configured: Parameters<PackBook['install']>[0]): Promise<void> {
  const kept = packs.inForce();
  let problem: string | undefined;
  try {
    ctx.policy.pack();
  } catch (error) {
    problem = (error as Error).message;
  }
  if (kept && problem === undefined) {
    if (sha256OfJson(kept) !== sha256OfJson(configured)) ctx.log.warn({ inForce: `${kept.id}@${kept.version}`, configured: `${configured.id}@${configured.version}` }, 'the configured rules are not in force: propose them, and let the Office approve');
    return;
  }
  await ctx.record({ kind: 'access.pack-installed', principal: { kind: 'plugin', id: 'access' }, detail: { packSha256: sha256OfJson(configured), ...(kept && { instead: sha256OfJson(kept), problem }) } });
  await packs.install(configured);
  if (kept) ctx.emit(alarmRaised, { source: 'access:pack', priority: 'high', title: { zh: '已批准的规则包无法执行，已改用配置中的规则包', en: 'The approved rules cannot be executed; those of the configuration are in force' }, cameras: [], raisedMs: ctx.clock.now() });
}

/** The second clock of a grant begins with the first permitted act that rests on it, as the audit log has it. */
async function beginUse({ grants, changed }: Books, { kind, action, decision, atMs }: AuditRecord['entry']): Promise<void> {
  const grant = decision?.facts['grant.id'];
  if (kind !== 'decision' || decision?.effect !== 'permit' || typeof grant !== 'string' || (action !== 'live' && action !== 'playback' && action !== 'copy')) return;
  const begun = await grants.begin(grant, atMs);
  if (begun) changed({ grant: begun });
}

/** The register and the second clocks follow the audit log. */
function followAudit(ctx: PluginContext, books: Books): void {
  const report = (what: string) => (error: unknown) => ctx.log.error({ err: error }, what);
  ctx.contribute(auditListeners, ({ entry }) => {
    void beginUse(books, entry).catch(report('the first use of a grant could not be written; it counts from it all the same'));
    void books.register.catchUp().catch(report('the register could not follow the audit log'));
  });
}

/** What has expired is closed for good, and what waits too long is said again. */
async function tidy(ctx: PluginContext, { lockOut, sessions, grants, requests, documents, now, changed }: Books): Promise<void> {
  await lockOut.sweep();
  await documents.sweep();
  const principals = await sessions.sweep();
  if (principals.length > 0) ctx.emit(factsChanged, { principals });
  for (const request of await requests.sweep()) changed({ request });
  for (const request of await requests.remind()) ctx.emit(requestReminder, request);
  for (const grant of await grants.sweep(now())) changed({ grant });
}

/** Sweeps each minute, one sweep at a time, and lets a sweep end before the plugin does. */
function keepTidy(ctx: PluginContext, sweep: () => Promise<void>): void {
  let running: Promise<void> | undefined;
  const stop = ctx.clock.every(sweepPeriodMs, () => {
    running ??= sweep()
      .catch((error: unknown) => ctx.log.error({ err: error }, 'what has expired could not be swept'))
      .finally(() => (running = undefined));
  });
  ctx.defer(async () => {
    await stop();
    await running;
  });
}

/** A unit and all above it. Article 8. */
function lineOf(units: readonly Unit[], id: string): readonly string[] {
  const line: string[] = [];
  for (let unit = units.find((candidate) => candidate.id === id); unit && !line.includes(unit.id); unit = units.find((candidate) => candidate.id === unit!.above)) line.push(unit.id);
  return line;
}
