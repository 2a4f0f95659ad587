// What a device says about itself when it is discovered.

/** A device that answered a Probe. */
export interface FoundDevice {
  /** Endpoint reference: the same device has the same one at every address. */
  readonly endpoint: string;
  /** Addresses of its device service, as told. */
  readonly addresses: readonly URL[];
  readonly types: readonly string[];
  readonly scopes: readonly string[];
  /** Out of the scopes. */
  readonly name?: string;
  readonly hardware?: string;
  readonly location?: string;
  /** IP address that the answer came from: the one that surely works. */
  readonly from: string;
}
