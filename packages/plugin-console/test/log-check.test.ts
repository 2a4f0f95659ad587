// The check of the log in the browser, over files as a lease would give them; and what this browser keeps of it.
import { describe, expect, it } from 'vitest';
import { bothPolicy, createTestLog, entriesOf, logKey, type TestLog } from '../../verify/test/test-log.ts';
import { checkLog } from '../web/audit/check/check-log.ts';
import { parseKept } from '../web/audit/check/kept-checkpoint.ts';
import { checkOfBrowser, checkOfServer } from '../web/audit/check/log-check.ts';

const address = 'http://campus/media/l1/';
const short = createTestLog(entriesOf(300));

/** Serves a log's files; `changes` replaces some of them, or fails. */
function serve(log: TestLog, changes: Readonly<Record<string, string | Uint8Array | number>> = {}) {
  const asked: string[] = [];
  const files: Readonly<Record<string, string | Uint8Array | number | undefined>> = { 'witnesses.txt': bothPolicy, 'log.vkey': `${logKey.vkey}\n`, ...Object.fromEntries(log.files), ...changes };
  const fetchFile = (async (url: string) => {
    asked.push(url);
    const file = files[url.slice(address.length)];
    if (file === undefined) return new Response('', { status: 404 });
    return typeof file === 'number' ? new Response('', { status: file }) : new Response(file as BodyInit);
  }) as typeof fetch;
  return { asked, options: { fetch: fetchFile, progress: () => undefined } };
}

describe('a check in the browser', () => {
  it('reads every entry under the lease and nothing else, and gives the checkpoint that it led to', async () => {
    const { asked, options } = serve(short);
    const counted: number[] = [];
    const { result, note } = await checkLog({ address }, { ...options, progress: ({ index }) => counted.push(index) });
    expect(result).toMatchObject({ ok: true, size: 300, checked: 300, quorum: true });
    expect(note).toBe(short.checkpoint());
    expect(counted).toEqual([256, 300]);
    expect(asked.every((url) => url.startsWith(address))).toBe(true);
    expect(checkOfBrowser(result, 5)).toMatchObject({ where: 'browser', state: 'good', size: 300, atMs: 5, cosigned: ['office', 'archive'] });
  });

  it('trusts the log itself where the file of witnesses leaves it out', async () => {
    const { options } = serve(short, { 'witnesses.txt': bothPolicy.split('\n').slice(1).join('\n') });
    expect((await checkLog({ address }, options)).result.ok).toBe(true);
  });

  it('holds the log to a checkpoint that was kept', async () => {
    const since = createTestLog(entriesOf(200)).checkpoint();
    expect((await checkLog({ address, since }, serve(short).options)).result).toMatchObject({ ok: true, since: 200 });
    const longer = createTestLog(entriesOf(301)).checkpoint();
    const rolledBack = (await checkLog({ address, since: longer }, serve(short).options)).result;
    expect(rolledBack).toMatchObject({ ok: false, problem: { code: 'ROLLED_BACK' } });
    expect(checkOfBrowser(rolledBack, 0)).toMatchObject({ state: 'broken' });
    const otherEntries = createTestLog(entriesOf(200).toReversed()).checkpoint();
    expect(checkOfBrowser((await checkLog({ address, since: otherEntries }, serve(short).options)).result, 0).state).toBe('broken');
  });

  it('names the first entry that was changed', async () => {
    const path = 'tile/entries/000';
    const changed = Buffer.from(short.files.get(path)!).toString('latin1').replace('"call":"c7"', '"call":"x7"');
    const { result } = await checkLog({ address }, serve(short, { [path]: Buffer.from(changed, 'latin1') }).options);
    expect(checkOfBrowser(result, 0)).toMatchObject({ state: 'broken', broken: { seq: 7, exact: true } });
  });

  it('finds a log whole that too few witnesses have seen, and says so', async () => {
    const { result } = await checkLog({ address }, serve(createTestLog(entriesOf(20), [logKey])).options);
    expect(checkOfBrowser(result, 0)).toMatchObject({ state: 'unwitnessed', problem: { zh: expect.stringContaining('office') as string } });
  });

  it('says what could not be read rather than that it is broken', async () => {
    for (const changes of [{ 'tile/entries/000': 410 }, { checkpoint: 500 }, { 'log.vkey': 404 }] as const) await expect(checkLog({ address }, serve(short, changes).options)).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
    await expect(checkLog({ address }, serve(short, { 'log.vkey': 'x'.repeat(2000) }).options)).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
    const offline = (() => Promise.reject(new TypeError('Failed to fetch'))) as typeof fetch;
    await expect(checkLog({ address }, { fetch: offline, progress: () => undefined })).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
  });
});

describe('a check in the server', () => {
  it('has the same form', () => {
    expect(checkOfServer({ ok: true, size: 4, root: 'r' }, 1)).toEqual({ where: 'server', state: 'good', size: 4, root: 'r', atMs: 1, cosigned: [] });
    const reason = { zh: '坏', en: 'bad' };
    expect(checkOfServer({ ok: false, size: 4, broken: { seq: 2, reason } }, 1)).toMatchObject({ state: 'broken', broken: { seq: 2, reason, exact: true } });
  });
});

describe('what the browser has kept', () => {
  it('is a checkpoint or nothing', () => {
    const kept = { note: 'n', size: 3, atMs: 4 };
    expect(parseKept(JSON.stringify(kept))).toEqual(kept);
    for (const stored of [null, '', 'x', '{}', 'null', JSON.stringify({ ...kept, note: '' }), JSON.stringify({ ...kept, size: 'many' })]) expect(parseKept(stored)).toBeUndefined();
  });
});
