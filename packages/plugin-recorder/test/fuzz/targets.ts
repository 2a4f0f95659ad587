// Everything in the recorder that reads bytes from a camera, from a damaged disk or from other storage.
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { parseArchiveRecord } from '../../src/archive/archive-record.ts';
import { boxes } from '../../src/fmp4/box-reader.ts';
import { fragmentTracks, initTracks } from '../../src/fmp4/fragment-info.ts';
import { codecsOfInit } from '../../src/fmp4/init-codecs.ts';
import { scanFile } from '../../src/fmp4/scan-file.ts';
import { IngestError } from '../../src/ingest/ingest-error.ts';
import { chooseMedia } from '../../src/ingest/native/choose-media.ts';
import { ReceptionReport } from '../../src/ingest/native/rtp/reception-report.ts';
import { ReorderWindow } from '../../src/ingest/native/rtp/reorder-window.ts';
import { parseSenderReport } from '../../src/ingest/native/rtp/sender-report.ts';
import { InterleavedReader } from '../../src/ingest/native/rtsp/interleaved-reader.ts';
import { redirected } from '../../src/ingest/native/rtsp/rtsp-address.ts';
import { Authorizer, parseChallenges } from '../../src/ingest/native/rtsp/rtsp-authentication.ts';
import { controlUrl, parseSdp } from '../../src/ingest/native/sdp.ts';
import { FragmentRebaser } from '../../src/media/rebase-fragment.ts';
import { IngestPipeline, sections } from '../support/ingest-pipeline.ts';
import { MemorySink } from '../support/memory-sink.ts';
import { audioUnit, picture } from '../support/picture-stream.ts';
import { RtpPacker, senderReport } from '../support/rtp-packer.ts';
import type { FuzzTarget } from './fuzz.ts';

/** What the parsers of the network may throw; anything else is a finding. */
function refusal(error: unknown): string {
  if (error instanceof IngestError) return `${error.code} ${error.message.replaceAll(/\d+/g, '#').slice(0, 40)}`;
  throw error;
}

const digest = 'Digest realm="camera", nonce="abc", algorithm=SHA-256, qop="auth", random="7", Basic realm="x"';
const rtspTarget: FuzzTarget = {
  name: 'rtsp',
  corpus: [
    Buffer.from(`RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\nWWW-Authenticate: ${digest}\r\n\r\nRTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 5\r\n\r\nhello`),
    Buffer.concat([Buffer.from('RTSP/1.0 200 OK\nCSeq: 3\n\n'), Buffer.from([0x24, 0, 0, 3, 1, 2, 3]), Buffer.from('REDIRECT * RTSP/1.0\r\nCSeq: 4\r\nLocation: rtsp://10.0.0.6/x\r\n\r\n'), Buffer.from([0x24, 1, 0, 0])]),
    Buffer.from('RTSP/1.0 302 Moved\r\nCSeq: 5\r\nLocation: rtsps://u:p@[::1]:322/a?b#c\r\n\r\n'),
  ],
  words: ['\r\n\r\n', '\n\n', 'RTSP/1.0 ', 'Content-Length: ', 'CSeq: ', 'Location: ', 'WWW-Authenticate: ', 'nonce=', '"', '\\', ',', '$', 'rtsps://', 'Digest ', 'Basic '],
  run(input) {
    const did: string[] = [];
    try {
      const reader = new InterleavedReader({
        packet: (_channel, buffer, start, end) => {
          if (start > end || end > buffer.length) throw new Error('a packet outside its buffer');
          did.push('p');
        },
        message: (message) => {
          did.push(message.kind === 'response' ? String(message.status >> 4) : message.method.slice(0, 4));
          const authorizer = new Authorizer('u', 'p', () => '0');
          if (authorizer.challenged(parseChallenges(message.headers.get('www-authenticate') ?? [])) === 'answer') did.push((authorizer.authorization('PLAY', 'rtsp://x') ?? '').slice(0, 6));
          authorizer.informed(message.headers.get('authentication-info')?.[0]);
          const location = message.headers.get('location')?.[0];
          if (location !== undefined) did.push(redirected({ url: 'rtsp://10.0.0.5/', credentials: { username: 'u', password: 'p' } }, location).credentials === undefined ? 'away' : 'same');
        },
      });
      // Cut where the input itself says, so that every boundary comes.
      const cut = Math.max(1, input[0] ?? 1);
      for (let at = 0; at < input.length; at += cut) {
        const chunk = input.subarray(at, at + cut);
        reader.push(chunk, chunk.length);
      }
    } catch (error) {
      did.push(refusal(error));
    }
    return did.slice(0, 6).join(' ');
  },
};

