/**
 * Policy packs: the rules of campuses as data.
 *
 * @packageDocumentation
 */
export { cnOrder799 } from './cn-order-799/cn-order-799.ts';
export { packs } from './packs.ts';
export { twoKeys } from './two-keys/two-keys.ts';
export { upc2013, type Upc2013Options } from './upc-2013/upc-2013.ts';
