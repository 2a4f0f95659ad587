// A receipt: what an entry says, and the proof that it is in the log. C2SP tlog-proof.

/** What a receipt is made of. */
export interface ReceiptParts {
  readonly seq: number;
  /** Leaf data. */
  readonly entry: string;
  readonly privatePart?: { readonly salt: Uint8Array; readonly body: string };
  /** From the leaf's sibling upward. */
  readonly path: readonly Uint8Array[];
  /** The checkpoint as a signed note. */
  readonly note: string;
  canonical(value: unknown): string;
}

/** Text of a `.tlog-proof` file. */
export function receiptText({ seq, entry, privatePart, path, note, canonical }: ReceiptParts): string {
  const extra = canonical({ entry, ...(privatePart && { private: privatePart.body, salt: base64(privatePart.salt) }) });
  return [`c2sp.org/tlog-proof@v1`, `extra ${base64(Buffer.from(extra))}`, `index ${seq}`, ...path.map(base64), '', note].join('\n');
}

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codeBytes = 10;

/** The code that is printed: the place, and the first 80 bits of the leaf hash in Crockford's base32. */
export function receiptCode(seq: number, leafHash: Uint8Array): string {
  let bits = BigInt(`0x${Buffer.from(leafHash.subarray(0, codeBytes)).toString('hex')}`);
  let digits = '';
  for (let place = 0; place < (codeBytes * 8) / 5; place++) {
    digits = crockford[Number(bits & 31n)]! + digits;
    bits >>= 5n;
  }
  return `${seq}-${digits.match(/.{4}/g)!.join('-')}`;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
