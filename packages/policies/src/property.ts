// Short forms for the properties of a pack.
import type { Action, Condition, Property, Text } from '@wanglou/core';

/** Wherever the condition may hold, the acts are refused, and where it holds the refusal cites the article. */
export function never(id: string, article: string, text: Text, actions: readonly Action[], when?: Condition): Property {
  return { ...refused(id, article, text, actions, when), cites: [article] };
}

/** Wherever the condition may hold, the acts are refused, on whatever ground. */
export function refused(id: string, article: string, text: Text, actions: readonly Action[], when?: Condition): Property {
  return { id, article, text, actions, ...(when && { when }), expect: 'deny' };
}

/** Wherever the condition is known to hold, the acts are permitted. */
export function promised(id: string, article: string, text: Text, actions: readonly Action[], when?: Condition): Property {
  return { id, article, text, actions, ...(when && { when }), expect: 'permit' };
}
