/**
 * People, units, roles, sign-in, requests, reviews, grants and the register.
 *
 * @packageDocumentation
 */
export type { AccessConfig } from './config.ts';
export { AccessError, accessErrorTable, type AccessErrorCode } from './errors.ts';
export { accessFacts } from './facts/declarations.ts';
export { access } from './plugin.ts';
