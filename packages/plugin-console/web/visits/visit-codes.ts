// The codes of visitors, told once with the answer to a request. They live as long as the page is open, and nowhere else.
import type { VisitorCode } from '@wanglou/plugin-access/contract';

const told = new Map<string, readonly VisitorCode[]>();

/** Keeps the codes of a request for its printed form. */
export function keepCodes(request: string, codes: readonly VisitorCode[]): void {
  told.set(request, codes);
}

/** The codes of a request, where this page was told them. */
export function codesOf(request: string): readonly VisitorCode[] | undefined {
  return told.get(request);
}
