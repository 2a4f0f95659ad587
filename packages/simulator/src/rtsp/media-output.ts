// Sends what a media sender hands out, framed for interleaving, the way each track was set up; packets may be lost on the way.
import type { RtspContext } from './rtsp-context.ts';
import type { RtspSession } from './rtsp-session.ts';

/** Bytes before an interleaved packet: `$`, channel, length. */
const frameBytes = 4;

/** What of `bytes` goes over the RTSP connection; the rest has gone out as datagrams, or is lost. */
export function sendMedia(bytes: Buffer, session: RtspSession, context: RtspContext): Buffer {
  const loss = context.packetLoss();
  if (loss === 0 && session.datagrams.size === 0) return bytes;
  const kept: Buffer[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const end = offset + frameBytes + bytes.readUInt16BE(offset + 2);
    const channel = bytes.readUInt8(offset + 1);
    const target = session.datagrams.get(channel >> 1);
    if (Math.random() < loss) context.counters.packetsLost += 1;
    else if (target === undefined) kept.push(bytes.subarray(offset, end));
    else if (channel % 2 === 0) context.datagrams?.media(bytes.subarray(offset + frameBytes, end), target);
    else context.datagrams?.control(bytes.subarray(offset + frameBytes, end), target);
    offset = end;
  }
  return Buffer.concat(kept);
}
