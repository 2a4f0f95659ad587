// A way to a device: a TCP link, or the peer of datagrams.

/** How a device is answered. */
export interface Channel {
  /** Names the link; a new connection of the same device is another. */
  readonly key: string;
  /** Address and port, for people. */
  readonly peer: string;
  readonly ip: string;
  send(bytes: Uint8Array): void;
  /** One message more of it waits for the disk. A link with too many is not read until some are there. */
  hold(): void;
  release(): void;
  /** A device was heard on it, and will be within this time. */
  heard(silenceLimitMs: number): void;
}
