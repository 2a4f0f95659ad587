import { describe, expect, it } from 'vitest';
import { grouped, passwordIssue, typedCode } from '../web/account/account-rules.ts';
import { delegationIssues, delegationState, lendableRoles } from '../web/account/delegation-state.ts';
import { findPage, homePath, railPages } from '../web/app/pages.ts';
import { readPlace } from '../web/app/return-place.ts';
import { qrPath } from '../web/kit/qr-code.tsx';
import { nextIndex } from '../web/kit/use-card-keys.ts';
import { makeKey, proofText, signChallenge } from '../web/workstation/device-key.ts';

describe('a password', () => {
  it('is long, new, and typed twice the same', () => {
    const typed = { current: 'old password', next: 'a longer sentence', again: 'a longer sentence' };
    expect(passwordIssue(typed)).toBeUndefined();
    expect(passwordIssue({ ...typed, next: 'short' })).toBe('short');
    expect(passwordIssue({ ...typed, next: 'old password' })).toBe('same');
    expect(passwordIssue({ ...typed, again: 'another sentence' })).toBe('differs');
  });
});

describe('six digits', () => {
  it('are taken however they are typed', () => {
    expect([typedCode('123 456'), typedCode('１２３４５６'), typedCode('12a34567890')]).toEqual(['123456', '123456', '123456']);
    expect(grouped('ABCDEFGHIJ')).toBe('ABCD EFGH IJ');
  });

  it('come from a secret that a telephone can scan', () => {
    const { path, size } = qrPath('otpauth://totp/Wanglou:operator?secret=JBSWY3DPEHPK3PXP');
    expect(size).toBeGreaterThanOrEqual(25);
    // The corner of the first finder pattern, inside of the quiet zone.
    expect(path.startsWith('M2 2h1v1h-1z')).toBe(true);
    expect(path).not.toContain('M0 0');
  });
});

describe('a workstation', () => {
  it('signs what the contract says with a key that cannot be taken out', async () => {
    const { privateKey, publicKey } = await makeKey();
    expect(privateKey.extractable).toBe(false);
    const signature = Buffer.from(await signChallenge({ workstation: 'room-1', privateKey }, 'n1'), 'base64');
    expect(signature).toHaveLength(64);
    const verifier = await crypto.subtle.importKey('spki', Buffer.from(publicKey, 'base64'), { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
    expect(await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, verifier, signature, new TextEncoder().encode(proofText('room-1', 'n1')))).toBe(true);
    expect(proofText('room-1', 'n1')).toBe('wanglou-workstation\nroom-1\nn1\n');
  });
});

describe('a delegation', () => {
  const delegation = { id: 'd', from: 'a', to: 'b', role: 'office-head', fromMs: 10, toMs: 20, reason: '' };
  it('is in force between its dates, unless it was revoked', () => {
    expect([5, 10, 19, 20].map((atMs) => delegationState(delegation, atMs))).toEqual(['coming', 'open', 'open', 'ended']);
    expect(delegationState({ ...delegation, revokedMs: 12 }, 11)).toBe('revoked');
  });

  it('names what it lacks, in the order of the form', () => {
    expect(delegationIssues({ to: '', role: '', fromMs: 5, toMs: 5, reason: ' ' }, 0)).toEqual(['to', 'role', 'range', 'reason']);
    expect(delegationIssues({ to: 'b', role: 'r', fromMs: 5, toMs: 9, reason: 'x' }, 10)).toEqual(['range']);
    expect(delegationIssues({ to: 'b', role: 'r', fromMs: 5, toMs: 19, reason: 'x' }, 10)).toEqual([]);
  });

  it('lends roles that judge, and no others', () => {
    const name = { zh: '', en: '' };
    expect(lendableRoles({ roles: ['office-head', 'operator'] }, [{ id: 'office-head', name, reviews: true }, { id: 'operator', name }])).toEqual(['office-head']);
  });
});

describe('pages', () => {
  it('are found by their address, with any id', () => {
    expect(findPage('/requests/new')?.title).toBe('page.request-form');
    expect(findPage('/requests/abc')?.title).toBe('page.request');
    expect(findPage('/requests/abc/form')?.title).toBe('page.paper-form');
    expect(findPage('/requests/')).toBeUndefined();
    expect(findPage('/elsewhere')).toBeUndefined();
  });

  it('stand in the rail for those who may use them', () => {
    expect(railPages(['view', 'request']).map(({ path }) => path)).toEqual(['/wall', '/playback', '/requests']);
    expect(railPages(['configure']).map(({ path }) => path)).toEqual(['/wall', '/playback', '/people', '/policy']);
    expect([homePath(['review']), homePath(['review', 'duty'])]).toEqual(['/inbox', '/wall']);
  });

  it('have keys of their own', () => {
    const keys = railPages(['request', 'review', 'audit', 'configure']).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('are come back to from the identity provider, on this site and for this errand alone', () => {
    const kept = (address: string, atMs = 0) => JSON.stringify({ address, atMs });
    expect(readPlace(kept('/inbox?lane=mine'), 1000)).toBe('/inbox?lane=mine');
    expect(readPlace(kept('//elsewhere.example'), 1000)).toBeUndefined();
    expect(readPlace(kept('/?sign-in-error=OIDC_FAILED'), 1000)).toBeUndefined();
    expect(readPlace(kept('/inbox'), 700_000)).toBeUndefined();
    expect(readPlace(null, 0)).toBeUndefined();
  });
});

describe('lists', () => {
  it('are walked with the arrow keys, and stop at their ends', () => {
    expect(['ArrowDown', 'ArrowUp', 'Home', 'End', 'x'].map((key) => nextIndex(key, 1, 3))).toEqual([2, 0, 0, 2, undefined]);
    expect([nextIndex('ArrowDown', 2, 3), nextIndex('ArrowUp', 0, 3)]).toEqual([2, 0]);
  });
});
