import type { CameraSummary } from '@wanglou/core';
import { describe, expect, it } from 'vitest';
import { parseProblem } from '../web/api/problem.ts';
import { tileState, type TileFacts } from '../web/wall/tile-state.ts';
import { fitLayout, placesOf, putCamera, readWall, removeCamera } from '../web/wall/wall-state.ts';

const known = ['a', 'b', 'c', 'd', 'e'];
const read = (query: string) => readWall(new URLSearchParams(query), known);

describe('the wall', () => {
  it('shows every camera when the address says nothing', () => {
    expect(read('')).toEqual({ layout: 9, cameras: known, page: 0, focus: undefined });
    expect([1, 2, 5, 10, 300].map(fitLayout)).toEqual([1, 4, 9, 16, 16]);
  });

  it('is what its address says', () => {
    expect(read('cams=c,a&layout=4&focus=a')).toEqual({ layout: 4, cameras: ['c', 'a'], page: 0, focus: 'a' });
  });

  it('turns pages and stays on those that exist', () => {
    expect(placesOf(read('layout=4&page=2'))).toEqual(['e', '', '', '']);
    expect(read('layout=4&page=9').page).toBe(1);
    expect(read('layout=4&page=x').page).toBe(0);
    expect(read('layout=5').layout).toBe(9);
  });

  it('puts a camera into the chosen place, the first empty one, or the last', () => {
    expect(putCamera(read('cams=a,,c&layout=4'), 'd')).toEqual(['a', 'd', 'c']);
    expect(putCamera(read('cams=a,b,c,d&layout=4'), 'e')).toEqual(['a', 'b', 'c', 'e']);
    expect(putCamera(read('cams=a,b&layout=4'), 'e', 3)).toEqual(['a', 'b', '', 'e']);
  });

  it('shows a camera once', () => {
    expect(putCamera(read('cams=a,b&layout=4'), 'a', 3)).toEqual(['a', 'b']);
  });

  it('leaves a place empty when a camera is taken off, so that the others stay', () => {
    expect(removeCamera(read('cams=a,b,c'), 'b')).toEqual(['a', '', 'c']);
    expect(removeCamera(read('cams=a,b'), 'b')).toEqual(['a']);
  });
});

describe('a tile', () => {
  const camera = (state: CameraSummary['state']): CameraSummary => ({ info: { id: 'a', name: { zh: 'a', en: 'a' } }, state, capabilities: ['stream'] });
  const open = { kind: 'open', lease: { lease: 'l', path: 'p', expiresMs: 1 } } as const;
  const facts: TileFacts = { camera: camera('online'), status: undefined, lease: open, frames: 'moving', failure: undefined };
  const state = (changes: Partial<TileFacts>) => tileState({ ...facts, ...changes });

  it('is live only while frames come', () => {
    expect(state({}).kind).toBe('live');
    expect(state({ frames: 'first' }).kind).toBe('connecting');
    expect(state({ frames: 'frozen' }).kind).toBe('frozen');
    expect(state({ lease: { kind: 'opening' } }).kind).toBe('connecting');
  });

  it('says since when a camera is away', () => {
    expect(state({ camera: camera('offline'), status: { camera: 'a', state: 'error', lastFrameMs: 7 } })).toMatchObject({ kind: 'offline', sinceMs: 7 });
    const problem = parseProblem(503, { code: 'NOT_LIVE', text: { zh: '没有图像', en: 'no picture' } });
    expect(state({ lease: { kind: 'refused', problem } })).toMatchObject({ kind: 'offline', text: { en: 'no picture' } });
  });

  it('shows a refusal before anything else', () => {
    const problem = parseProblem(403, { code: 'PERMISSION_DENIED' });
    expect(state({ camera: camera('offline'), lease: { kind: 'refused', problem } })).toEqual({ kind: 'refused', problem });
  });

  it('pauses while somebody of the visit is missing', () => {
    expect(state({ paused: true })).toEqual({ kind: 'paused' });
    expect(state({ paused: true, lease: { kind: 'ended', reason: 'revoked' } }).kind).toBe('ended');
  });

  it('says why it was cut, and what failed', () => {
    expect(state({ lease: { kind: 'ended', reason: 'revoked' } })).toEqual({ kind: 'ended', reason: 'revoked' });
    const failure = parseProblem(0, { code: 'PLAYER_FAILED' });
    expect(state({ failure })).toEqual({ kind: 'failed', problem: failure });
  });
});
