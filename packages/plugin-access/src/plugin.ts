// Wires people, sessions, workstations, requests, grants, visits, emergencies, the rules and the register to the kernel.
import { alarmRaised, auditService, cameras, campusService, createId, definePlugin, factSources, factsChanged, grantChanged, packKeeperService, proposers, requestChanged, sessionsService, sha256OfJson, storeService } from '@wanglou/core';
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
import { handleAccounts } from './operations/accounts.ts';
import type { Books } from './operations/books.ts';
import { handleDelegations } from './operations/delegations.ts';
import { handleDuty } from './operations/duty.ts';
import { handleEmergencies } from './operations/emergencies.ts';
import { followAudit, replayFirstUses } from './operations/follow-audit.ts';
import { handlePeople } from './operations/people.ts';
import { handlePolicy } from './operations/policy.ts';
import { handleReach } from './operations/reach.ts';
import { handleRegister } from './operations/register.ts';
import { handleRequests } from './operations/requests.ts';
import { handleSessions } from './operations/sessions.ts';
import { settlePack } from './operations/settle-pack.ts';
import { keepTidy } from './operations/tidy.ts';
import { handleVisits } from './operations/visits.ts';
import { handleWorkstations } from './operations/workstations.ts';
import { PackBook } from './packs/pack-book.ts';
import { checkPeople } from './people/check-people.ts';
import { PasswordChecks } from './people/password-checks.ts';
import { People } from './people/people.ts';
import { isAtOrAbove } from './people/units.ts';
import { Register } from './register/register.ts';
import { RequestBook } from './requests/requests.ts';
import { KeyRing } from './secrets/key-ring.ts';
import { LockOut } from './sessions/lock-out.ts';
import { SessionBook } from './sessions/sessions.ts';
import { accessMigrations, type AccessTables } from './tables.ts';
import { PresenceBook } from './visits/presence.ts';
import { VisitLine } from './visits/visit-line.ts';
import { Workstations } from './workstations/workstations.ts';

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
      visits: new VisitLine({ grants, requests }),
      oidc: config.oidc && new OidcProvider(config.oidc, keys, () => ctx.clock.now()),
      reviews: (role) => ctx.policy.pack().roles.some(({ id, reviews }) => id === role && reviews === true),
      hasCamera: (id) => ctx.contributions(cameras).some((camera) => camera.id === id),
      newId,
      digits: () => String(Buffer.from(ctx.random.bytes(6)).readUIntBE(0, 6) % 1_000_000).padStart(6, '0'),
      now,
      wallMs: () => ctx.clock.now(),
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
        isAtOrAbove: (unit, other) => isAtOrAbove(campus.read().units, unit, other),
        proposedBy: (kind, id) => {
          if (kind === 'policy') return { by: packs.get(id)?.proposedBy };
          const known = ctx.contributions(proposers).find((one) => one.kind === kind);
          return known && { by: known.proposedBy(id) };
        },
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
    handleSessions(ctx, books);
    handleAccounts(ctx, books);
    if (duty) handleDuty(ctx, duty);
    handleWorkstations(ctx, books);
    handlePeople(ctx, books);
    handleDelegations(ctx, books);
    handleRequests(ctx, books);
    handleVisits(ctx, books);
    handleEmergencies(ctx, books);
    handlePolicy(ctx, books);
    handleReach(ctx, books);
    handleRegister(ctx, books);

    keepTidy(ctx, books);
    followAudit(ctx, books);
    // A crash may have come between the rules and what they change.
    await requests.reroute();
    await register.catchUp();
    await replayFirstUses(ctx, books, audit);
  },
});
