// What an audit receipt says of its entry: the file itself holds the entry, and the private part where it was given out.
import type { AuditEntry, Receipt } from '@wanglou/core';

/** Name of the file. */
export function receiptFileName({ code }: Pick<Receipt, 'code'>): string {
  return `receipt-${code}.tlog-proof`;
}

/** The entry of a receipt; nothing where the file is not as it should be. It shows what the file says and proves nothing: that is the verifier's work. */
export function entryOfReceipt({ text }: Pick<Receipt, 'text'>): AuditEntry | undefined {
  try {
    const extra = /^extra (\S+)$/m.exec(text)?.[1];
    const bytes = Uint8Array.from(atob(extra ?? ''), (char) => char.charCodeAt(0));
    const { entry, private: hidden = '{}' } = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as { entry: string; private?: string };
    const { v: _, private: _commitment, principal, ...open } = JSON.parse(entry) as Record<string, any>;
    const { principal: who, destination, subject, ...rest } = JSON.parse(hidden) as Record<string, any>;
    const resource = { ...open['resource'], ...rest['resource'], ...(destination !== undefined && { destination }), ...(subject !== undefined && { subject }) };
    const id = who?.id ?? principal.id ?? String(principal.pseudonym).slice(0, 12);
    return { ...open, ...rest, principal: { kind: principal.kind, id, ...who }, ...(Object.keys(resource).length > 0 && { resource }) } as AuditEntry;
  } catch {
    return undefined;
  }
}
