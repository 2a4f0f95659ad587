// Wires people, sessions, duty, requests, grants and the register to the kernel.
import { auditListeners, auditService, cameras, campusService, createId, definePlugin, factSources, factsChanged, grantChanged, requestChanged, sessionsService, sha256OfJson, storeService, type PluginContext, type Unit } from '@wanglou/core';
import { accessConfig } from './config.ts';
import { DutyBook } from './duty/duty.ts';
import { accessFacts } from './facts/declarations.ts';
import { accessFactSource } from './facts/source.ts';
import { GrantBook } from './grants/grants.ts';
import { handleRequests } from './operations/requests.ts';
import { handleSessions } from './operations/sessions.ts';
import { listRegister } from './contract.ts';
import { checkPeople } from './people/check-people.ts';
import { PasswordChecks } from './people/password-checks.ts';
import { People } from './people/people.ts';
import { Register } from './register/register.ts';
import { RequestBook } from './requests/requests.ts';
import { LockOut } from './sessions/lock-out.ts';
import { SessionBook } from './sessions/sessions.ts';
import { accessMigrations, type AccessTables } from './tables.ts';

const sweepPeriodMs = 60_000;

/**
 * People, sign-in, requests, reviews, grants, and the register.
 *
 * @example
 * access({ people: [{ id: 'head', name: '科长', unit: 'section', roles: ['section-head'], password: '…' }] })
 */
export const access = definePlugin({
  id: 'access',
  config: accessConfig,
  needs: { store: storeService, audit: auditService, campus: campusService },
  provides: [sessionsService],
  facts: accessFacts,
  critical: true,
  async setup(ctx, { config, store, audit, campus }) {
    checkPeople(config.people, campus);
    const database = await store.open<AccessTables>('access', accessMigrations);
    const now = () => ctx.clock.now();
    const newId = () => createId(ctx.random);
    const people = await People.load(database, config.people);
    const sessions = await SessionBook.load(database, { idleMs: config.sessionIdleMinutes * 60_000, totalMs: config.sessionHours * 3_600_000 }, now, newId);
    const duty = await DutyBook.load(database);
    const grants = await GrantBook.load(database);
    const requests = await RequestBook.load(database, grants, { approvals: campus.approvals, expireMs: config.requestDays * 86_400_000, openRequests: config.openRequests, now, newId, hash: sha256OfJson });
    const lockOut = new LockOut(database, { failures: config.lockOutFailures, minutes: config.lockOutMinutes }, now, newId);
    const register = new Register(database, audit, {
      grant: (id) => grants.get(id),
      request: (id) => requests.get(id),
      requestOfCall: (call) => requests.ofCall(call),
      personName: (id) => people.get(id)?.name ?? id,
    });
    const workstations = new Set(config.workstations.flatMap((workstation) => workstation.addresses));

    ctx.contribute(factSources, accessFactSource({ people, sessions, duty, grants, requests, workstations, isAtOrAbove: (unit, other) => lineOf(campus.units, other).includes(unit) }));
    ctx.provide(sessionsService, {
      async resolve(credential, address) {
        const session = await sessions.resolve(credential);
        const person = session && people.view(session.person);
        return session && person ? { principal: { kind: 'person', id: person.id, session: session.id, address }, person } : undefined;
      },
      isOpen: ({ session }) => session !== undefined && sessions.get(session) !== undefined,
    });
    handleSessions(ctx, { people, sessions, duty, lockOut, passwords: new PasswordChecks() });
    handleRequests(ctx, {
      people,
      requests,
      grants,
      requestHours: config.requestHours,
      hasCamera: (id) => ctx.contributions(cameras).some((camera) => camera.id === id),
      changed(request, grant) {
        if (request) ctx.emit(requestChanged, request);
        if (!grant) return;
        ctx.emit(grantChanged, grant);
        ctx.emit(factsChanged, { principals: [grant.holder] });
      },
    });
    ctx.handle(listRegister, async (query) => ({ rows: await register.list(query) }));

    keepTidy(ctx, async () => {
      await lockOut.sweep();
      const principals = await sessions.sweep();
      if (principals.length > 0) ctx.emit(factsChanged, { principals });
      for (const request of await requests.sweep()) ctx.emit(requestChanged, request);
    });

    const follow = () => void register.catchUp().catch((error: unknown) => ctx.log.error({ err: error }, 'the register could not follow the audit log'));
    ctx.contribute(auditListeners, follow);
    await register.catchUp();
  },
});

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
