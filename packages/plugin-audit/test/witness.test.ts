// The log and its witnesses: real ones, over HTTP.
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alarmRaised, alarmRestored } from '@wanglou/core';
import { createFolderSource, makeVkey, parsePolicy, verifyLog, verifyReceipt } from '@wanglou/verify';
import { createWitness, serveWitness, type WitnessEvent } from '@wanglou/witness';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadNoteKey } from '../src/note/note-key.ts';
import { readAuditStatus } from '../src/contract.ts';
import { entry, startAudit } from './harness.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'wanglou-witness-'))));
afterEach(() => rm(folder, { recursive: true }));

const head = { kind: 'person', id: 'section-head', session: 's-1' } as const;
const campusFolder = () => join(folder, 'campus');
const policyFile = () => join(folder, 'witnesses.txt');

interface RunningWitness extends AsyncDisposable {
  readonly name: string;
  readonly line: string;
  readonly events: readonly WitnessEvent[];
}

/** Starts a witness of the campus's log; on the same folder and port it goes on. */
async function startWitness(name: string, vkey: string, port = 0): Promise<RunningWitness> {
  const events: WitnessEvent[] = [];
  const witness = await createWitness({ folder: join(folder, name), name: `${name}.example/w1`, logs: [vkey], report: (event) => void events.push(event) });
  const server = await serveWitness(witness, { port });
  return {
    name,
    line: `witness ${name} ${witness.key.vkey} ${server.url}`,
    events,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await witness[Symbol.asyncDispose]();
    },
  };
}

/** The verifier key that the campus will have. */
async function campusKey(): Promise<string> {
  await using campus = await startAudit(campusFolder());
  void campus.log;
  return (await loadNoteKey(join(campusFolder(), 'audit-key.pem'))).vkey;
}

async function writePolicy(vkey: string, lines: readonly string[], quorum: string): Promise<void> {
  await writeFile(policyFile(), `log ${vkey}\n${lines.join('\n')}\n${quorum}\n`);
}

const publishRound = async (campus: Awaited<ReturnType<typeof startAudit>>) => {
  const { seq } = await campus.log.append(entry(campus.log.size()));
  await campus.kernel.clock.advance(10_000);
  await expect.poll(() => campus.log.checkpoint().size).toBeGreaterThan(seq);
};

