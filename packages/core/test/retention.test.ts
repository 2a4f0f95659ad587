// How long footage is kept: the term of a camera, what a pack must not say, and what its rules must keep.
import { describe, expect, it } from 'vitest';
import { createPolicyEngine, termOf, type FactDeclaration, type PolicyPack, type Retention, type Rule } from '../src/index.ts';
import { verifyPack } from '../src/proof.ts';
import { packOf, rule, text } from './proof-harness.ts';

const name = text;
const gates = { id: 'gates', name, places: ['gate', 'north-gate'], floorDays: 90, eraseAfterDays: 120 };
const labs = { id: 'labs', name, places: ['lab'], floorDays: 30 };

describe('the term of a camera', () => {
  const retention: Retention = { floorDays: 30, eraseAfterDays: 60, groups: [gates] };

  it.each([
    ['a place of a group', { place: 'north-gate' }, { floorDays: 90, eraseAfterDays: 120, group: 'gates' }],
    ['another place', { place: 'yard' }, { floorDays: 30, eraseAfterDays: 60 }],
    ['no place', {}, { floorDays: 30, eraseAfterDays: 60 }],
    ['a camera that is gone: the longest', undefined, { floorDays: 90, eraseAfterDays: 120 }],
  ])('at %s', (_name, camera, term) => {
    expect(termOf(retention, camera)).toEqual(term);
  });

  it('of a camera that is gone has no end where one group has none', () => {
    expect(termOf({ ...retention, groups: [gates, labs] }, undefined)).toEqual({ floorDays: 90 });
  });
});

describe('a pack with a retention', () => {
  const facts: readonly FactDeclaration[] = [{ path: 'footage.ageDays', type: 'integer', text }, { path: 'camera.places', type: 'strings', text }];
  const pack = (retention: unknown, rules: readonly Rule[] = [rule({ actions: ['erase'] })]): PolicyPack => packOf(rules, { retention: retention as Retention });

  it.each([
    ['no object', 30, 'must be an object'],
    ['no floor', {}, 'floorDays must be a whole number'],
    ['half a day', { floorDays: 0.5 }, 'floorDays must be a whole number'],
    ['a floor below nought', { floorDays: -1 }, 'floorDays must be a whole number'],
    ['an end before the floor', { floorDays: 30, eraseAfterDays: 29 }, 'not less than floorDays'],
    ['groups that are no list', { floorDays: 1, groups: {} }, 'groups must be a list'],
    ['a group that is nothing', { floorDays: 1, groups: [null] }, 'must be an object'],
    ['a group without a name', { floorDays: 1, groups: [{ ...gates, name: { zh: '门' } }] }, 'name must be there'],
    ['a group without places', { floorDays: 1, groups: [{ ...gates, places: [] }] }, 'places must be a list'],
    ['a group twice', { floorDays: 1, groups: [gates, { ...gates, places: ['x'] }] }, 'id must be a text of its own'],
    ['a place in two groups', { floorDays: 1, groups: [gates, { ...labs, places: ['gate'] }] }, 'place "gate" is in two groups'],
  ])('is refused with %s', (_name, retention, issue) => {
    expect(() => createPolicyEngine(pack(retention), facts)).toThrow(expect.objectContaining({ code: 'PACK_INVALID', message: expect.stringContaining(issue) }));
    expect(() => verifyPack(pack(retention), facts)).toThrow(expect.objectContaining({ code: 'PACK_INVALID' }));
  });

  const floor = rule({ id: 'floor', effect: 'forbid', actions: ['erase'], unless: { 'footage.ageDays': { gte: 30 } } });
  const gateFloor = rule({ id: 'gate-floor', effect: 'forbid', actions: ['erase'], when: { 'camera.places': { hasAny: gates.places } }, unless: { 'footage.ageDays': { gte: 90 } } });
  const verified = (retention: Retention, rules: readonly Rule[]) =>
    verifyPack(pack(retention, [rule({ actions: ['erase'] }), ...rules]), facts).properties.filter(({ id }) => id.startsWith('retention')).map(({ id, holds, counterexample }) => [id, holds, counterexample?.facts['footage.ageDays']]);

  it('is proven to refuse erasing within every floor, by its rules alone', () => {
    expect(verified({ floorDays: 30 }, [])).toEqual([['retention-floor', false, expect.any(Number)]]);
    expect(verified({ floorDays: 31 }, [floor])).toEqual([['retention-floor', false, 30]]);
    expect(verified({ floorDays: 30 }, [floor])).toEqual([['retention-floor', true, undefined]]);
    expect(verified({ floorDays: 30, groups: [gates] }, [floor])).toEqual([['retention-floor', true, undefined], ['retention-floor-gates', false, expect.any(Number)]]);
    expect(verified({ floorDays: 30, groups: [gates] }, [floor, gateFloor])).toEqual([['retention-floor', true, undefined], ['retention-floor-gates', true, undefined]]);
    expect(verified({ floorDays: 0 }, [])).toEqual([]);
  });

  it('needs no proof where no fact tells the age, since then nothing can be erased by it', () => {
    expect(verifyPack(pack({ floorDays: 30 }), []).properties.filter(({ id }) => id.startsWith('retention'))).toEqual([]);
  });
});
