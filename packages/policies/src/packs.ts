// Every pack of this package by its id, for tools that are told a name.
import type { PolicyPack } from '@wanglou/core';
import { cnOrder799 } from './cn-order-799/cn-order-799.ts';
import { twoKeys } from './two-keys/two-keys.ts';
import { upc2013 } from './upc-2013/upc-2013.ts';

/** Factories by id; `upc-2013+emergency` is `upc-2013` with its switch on. */
export const packs: Readonly<Record<string, () => PolicyPack>> = {
  'upc-2013': () => upc2013(),
  'upc-2013+emergency': () => upc2013({ emergency: true }),
  'cn-order-799': cnOrder799,
  'two-keys': twoKeys,
};
