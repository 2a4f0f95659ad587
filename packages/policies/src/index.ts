/**
 * Policy packs: the rules of campuses as data.
 *
 * @packageDocumentation
 */
export { upc2013 } from './upc-2013/upc-2013.ts';
