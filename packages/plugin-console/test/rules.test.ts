import type { ConditionTrace, EmergencyReview } from '@wanglou/core';
import { describe, expect, it } from 'vitest';
import { explainInput } from '../web/access/explain-input.ts';
import { ruleWord, sortedRules, testWords } from '../web/access/trace-words.ts';
import { isOpen, mayReview, reviewState } from '../web/emergency/open-emergencies.ts';
import { createWords } from '../web/i18n/language.ts';
import { qualificationState, unitLines } from '../web/people/people-tree.ts';
import { typedAddresses } from '../web/people/station-dialog.tsx';
import { readPack } from '../web/policy/typed-pack.ts';
import { campus } from './mock/mock-data.ts';
import { grantWith } from './mock/mock-requests.ts';
import { policyTrace } from './mock/mock-rules.ts';

describe('a decision taken apart', () => {
  const trace = policyTrace('recording.playback');
  const test = (path: string, operator: NonNullable<ConditionTrace['test']>['operator'], operand: NonNullable<ConditionTrace['test']>['operand'], value?: ConditionTrace['value']): ConditionTrace => ({ kind: 'test', answer: 'no', test: { path, operator, operand }, ...(value !== undefined && { value }) });
  const names = (language: 'zh' | 'en') => ({ words: createWords(language), campus, facts: trace.facts });

  it('says of each rule what it did', () => {
    expect(ruleWord({ effect: 'forbid', speaks: true })).toBe('forbids');
    expect(ruleWord({ effect: 'forbid', speaks: false })).toBe('silent');
    expect(ruleWord({ effect: 'permit', speaks: true })).toBe('permits');
    expect(ruleWord({ effect: 'permit', speaks: false })).toBe('no-permit');
  });

  it('begins with what forbids, and ends with what has nothing against it', () => {
    expect(sortedRules(trace.rules).map(ruleWord)).toEqual(['forbids', 'forbids', 'no-permit', 'silent']);
  });

  it('says in words what was wanted of a fact and what was found', () => {
    expect(testWords(test('actor.onDuty', 'eq', true, false), names('zh'))).toBe('在班：须为 是，实际为 否');
    expect(testWords(test('actor.onDuty', 'eq', true, false), names('en'))).toBe('On duty: must be yes, found no');
    expect(testWords(test('grant.approvals', 'has', 'section'), names('en'))).toBe('Units that approved: must hold Security Section, found not known (what is unknown opens nothing)');
    expect(testWords(test('actor.roles', 'hasAny', ['operator', 'gardener'], []), names('zh'))).toBe('岗位角色（含受托）：须包含其中之一：监控操作人员、gardener，实际为 无');
    expect(testWords(test('visit.persons', 'gte', 2, 1), names('en'))).toBe('visit.persons: at least 2, found 1');
  });

  it('is asked about the operation that stands for an action', () => {
    expect(explainInput('live', 'a', 9)).toEqual({ operation: 'recording.live', input: { camera: 'a' } });
    expect(explainInput('copy', 'a', 600_001)).toMatchObject({ operation: 'recording.export', input: { cameras: ['a'], fromMs: 1, toMs: 600_001 } });
  });
});

describe('people and units', () => {
  it('stand below the unit above them; a unit above that is not known is none', () => {
    const name = { zh: '', en: '' };
    expect(unitLines([{ id: 'c', name, above: 'b' }, { id: 'a', name }, { id: 'b', name, above: 'a' }, { id: 'x', name, above: 'gone' }])).toEqual([
      { id: 'a', depth: 0 },
      { id: 'b', depth: 1 },
      { id: 'c', depth: 2 },
      { id: 'x', depth: 0 },
    ]);
  });

  it('are qualified until a moment, and are warned thirty days before', () => {
    const day = 86_400_000;
    const person = { qualifications: { post: 100 * day } };
    expect([10 * day, 80 * day, 100 * day].map((atMs) => qualificationState(person, 'post', atMs))).toEqual(['valid', 'soon', 'over']);
    expect(qualificationState(person, 'confidentiality', 0)).toBe('none');
  });

  it('take addresses however they are separated, each once', () => {
    expect(typedAddresses(' 10.0.0.1，10.0.0.2\n10.0.0.1; ::1 ')).toEqual(['10.0.0.1', '10.0.0.2', '::1']);
  });
});

describe('an emergency', () => {
  const scope = { cameras: ['a'], range: { fromMs: 0, toMs: 1 }, actions: ['live'], purpose: 'incident' } as const;
  const review = (reviewer: string, verdict: 'upheld' | 'violated' = 'upheld') => ({ reviewer, verdict, reason: '', atMs: 0 });
  const emergency = (...reviews: EmergencyReview[]) => grantWith({ id: 'e', holder: 'operator', scope, startsMs: 0, begunMs: 0, endsMs: 100, emergency: { kind: 'fire', reason: '', reviewByMs: 500, reviewers: 2, reviews } });

  it('is open while its grant is', () => {
    expect([isOpen(emergency(), 50), isOpen(emergency(), 100)]).toEqual([true, false]);
    const { emergency: _, ...plain } = emergency();
    expect(isOpen(plain, 50)).toBe(false);
  });

  it('is reviewed by different persons before its deadline; one finding of a violation is enough', () => {
    expect(reviewState(emergency(review('a')), 400)).toBe('waiting');
    expect(reviewState(emergency(review('a')), 500)).toBe('late');
    expect(reviewState(emergency(review('a'), review('a')), 400)).toBe('waiting');
    expect(reviewState(emergency(review('a'), review('b')), 900)).toBe('upheld');
    expect(reviewState(emergency(review('a', 'violated')), 400)).toBe('violated');
  });

  it('is not reviewed by its holder, nor twice by the same person', () => {
    expect([mayReview(emergency(), 'operator'), mayReview(emergency(review('a')), 'a'), mayReview(emergency({ ...review('a'), onBehalfOf: 'c' }), 'c'), mayReview(emergency(review('a')), 'b')]).toEqual([false, false, false, true]);
  });
});

describe('a pasted pack', () => {
  it('is one JSON object; nothing stands for the configured one', () => {
    expect(readPack('{"id":"x"}')).toEqual({ pack: { id: 'x' } });
    expect(readPack('  ')).toEqual({});
    expect(readPack('{')).toEqual({ issue: 'json' });
    expect(readPack('[1]')).toEqual({ issue: 'object' });
  });
});
