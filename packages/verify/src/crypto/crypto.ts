// The two primitives that everything here rests on, so that Node and browsers can each bring their own.

/** SHA-256 over bytes that come one after the other. */
export interface Sha256 {
  update(bytes: Uint8Array): void;
  /** 32 bytes; nothing may follow. */
  digest(): Uint8Array;
}

/** The seam. All of it is synchronous. */
export interface Crypto {
  /** 32 bytes. */
  sha256(bytes: Uint8Array): Uint8Array;
  createSha256(): Sha256;
  /** RFC 8032. False for keys and signatures of wrong length or form, never throws. */
  verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}
