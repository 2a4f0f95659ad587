// A pack as somebody pasted it: an object, or why it cannot be one.

/** Reads pasted JSON. Empty text stands for the configured pack. */
export function readPack(text: string): { readonly pack?: Record<string, unknown> } | { readonly issue: 'json' | 'object' } {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { pack: value as Record<string, unknown> } : { issue: 'object' };
  } catch {
    return { issue: 'json' };
  }
}
