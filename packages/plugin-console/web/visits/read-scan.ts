// A scan as the server takes it: a picture or a PDF, not too large, in base64.

/** Kinds of files that are taken. */
export const scanTypes = ['image/jpeg', 'image/png', 'application/pdf'] as const;
/** Bytes of a scan at the most; the server holds to the same. */
export const mostScanBytes = 4 * 1024 * 1024;

/** A scan that can be sent, or why it cannot. */
export type Scan = { readonly mediaType: (typeof scanTypes)[number]; readonly base64: string } | { readonly issue: 'type' | 'size' };

/** Reads a chosen file. */
export async function readScan(file: Pick<File, 'type' | 'size' | 'arrayBuffer'>): Promise<Scan> {
  const mediaType = scanTypes.find((type) => type === file.type);
  if (!mediaType) return { issue: 'type' };
  if (file.size > mostScanBytes) return { issue: 'size' };
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = '';
  // In pieces: a call with millions of arguments overflows the stack.
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return { mediaType, base64: btoa(text) };
}