const sdps = [
  'v=0\r\na=control:*\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000 \r\na=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z01AHtkAoC/5cBEAAAMAAQAAAwAyDxYuSA==,aOvDyyA=\r\na=control:trackID=0\r\nm=audio 0 RTP/AVP 97\r\na=rtpmap:97 MPEG4-GENERIC/48000/2\r\na=fmtp:97 mode=AAC-hbr; sizelength=13; indexlength=3; config=1190\r\n',
  'm=video 0 RTP/AVP 98\na=rtpmap:98 H265/90000\na=fmtp:98 sprop-vps=QAEMAf//AWAAAAMAkAAAAwAAAwA/lZgJ;sprop-sps=QgEBAWAAAAMAkAAAAwAAAwB4oAPAgBDllmlJTK8BaAgAAfSAADqYBA==;sprop-pps=RAHBcrRiQA==;sprop-max-don-diff=2\nm=audio 0 RTP/AVP 8\nm=audio 0 RTP/AVP 99\na=rtpmap:99 opus/48000/2\na=sendonly\n',
];
const sdpTarget: FuzzTarget = {
  name: 'sdp',
  corpus: sdps.map((sdp) => Buffer.from(sdp)),
  words: ['\r\nm=video 0 RTP/AVP 96', '\na=rtpmap:', '\na=fmtp:', 'H265/90000', 'L16/44100/2', 'a=control:', ';', '=', '/', 'sprop-sps=', 'config=', 'rtsp://', 'AAAAAWdN'],
  run(input) {
    const sdp = parseSdp(input.toString('utf8'));
    for (const media of sdp.media) controlUrl('rtsp://10.0.0.5/', media.control);
    try {
      const { codec, sets, audio, video, warnings } = chooseMedia(sdp);
      const track = codec.describe(sets)?.track;
      codec.depacketizer({ timestamp: () => {}, begin: () => {}, append: () => {}, end: () => {}, damaged: () => {}, unitEnd: () => {} }, video);
      return [sdp.media.length, codec.name, track?.width, track?.height, audio?.format.track.codec, audio?.format.track.timescale, warnings.length].join(' ');
    } catch (error) {
      return refusal(error);
    }
  },
};

/** Packets with two bytes of length each, as one input. */
function joined(packets: readonly Buffer[]): Buffer {
  return Buffer.concat(packets.map((packet) => packet.subarray(2)));
}

function* split(input: Buffer): Generator<Buffer> {
  for (let at = 0; at + 2 <= input.length; ) {
    // No packet is larger than a datagram may be; a small bound lets one damaged length not swallow the rest.
    const length = input.readUInt16BE(at) % 2_048;
    yield input.subarray(at + 2, at + 2 + length);
    at += 2 + length;
  }
}

/** Remembers nothing but what a behaviour is made of. */
class CountingSink extends MemorySink {
  frames = 0;

  override async fragment(...[fragment]: Parameters<MemorySink['fragment']>): Promise<void> {
    this.frames += fragment.frames;
    if (fragment.chunks.reduce((sum, chunk) => sum + chunk.length, 0) !== fragment.bytes) throw new Error('a fragment has another size than it says');
    if (fragment.endMs < fragment.startMs) throw new Error('a fragment ends before it starts');
  }
}

