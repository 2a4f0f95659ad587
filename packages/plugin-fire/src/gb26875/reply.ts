// Replies: the same serial number and version bytes, the addresses the other way round.
import { command } from './commands.ts';
import type { FrameHead, FrameInput } from './frame.ts';
import { standardProfile, type Profile } from './profile.ts';

/** What a reply says. */
export interface Reply {
  /** `confirm` (3) and `deny` (6) carry nothing; an answer (5) is made by its device. */
  readonly with: 'confirm' | 'deny';
  /** The replier's clock, as `YYYY-MM-DDThh:mm:ss` without a zone. */
  readonly sentAt: string;
}

/** The reply to a frame, to be encoded. A heartbeat of the profile is confirmed as the profile says; a frame with a wrong checksum is denied by its `head`. */
export function replyTo(frame: FrameHead & { readonly heartbeat?: true }, { with: kind, sentAt }: Reply, profile: Profile = standardProfile): FrameInput {
  const isHeartbeat = frame.heartbeat === true && kind === 'confirm';
  return {
    serial: frame.serial,
    versionMajor: frame.versionMajor,
    versionMinor: frame.versionMinor,
    sentAt,
    sourceDec: frame.destinationDec,
    destinationDec: frame.sourceDec,
    command: isHeartbeat ? profile.heartbeat.replyCommand : command[kind],
    appHex: isHeartbeat ? profile.heartbeat.replyAppHex : '',
  };
}
