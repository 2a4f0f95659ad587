// What the account forms hold people to before the server is asked.

/** Passwords are long rather than odd; the server says the same. */
export const shortestPassword = 10;

/** What is wrong with a change of the password; nothing when it may be sent. */
export function passwordIssue({ current, next, again }: { readonly current: string; readonly next: string; readonly again: string }): 'short' | 'same' | 'differs' | undefined {
  if ([...next].length < shortestPassword) return 'short';
  if (next === current) return 'same';
  return next === again ? undefined : 'differs';
}

/** Six digits as people type them: with a gap in the middle, in full-width figures. */
export function typedCode(text: string): string {
  return text.normalize('NFKC').replaceAll(/\D/g, '').slice(0, 6);
}

/** A secret in groups of four, as it is typed into a telephone. */
export function grouped(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(' ') ?? '';
}