function rtpTarget(name: string, sdp: string, video: readonly Buffer[], sound: readonly Buffer[]): FuzzTarget {
  return {
    name,
    corpus: [joined(video), joined([...video.slice(0, 5), ...sound]), joined(sound)],
    words: ['\x00\x0c', '\x80\x60', '\x80\xe0', '\x7c\x85', '\x7c\x05', '\x7c\x45', '\x78', '\x67', '\x68', '\x62\x01\x93', '\x60\x01', '\x42\x01', '\x00\x10', '\x9b'],
    run(input) {
      const memory = (input[0] ?? 0) % 2 === 0 ? { unitBytes: 4_096, waitingBytes: 16_384 } : { unitBytes: 1_048_576, waitingBytes: 4_194_304 };
      const sink = new CountingSink();
      const pipeline = new IngestPipeline(sdp, { memory }, sink);
      const window = new ReorderWindow((packet) => void pipeline.video.packet(packet, 0, packet.length));
      const report = new ReceptionReport(1, 90_000);
      let failed = '';
      try {
        for (const packet of split(input)) {
          pipeline.nowMs += 5;
          report.packet(packet, pipeline.nowMs);
          if (((packet[1] ?? 0) & 0x7f) === 96) window.push(packet);
          else pipeline.audio?.packet(packet, 0, packet.length);
          parseSenderReport(packet, 0, packet.length);
        }
        window.settle();
        window.settle();
        report.encode(pipeline.nowMs);
      } catch (error) {
        failed = refusal(error);
      }
      pipeline.writer.finish();
      if (pipeline.writer.heldBytes !== 0) throw new Error('bytes are left after the end');
      const { video: receiver, audio } = pipeline;
      const order = (count: number | undefined): number => Math.floor(Math.log2((count ?? 0) + 1));
      return [sink.runs.length, sink.frames, sink.fragments.length, sink.interruptions.length, sink.holes.length, order(receiver.lost), order(receiver.malformed), order(audio?.packets), order(pipeline.writer.bytes), failed].join(' ');
    },
  };
}

function h264Packets(): Buffer[] {
  const packer = new RtpPacker(0, 96);
  return Array.from({ length: 8 }, (_, index) => packer.picture(picture(index, { group: 4, sliceBytes: 60, seiBytes: 30 }).nals, index * 3600, 120)).flat();
}

function h265Packets(): Buffer[] {
  const packer = new RtpPacker(0, 96, 1, 65_530, 'h265');
  const nal = (type: number, text: string): Buffer => Buffer.concat([Buffer.from([type << 1, 1]), Buffer.from(text, 'hex')]);
  const sets = ['40010c01ffff01600000030090000003000003003f959809', '420101016000000300900000030000030078a003c08010e596566924caf01680800001f480003a9804', '4401c172b46240'].map((text) => Buffer.from(text, 'hex'));
  return Array.from({ length: 8 }, (_, index) => {
    const key = index % 4 === 0;
    const slice = nal(key ? 21 : index % 4 === 1 ? 8 : 1, `af${'5a'.repeat(key ? 300 : 60)}`);
    return packer.picture([nal(35, '50'), ...(key ? sets : []), nal(39, '0511aabb80'), slice, nal(40, '0511cc80')], index * 3600, 120);
  }).flat();
}

function soundPackets(payload: (index: number) => Buffer, type: number, ticks: number): Buffer[] {
  const packer = new RtpPacker(2, type, 0x2222);
  return Array.from({ length: 8 }, (_, index) => packer.packet(payload(index), index * ticks, true));
}

const aacSound = (): Buffer[] => {
  const packer = new RtpPacker(2, 97, 0x2222);
  return [...Array.from({ length: 4 }, (_, index) => packer.audio([audioUnit(index), audioUnit(index + 1)], index * 2048)), senderReport(1, 0x1234_5678, 1_700_000_000_000, 5)];
};
const aacSection = 'm=audio 0 RTP/AVP 97\r\na=rtpmap:97 MPEG4-GENERIC/48000/1\r\na=fmtp:97 mode=AAC-hbr;sizelength=13;indexlength=3;config=1188\r\n';

/** ftyp, moov, fragments: what is on the disk. */
function recordedFile(sdp: string, packets: readonly Buffer[]): Buffer {
  const pipeline = new IngestPipeline(sdp);
  for (const packet of packets) {
    pipeline.nowMs += 20;
    pipeline.video.packet(packet, 4, packet.length);
  }
  pipeline.writer.finish();
  return pipeline.film;
}

