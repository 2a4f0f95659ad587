// What can happen to a simulated device without being a lasting fault.

/**
 * - `reboot`: gone for a while (as `offline`), then back; sessions begin anew. `clockShiftMs`: its clock is off by this afterwards.
 * - `clock-jump`: the clock in sender reports is set by this much; pictures go on.
 * - `timestamp-jump`: RTP timestamps of running sessions jump by this much, back when negative; sender reports follow them.
 * - `new-source`: running sessions go on with other synchronisation sources, sequence numbers and timestamps, as after an inner restart.
 * - `new-parameters`: the encoder's sequence parameter set changes, from the next key picture on; again: it changes back. H.264 only.
 * - `packet-loss`: this share of media packets is lost from now on; 0 ends it.
 */
export type DeviceDisturbance =
  | { readonly kind: 'reboot'; readonly downMs: number; readonly clockShiftMs?: number }
  | { readonly kind: 'clock-jump'; readonly byMs: number }
  | { readonly kind: 'timestamp-jump'; readonly bySeconds: number }
  | { readonly kind: 'new-source' }
  | { readonly kind: 'new-parameters' }
  | { readonly kind: 'packet-loss'; readonly share: number };