describe('witnesses', () => {
  it('cosign what is published; an outsider who asks for two of three accepts the log and its receipts', async () => {
    const vkey = await campusKey();
    await using office = await startWitness('office', vkey);
    await using it2 = await startWitness('network-centre', vkey);
    await writePolicy(vkey, [office.line, it2.line, `witness archive ${makeVkey('archive.example', 4, new Uint8Array(32).fill(9)).vkey}`], 'group independent 2 office network-centre archive\nquorum independent');
    await using campus = await startAudit(campusFolder(), { witnesses: policyFile() });
    await publishRound(campus);
    expect(campus.log.checkpoint()).toMatchObject({ isWitnessed: true, cosigned: ['office', 'network-centre'] });
    const policy = parsePolicy(await readFile(policyFile()));
    const source = createFolderSource(join(campusFolder(), 'audit-mirror'));
    expect(await verifyLog(source, { policy })).toMatchObject({ ok: true, quorum: true, cosigned: ['office', 'network-centre'] });
    expect(verifyReceipt((await campus.log.receipt(1)).text, policy)).toMatchObject({ ok: true, quorum: true, cosigned: ['office', 'network-centre'] });
    const status = await campus.kernel.call(readAuditStatus, {}, head);
    expect(status).toMatchObject({ hasQuorum: true, lagMs: 0, witnessed: { size: status.checkpoint.size }, witnesses: [{ name: 'office', size: status.checkpoint.size }, { name: 'network-centre' }, { name: 'archive' }] });
    await publishRound(campus);
    expect(campus.log.checkpoint().isWitnessed).toBe(true);
    expect(office.events.every(({ kind }) => kind === 'cosigned')).toBe(true);
  });

  it('that are away raise an alarm after five minutes, are named, and are caught up with when they are back', async () => {
    const vkey = await campusKey();
    const port = await freePort();
    let office = await startWitness('office', vkey, port);
    await writePolicy(vkey, [office.line], 'quorum office');
    await using campus = await startAudit(campusFolder(), { witnesses: policyFile() });
    const raised: string[] = [];
    campus.kernel.on(alarmRaised, ({ source, title }) => void raised.push(`${source}: ${title.en}`));
    campus.kernel.on(alarmRestored, ({ source }) => void raised.push(`restored ${source}`));
    await publishRound(campus);
    await office[Symbol.asyncDispose]();
    await publishRound(campus);
    expect(campus.log.checkpoint()).toMatchObject({ isWitnessed: false, cosigned: [] });
    expect(raised).toEqual([]);
    for (let round = 0; round < 31; round++) await campus.kernel.clock.advance(10_000);
    await expect.poll(() => raised).toEqual(['audit:witnesses: The audit log has not been witnessed for 5 minutes (office)']);
    const status = await campus.kernel.call(readAuditStatus, {}, head);
    expect(status.lagMs).toBeGreaterThanOrEqual(300_000);
    expect(status.witnesses[0]).toMatchObject({ name: 'office', problem: { en: expect.stringContaining('it cannot be reached') } });
    office = await startWitness('office', vkey, port);
    try {
      await campus.kernel.clock.advance(10_000);
      await expect.poll(() => campus.log.checkpoint().isWitnessed).toBe(true);
      await campus.kernel.clock.advance(10_000);
      await expect.poll(() => raised.at(-1)).toBe('restored audit:witnesses');
    } finally {
      await office[Symbol.asyncDispose]();
    }
  });

  it('refuse a fork, keep the proof of it, and the campus raises an alarm', async () => {
    const vkey = await campusKey();
    await using office = await startWitness('office', vkey);
    await writePolicy(vkey, [office.line], 'quorum office');
    const backup = join(folder, 'backup');
    {
      await using campus = await startAudit(campusFolder(), { witnesses: policyFile() });
      await publishRound(campus);
      await campus[Symbol.asyncDispose]();
      await cp(campusFolder(), backup, { recursive: true });
      await using again = await startAudit(campusFolder(), { witnesses: policyFile() });
      for (let round = 0; round < 3; round++) await publishRound(again);
    }
    // The whole folder is set back, mirror and all: the campus itself cannot know.
    await rm(campusFolder(), { recursive: true });
    await cp(backup, campusFolder(), { recursive: true });
    await using forked = await startAudit(campusFolder(), { witnesses: policyFile() });
    const raised: string[] = [];
    forked.kernel.on(alarmRaised, ({ source, title }) => void raised.push(`${source}: ${title.en}`));
    await forked.log.append({ ...entry(1), kind: 'outcome' });
    await forked.kernel.clock.advance(10_000);
    await expect.poll(() => raised.some((text) => text.startsWith('audit:fork-office: Witness office: it has seen'))).toBe(true);
    expect(forked.log.checkpoint().isWitnessed).toBe(false);
    // Longer than what the witness has seen, and with another content: now it is a fork.
    await Promise.all(Array.from({ length: 20 }, (_, n) => forked.log.append({ ...entry(n), kind: 'outcome' })));
    await forked.kernel.clock.advance(10_000);
    await expect.poll(() => raised.some((text) => text.startsWith('audit:fork-office: Witness office: it refuses the checkpoint: 422'))).toBe(true);
    expect(office.events.some(({ kind }) => kind === 'fork' || kind === 'inconsistent')).toBe(true);
    expect((await readdir(join(folder, 'office', 'refused'))).length).toBeGreaterThan(0);
    expect(forked.log.checkpoint().isWitnessed).toBe(false);
  });

  it('that answer nonsense do no harm: every answer is bounded, checked, and named', async () => {
    const vkey = await campusKey();
    const other = await loadNoteKey(join(folder, 'other.pem'), 'office.example/w1');
    const answers: readonly [status: number, body: string][] = [[200, ''], [200, 'no signature'], [200, other.line(Buffer.alloc(72))], [200, 'x'.repeat(100_000)], [409, 'many'], [409, '99999999999999999999'], [500, 'oops'], [302, '']];
    let round = 0;
    const server = createServer((_request, response) => {
      const [status, body] = answers[round % answers.length]!;
      response.writeHead(status, status === 302 ? { location: 'http://127.0.0.1:9/' } : {}).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      await writePolicy(vkey, [`witness office ${makeVkey('office.example/w1', 4, new Uint8Array(32).fill(9)).vkey} http://127.0.0.1:${(server.address() as AddressInfo).port}`], 'quorum office');
      await using campus = await startAudit(campusFolder(), { witnesses: policyFile() });
      for (; round < answers.length; round++) {
        await publishRound(campus);
        expect(campus.log.checkpoint()).toMatchObject({ isWitnessed: false, cosigned: [] });
        expect((await campus.kernel.call(readAuditStatus, {}, head)).witnesses[0]!.problem).toBeDefined();
      }
    } finally {
      server.close();
    }
  });

  it('are not waited for when the campus starts, the second time neither', async () => {
    const vkey = await campusKey();
    let asked = 0;
    // Never answers.
    const server = createServer(() => void asked++);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      await writePolicy(vkey, [`witness office ${makeVkey('office.example/w1', 4, new Uint8Array(32).fill(9)).vkey} http://127.0.0.1:${(server.address() as AddressInfo).port}`], 'quorum office');
      await using campus = await startAudit(campusFolder(), { witnesses: policyFile() });
      expect(campus.log.checkpoint().size).toBe(campus.log.size());
      expect(asked).toBe(0);
      // Stopping asks it once more, and a refusal is quicker than a silence.
      server.close();
    } finally {
      server.closeAllConnections();
    }
  });

  it('in a policy that cannot be read stop the start, and say where', async () => {
    await writeFile(policyFile(), 'log nonsense\nquorum none\n');
    await using campus = await startAudit(campusFolder(), { witnesses: policyFile() });
    expect(campus.kernel.errors).toMatchObject([{ code: 'POLICY_INVALID', message: expect.stringContaining('1') }]);
    await using missing = await startAudit(join(folder, 'other'), { witnesses: join(folder, 'nowhere.txt') });
    expect(missing.kernel.errors).toMatchObject([{ code: 'AUDIT_POLICY_UNREADABLE' }]);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