const mp4Target: FuzzTarget = {
  name: 'mp4',
  corpus: [recordedFile(sections.h264, h264Packets()), recordedFile(sections.h265 + aacSection, h265Packets())],
  words: ['moof', 'mdat', 'moov', 'traf', 'trun', 'tfdt', 'tfhd', 'trak', 'mvex', 'trex', 'hvcC', 'esds', 'stsd', '\x00\x00\x00\x01', '\x00\x00\x00\x08', '\xff\xff\xff\xff'],
  async run(input) {
    const tracks = initTracks(input);
    const codecs = codecsOfInit(input);
    let fragments = 0;
    const rebaser = new FragmentRebaser(input);
    for (const box of boxes(input)) {
      if (box.type !== 'moof') continue;
      fragments += fragmentTracks(input, box, tracks)?.length ?? 0;
      rebaser.rebase(Buffer.from(input.subarray(box.start)), `run ${fragments % 2}`);
    }
    const scanned = await scanFile(memoryFile(input));
    if (scanned.validBytes + scanned.tornBytes !== input.length) throw new Error('the scan lost bytes');
    return [tracks.length, fragments, scanned.fragments.length, scanned.timescale, codecs.length, Math.floor(Math.log2(scanned.tornBytes + 1))].join(' ');
  },
};

/** As much of an open file as the scan uses. */
function memoryFile(content: Buffer): FileHandle {
  const file: Pick<FileHandle, 'stat'> & { read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ bytesRead: number; buffer: Buffer }> } = {
    stat: (async () => ({ size: content.length })) as unknown as FileHandle['stat'],
    read: async (buffer, offset, length, position) => ({ bytesRead: content.copy(buffer, offset, position, position + length), buffer }),
  };
  return file as unknown as FileHandle;
}

const archiveRecord = {
  format: 'wanglou.archive/1', archive: 'a', campus: { zh: '校区', en: 'Campus' }, title: '事故', record: '经过', caseNumber: '2026-1', cameras: [{ id: 'gate', zh: '门', en: 'Gate' }], fromMs: 1, toMs: 9, orderedBy: 'head', orderedMs: 10,
  files: [{ name: 'gate/1970-01-01/00/1-r.mp4', camera: 'gate', fromMs: 1, toMs: 5, bytes: 7, sha256: 'ab'.repeat(32) }], missing: [{ camera: 'gate', fromMs: 5, toMs: 9, cause: 'damaged' }],
};

const archiveRecordTarget: FuzzTarget = {
  name: 'archive-record',
  corpus: [Buffer.from(JSON.stringify(archiveRecord)), Buffer.from(JSON.stringify({ ...archiveRecord, files: [], missing: [] }))],
  words: ['..', '/', '../../etc/passwd', '\\\\', '"name":', 'null', '[]', '{}', '1e400', '-1', '"__proto__":', '~2f', '\xff', '.mp4'],
  run(input) {
    const record = parseArchiveRecord(input);
    for (const { name } of record?.files ?? []) if (!path.resolve('/recordings', name).startsWith('/recordings/') || !name.endsWith('.mp4')) throw new Error(`${name} leaves its folder`);
    // A refusal gives no reason: how far it got shows in how much of the input was left whole.
    return record === undefined ? `refused ${Math.floor(input.length / 16)}` : JSON.stringify([record.files.length, record.missing.length, Object.keys(record), record.title.length, record.toMs]);
  },
};

/** All of them. */
export const fuzzTargets: readonly FuzzTarget[] = [
  rtspTarget,
  sdpTarget,
  rtpTarget('rtp-h264-aac', sections.h264 + aacSection, h264Packets(), aacSound()),
  rtpTarget('rtp-h265-opus', `${sections.h265}m=audio 0 RTP/AVP 97\r\na=rtpmap:97 opus/48000/2\r\n`, h265Packets(), soundPackets((index) => Buffer.from([[0x78, 0x9b, 0x01, 0xfc][index % 4] ?? 0, index, 1, 2, 3]), 97, 960)),
  rtpTarget('rtp-h265-numbered-pcm', `${sections.h265}a=fmtp:96 sprop-max-don-diff=4\r\nm=audio 0 RTP/AVP 0\r\n`, h265Packets(), soundPackets((index) => Buffer.alloc(40 + index, index * 17), 0, 40)),
  mp4Target,
  archiveRecordTarget,
];
