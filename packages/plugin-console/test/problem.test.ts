import { describe, expect, it } from 'vitest';
import { asProblem, diagnosisOf, parseProblem } from '../web/api/problem.ts';

const denial = { rule: 'a10-playback', article: '10', text: { zh: '回放须经治安科同意', en: 'Playback needs consent' }, missing: [{ kind: 'approval', unit: 'section' }] };
const next = { operation: 'request.submit', input: { cameras: ['library'], fromMs: 1, toMs: 2, actions: ['playback'] } };

describe('a problem document', () => {
  it('keeps the denials and the next step', () => {
    const problem = parseProblem(403, { code: 'PERMISSION_DENIED', text: { zh: '不', en: 'No' }, instance: '/api/v1/x', decision: { denials: [denial] }, next });
    expect(problem.denied).toBe(true);
    expect(problem.facts).toMatchObject({ code: 'PERMISSION_DENIED', status: 403, instance: '/api/v1/x', denials: [denial], next });
  });

  it('knows duty as a next step', () => {
    expect(parseProblem(403, { code: 'PERMISSION_DENIED', next: { operation: 'duty.begin', input: {} } }).facts.next).toEqual({ operation: 'duty.begin' });
  });

  it.each([
    ['another operation', { operation: 'camera.list', input: {} }],
    ['cameras that are no list', { operation: 'request.submit', input: { ...next.input, cameras: 'library' } }],
    ['a time that is no number', { operation: 'request.submit', input: { ...next.input, fromMs: '1' } }],
    ['nothing', undefined],
  ])('drops a next step with %s', (_, broken) => {
    expect(parseProblem(403, { code: 'PERMISSION_DENIED', next: broken }).facts.next).toBeUndefined();
  });

  it('drops denials that are not denials', () => {
    expect(parseProblem(403, { code: 'X', decision: { denials: [denial, { rule: 1 }, undefined] } }).facts.denials).toEqual([denial]);
  });

  it('falls back to the detail, then to the status', () => {
    expect(parseProblem(400, { title: 'T', detail: 'D' }).facts.text).toEqual({ zh: 'D', en: 'D' });
    expect(parseProblem(500, undefined).facts).toMatchObject({ code: 'NOT_JSON', text: { en: 'The answer of the server cannot be read (HTTP 500)' } });
    expect(parseProblem(418, {}).code).toBe('HTTP_418');
  });

  it('counts a denial that lacks sign-in as signed out', () => {
    expect(parseProblem(403, { code: 'PERMISSION_DENIED', decision: { denials: [{ ...denial, missing: [{ kind: 'sign-in' }] }] } }).signedOut).toBe(true);
    expect(parseProblem(403, { code: 'PERMISSION_DENIED', decision: { denials: [denial] } }).signedOut).toBe(false);
  });

  it('makes a diagnosis without the person’s input', () => {
    const text = diagnosisOf(parseProblem(403, { code: 'PERMISSION_DENIED', decision: { denials: [denial] } }), { path: '/playback', atMs: 0, agent: 'test' });
    expect(JSON.parse(text)).toMatchObject({ code: 'PERMISSION_DENIED', status: 403, denials: [{ rule: 'a10-playback', article: '10' }], path: '/playback', at: '1970-01-01T00:00:00.000Z' });
  });

  it('wraps anything that was thrown', () => {
    const problem = parseProblem(400, { code: 'X' });
    expect(asProblem(problem)).toBe(problem);
    expect(asProblem(new Error('boom')).facts.text.en).toBe('The page failed: boom');
  });
});
