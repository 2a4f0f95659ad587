import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createSignal, fillText, objectSchema, Secret } from '../src/index.ts';
import { createTestClock } from '../src/testing.ts';

describe('a secret', () => {
  it('shows in no string, no JSON and no inspection', () => {
    const secret = new Secret({ password: 'hidden' });
    expect([String(secret), JSON.stringify({ secret }), inspect({ secret })].join()).not.toContain('hidden');
    expect(secret.reveal().password).toBe('hidden');
  });
});

describe('a signal', () => {
  it('tells its subscribers of changes only, until they leave', () => {
    const heard: number[] = [];
    const signal = createSignal(1);
    const stop = signal.subscribe((value) => heard.push(value));
    signal.set(1);
    signal.set(2);
    void stop();
    signal.set(3);
    expect(heard).toEqual([2]);
  });
});

describe('fillText', () => {
  it('fills both languages, and uses a text in its own language', () => {
    expect(fillText({ zh: '{who}：{n}', en: '{who}: {n}' }, { who: { zh: '甲', en: 'A' }, n: 2 })).toEqual({ zh: '甲：2', en: 'A: 2' });
  });
});

describe('objectSchema', () => {
  const schema = objectSchema({ camera: { type: 'string', max: 8 }, fromMs: { type: 'integer' }, tags: { type: 'strings', optional: true, max: 2 }, kind: { type: 'string', optional: true, values: ['a', 'b'] } });
  const issues = (value: unknown) => {
    const result = schema['~standard'].validate(value) as { issues?: readonly { path?: readonly unknown[]; message: string }[] };
    return (result.issues ?? []).map((issue) => `${(issue.path ?? []).join('.')}: ${issue.message}`);
  };

  it('takes what fits', () => {
    expect(issues({ camera: 'gate', fromMs: 0, tags: ['x'], kind: 'a' })).toEqual([]);
  });

  it.each([
    [null, ': expected an object'],
    [{ fromMs: 1 }, 'camera: is missing'],
    [{ camera: 'gate', fromMs: -1 }, 'fromMs: expected a whole number of 0 or more'],
    [{ camera: 'gate', fromMs: 1.5 }, 'fromMs: expected a whole number of 0 or more'],
    [{ camera: 'a-long-name', fromMs: 1 }, 'camera: expected a text of 1 to 8 characters'],
    [{ camera: 'gate', fromMs: 1, tags: ['x', 'y', 'z'] }, 'tags: expected a list of at most 2 texts'],
    [{ camera: 'gate', fromMs: 1, kind: 'c' }, 'kind: expected one of a, b'],
    [{ camera: 'gate', fromMs: 1, isAdmin: true }, 'isAdmin: unknown key'],
    [JSON.parse('{"camera":"gate","fromMs":1,"__proto__":{"x":1}}'), '__proto__: unknown key'],
  ])('refuses %j', (value, issue) => {
    expect(issues(value)).toContain(issue);
  });
});

describe('the test clock', () => {
  it('fires timers in their order and repeats periodic ones', async () => {
    const clock = createTestClock(0);
    const fired: string[] = [];
    clock.after(20, () => fired.push(`after@${clock.now()}`));
    const stop = clock.every(15, () => fired.push(`every@${clock.now()}`));
    await clock.advance(31);
    void stop();
    await clock.advance(100);
    expect(fired).toEqual(['every@15', 'after@20', 'every@30']);
    expect(clock.pending).toBe(0);
  });
});
