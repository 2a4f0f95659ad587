import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { isTyping, nextKeys } from '../web/app/shortcuts.ts';
import { readThemeChoice, resolveTheme } from '../web/app/theme.ts';
import { choiceAddress, lastMinutes, readChoice } from '../web/playback/playback-query.ts';

describe('shortcuts', () => {
  const known = ['?', 'g w', 'g p', 'f'];
  const after = (...keys: (readonly [string, number])[]) => keys.reduce<ReturnType<typeof nextKeys>>((soFar, [key, atMs]) => nextKeys(soFar, key, atMs, known), undefined)?.keys;

  it('are single keys or two in a row', () => {
    expect(after(['?', 0])).toBe('?');
    expect(after(['g', 0], ['p', 500])).toBe('g p');
  });

  it('forget a first key that is too old or leads nowhere', () => {
    expect(after(['g', 0], ['w', 5000])).toBeUndefined();
    expect(after(['g', 0], ['f', 100])).toBe('f');
    expect(after(['x', 0], ['w', 100])).toBeUndefined();
  });

  it('leave typing and input methods alone', () => {
    const plain = { isComposing: false, keyCode: 71, ctrlKey: false, metaKey: false, altKey: false };
    expect(isTyping(plain, null)).toBe(false);
    expect(isTyping({ ...plain, keyCode: 229 }, null)).toBe(true);
    expect(isTyping({ ...plain, isComposing: true }, null)).toBe(true);
    expect(isTyping({ ...plain, ctrlKey: true }, null)).toBe(true);
    expect(isTyping(plain, { closest: () => ({}) } as never)).toBe(true);
    expect(isTyping(plain, { closest: () => null } as never)).toBe(false);
  });
});

describe('playback', () => {
  it('offers the last ten minutes of the first camera', () => {
    expect(readChoice(new URLSearchParams(), ['a', 'b'], 3_600_999)).toEqual({ camera: 'a', beside: [], range: { fromMs: 3_000_000, toMs: 3_600_000 } });
    expect(lastMinutes(1, 61_500)).toEqual({ fromMs: 1000, toMs: 61_000 });
  });

  it('keeps its choice in the address', () => {
    const address = choiceAddress({ path: '/playback', query: new URLSearchParams('x=1') }, { camera: 'b', range: { fromMs: 5, toMs: 9 } });
    expect(address).toBe('/playback?x=1&camera=b&from=5&to=9');
    expect(readChoice(new URLSearchParams(address.split('?')[1]), ['a'], 0)).toEqual({ camera: 'b', beside: [], range: { fromMs: 5, toMs: 9 } });
  });

  it('does not take a range that ends before it begins', () => {
    // Three beside it at most, each once, and never itself.
    expect(readChoice(new URLSearchParams('camera=a&beside=b,a,b,c,,d,e'), ['a'], 0).beside).toEqual(['b', 'c', 'd']);
    expect(choiceAddress({ path: '/playback', query: new URLSearchParams('beside=b') }, { beside: [] })).not.toContain('beside');
    expect(readChoice(new URLSearchParams('from=9&to=5'), ['a'], 600_000).range).toEqual({ fromMs: 0, toMs: 600_000 });
  });
});

describe('colours', () => {
  it('follow the system unless chosen', () => {
    expect(resolveTheme('auto', true)).toBe('dark');
    expect(resolveTheme('light', true)).toBe('light');
    expect(readThemeChoice('blue')).toBe('auto');
  });

  it('have the contrast of WCAG 2.2 AA in both themes', async () => {
    const css = await readFile(new URL('../web/style/tokens.css', import.meta.url), 'utf8');
    const [light = '', dark = ''] = css.split(":root[data-theme='dark']");
    const read = (part: string) => Object.fromEntries([...part.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/gi)].map(([, name, value]) => [name!, value!]));
    const lightColours = read(light);
    for (const [theme, colours] of [['light', lightColours], ['dark', { ...lightColours, ...read(dark) }]] as const) {
      const ratio = (a: string, b: string) => contrast(colours[a]!, colours[b]!);
      for (const text of ['text', 'text-faint', 'accent-text', 'waiting', 'good', 'refused', 'alarm', 'whole']) {
        for (const ground of ['ground', 'ground-raised', 'ground-sunken']) expect(ratio(text, ground), `${theme}: ${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
      for (const [text, ground] of [['on-accent', 'accent'], ['on-accent', 'accent-hover'], ['accent-text', 'accent-soft'], ['waiting', 'waiting-soft'], ['text', 'ground-hover']] as const) {
        expect(ratio(text, ground), `${theme}: ${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
      for (const edge of ['line-strong', 'recorded', 'gap', 'accent']) expect(ratio(edge, 'ground-sunken'), `${theme}: ${edge}`).toBeGreaterThanOrEqual(3);
    }
  });
});

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
