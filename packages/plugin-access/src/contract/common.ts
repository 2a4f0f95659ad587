// Pieces that the operations' inputs share.
import { actions, purposes, type Action, type Purpose } from '@wanglou/core';
import { z } from 'zod';

export const id = z.string().min(1).max(64);
/** Text that somebody wrote: trimmed, not empty. */
export const words = (most: number) => z.string().trim().min(1).max(most);
/** The end of the year 9999: beyond it dates have no form that a register or a page could write. */
const latestMs = Date.UTC(10_000, 0, 1) - 1;
export const time = z.int().min(0).max(latestMs).describe('UTC epoch milliseconds');
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/).describe('SHA-256 in hex');
/** Actions that a grant can give. */
export const footageAction = z.enum(['live', 'playback', 'copy'] satisfies [Action, ...Action[]]);
export const anyAction = z.enum(actions as [Action, ...Action[]]);
export const purpose = z.enum(Object.keys(purposes) as [Purpose, ...Purpose[]]);
export const nothing = z.strictObject({});
/** The six digits of an authenticator application (RFC 6238) or of a visitor. */
export const sixDigits = z.string().regex(/^\d{6}$/, 'six digits');
/** Passwords are long rather than odd (NIST SP 800-63B). */
export const newPassword = z.string().min(10).max(200);
