import { describe, expect, it } from 'vitest';
import { linesOfEntry } from '../src/command/entry-lines.ts';
import { startMs } from './test-log.ts';

const entry = {
  v: 1,
  kind: 'decision',
  atMs: startMs,
  principal: { kind: 'person', pseudonym: 'ab'.repeat(32) },
  operation: 'recording.play',
  action: 'playback',
  resource: { cameras: ['gate', 'hall'], range: { fromMs: startMs - 60_000, toMs: startMs } },
  decision: { effect: 'deny', articles: ['UPC-2013 §12'], denials: [{ rule: 'r', article: 'a' }] },
};

describe('what an entry says', () => {
  it('is said in words in both languages, and then as it stands', () => {
    const lines = linesOfEntry(entry, undefined);
    expect(lines.map(({ en }) => en).slice(0, -1)).toEqual(['Time: 2026-09-21T14:13:20.000Z', 'Kind: decision', 'Who: abababababab…', 'Operation: recording.play', 'Action: playback', 'Cameras: gate, hall', 'Footage: 2026-09-21T14:12:20.000Z – 2026-09-21T14:13:20.000Z', 'Decision: deny', 'Articles: UPC-2013 §12']);
    expect(lines.map(({ zh }) => zh).slice(2, 7)).toEqual(['当事人：abababababab…', '操作：recording.play', '动作：playback', '摄像机：gate, hall', '时段：2026-09-21T14:12:20.000Z – 2026-09-21T14:13:20.000Z']);
    expect(JSON.parse(lines.at(-1)!.en.slice('The whole entry:'.length))).toEqual(entry);
  });

  it('names the person where the private part is disclosed', () => {
    const lines = linesOfEntry(entry, { principal: { id: 'u-17' }, input: { reason: '寻人' } });
    expect(lines.map(({ zh }) => zh)).toContain('当事人：u-17');
    expect(lines.at(-1)!.zh).toMatch(/^私密部分：\n\{[^]*寻人/);
  });

  it('shows members of any shape, and no control characters', () => {
    const lines = linesOfEntry({ ...entry, operation: { sha256: 'x' }, resource: { cameras: { sha256: '\u001B[2J' } }, outcome: [null, { a: 1 }], atMs: 1e300 }, undefined).map(({ en }) => en);
    expect(lines).toEqual(expect.arrayContaining(['Operation: {"sha256":"x"}', 'Outcome: null, {"a":1}', 'Time: 1e+300']));
    expect(lines.join('')).not.toContain('\u001B');
  });
});
