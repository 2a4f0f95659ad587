// The parts of the ffmpeg engine that read what ffmpeg writes and says, and that tell it what to do.
import { describe, expect, it } from 'vitest';
import { initSegment } from '../src/fmp4/init-segment.ts';
import { describeInit } from '../src/fmp4/init-description.ts';
import type { TrackInfo } from '../src/fmp4/track-info.ts';
import { BoxSplitter } from '../src/ingest/ffmpeg/box-splitter.ts';
import { codecArguments, copyPlan, differs, learn } from '../src/ingest/ffmpeg/encode-plan.ts';
import { ffmpegFailure } from '../src/ingest/ffmpeg/ffmpeg-failure.ts';
import { ffmpegInput } from '../src/ingest/ffmpeg/ffmpeg-input.ts';
import { defaultIngestOptions, type IngestSource } from '../src/ingest/ingest-engine.ts';
import { problemText } from '../src/errors.ts';
import { engineText } from '../src/engine-text.ts';

const box = (type: string, payload: Buffer): Buffer => {
  const header = Buffer.alloc(8, type, 'latin1');
  header.writeUInt32BE(payload.length + 8, 0);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, payload]);
};

class Collected {
  readonly inits: Buffer[] = [];
  readonly fragments: Buffer[] = [];

  init(bytes: Buffer): void {
    this.inits.push(bytes);
  }

  fragment(moof: Buffer, mdat: readonly Buffer[], bytes: number): void {
    const whole = Buffer.concat([moof, ...mdat]);
    expect(whole).toHaveLength(bytes);
    this.fragments.push(whole);
  }
}

describe('BoxSplitter', () => {
  const wide = Buffer.alloc(16);
  wide.writeUInt32BE(1, 0);
  wide.write('mdat', 4, 'latin1');
  wide.writeBigUInt64BE(20n, 8);
  const init = Buffer.concat([box('ftyp', Buffer.from('iso5')), box('moov', Buffer.from('tracks'))]);
  const fragments = [
    Buffer.concat([box('moof', Buffer.from('one')), box('mdat', Buffer.alloc(5_000, 1))]),
    Buffer.concat([box('moof', Buffer.from('two')), box('mdat', Buffer.alloc(0))]),
    Buffer.concat([box('moof', Buffer.from('three')), wide, Buffer.from('four')]),
  ];
  const stream = Buffer.concat([init, box('sidx', Buffer.alloc(9)), ...fragments, box('mfra', Buffer.alloc(3))]);

  it.each([1, 2, 7, 15, 16, 17, 1_000, 100_000])('finds the same boxes in pieces of %i bytes', (size) => {
    const found = new Collected();
    const splitter = new BoxSplitter(found, 100_000);
    for (let at = 0; at < stream.length; at += size) splitter.push(stream.subarray(at, at + size));
    expect(found.inits).toEqual([init]);
    expect(found.fragments).toEqual(fragments);
  });

  it.each<[string, Buffer]>([
    ['a fragment that is too large', Buffer.concat([box('moof', Buffer.alloc(1)), Buffer.from([0x7f, 0xff, 0xff, 0xff]), Buffer.from('mdat')])],
    ['a header that is too large', Buffer.concat([Buffer.from([0x00, 0xff, 0xff, 0xff]), Buffer.from('moov')])],
    ['a size that is none', Buffer.from([0, 0, 0, 4, ...Buffer.from('moof')])],
    ['text', Buffer.from('<html>not a film</html>')],
  ])('refuses %s before it takes memory', (_name, bytes) => {
    expect(() => new BoxSplitter(new Collected(), 100_000).push(Buffer.concat([bytes, Buffer.alloc(16)]))).toThrow(expect.objectContaining({ code: 'PROTOCOL' }));
  });
});

describe('describeInit', () => {
  const sps = Buffer.from('6742c01eda02802dd80880', 'hex');
  const tracks: TrackInfo[] = [
    { kind: 'video', codec: 'h264', timescale: 90_000, width: 640, height: 360, sps: [sps], pps: [Buffer.from('68ce3c80', 'hex')] },
    { kind: 'audio', codec: 'aac', timescale: 16_000, channels: 1, config: Buffer.from('1408', 'hex') },
  ];
  const h265: TrackInfo = { kind: 'video', codec: 'h265', timescale: 90_000, width: 640, height: 360, vps: [Buffer.from('40010c', 'hex')], sps: [Buffer.from('420101', 'hex')], pps: [Buffer.from('4401c1', 'hex')] };

  it('reads back what an init segment says', () => {
    expect(describeInit(initSegment(tracks))).toEqual(tracks);
    expect(describeInit(initSegment([h265, { kind: 'audio', codec: 'opus', timescale: 48_000, channels: 2 }]))).toEqual([h265, { kind: 'audio', codec: 'opus', timescale: 48_000, channels: 2 }]);
    expect(describeInit(Buffer.from(initSegment(tracks).toString('latin1').replace('avc1', 'mp4v'), 'latin1'))).toEqual(['mp4v', tracks[1]]);
  });

  it('never throws, and never reads beyond, whatever single byte is wrong', () => {
    const whole = initSegment([h265, ...tracks.slice(1)]);
    for (let at = 0; at < whole.length; at += 1) {
      for (const value of [0, 0x7f, 0xff]) {
        const bytes = Buffer.from(whole);
        bytes[at] = value;
        expect(() => describeInit(bytes)).not.toThrow();
      }
      expect(() => describeInit(whole.subarray(0, at))).not.toThrow();
    }
  });
});

describe('what ffmpeg says', () => {
  const program = { version: '5.1.9', encoders: new Set(['libopenh264', 'aac']) };

  it('decides what is copied and what is encoded', () => {
    const said = ['Input #0, mpjpeg', '  Stream #0:0: Video: mjpeg (Baseline), yuvj420p', '  Stream #0:1[0x1](und): Audio: pcm_alaw, 8000 Hz', '  Stream #0:0: Video: h264 (libx264)'];
    const plan = said.reduce((before, line) => learn(before, line, true), copyPlan);
    expect(plan).toEqual({ video: 'encode', audio: 'encode', arrivalTimes: true, videoCodec: 'mjpeg', audioCodec: 'pcm_alaw' });
    expect(differs(plan, copyPlan)).toBe(true);
    expect(codecArguments(plan, program)).toEqual(expect.arrayContaining(['libopenh264', '-fps_mode', 'aac']));
    expect(codecArguments(plan, { ...program, version: '5.0.1' })).toContain('-vsync');
    expect(codecArguments(plan, { ...program, encoders: new Set() })).toBeUndefined();
  });

  it('keeps what a recording can hold', () => {
    const plan = ['Stream #0:0: Video: hevc (Main), yuv420p', 'Stream #0:1: Audio: opus, 48000 Hz'].reduce((before, line) => learn(before, line, true), copyPlan);
    expect(differs(plan, copyPlan)).toBe(false);
    expect(codecArguments(plan, program)).toEqual(['-c:v', 'copy', '-c:a', 'copy']);
    expect(codecArguments(learn(plan, '[mp4 @ 0x1] Malformed AAC bitstream detected: use the filter', false), program)).toContain('aac_adtstoasc');
  });

  it.each([
    ['[rtsp @ 0x5] method DESCRIBE failed: 401 Unauthorized', 'UNAUTHORIZED'],
    ['pipe:0: Server returned 404 Not Found', 'NOT_FOUND'],
    ['[tcp @ 0x5] Connection to tcp://10.0.0.5:554 failed: Connection refused', 'CONNECT'],
    ['pipe:0: Connection timed out', 'TIMEOUT'],
    ["Stream map '0:v:0' matches no streams.", 'UNSUPPORTED_CODEC'],
    ['[rtsp @ 0x5] method SETUP failed: 461 Unsupported Transport', 'REFUSED'],
    ['pipe:0: Invalid data found when processing input', 'PROTOCOL'],
    ['something new', 'CLOSED'],
  ])('%s means %s', (line, code) => {
    expect(ffmpegFailure([line], false)).toMatchObject({ code });
    expect(ffmpegFailure([line], true)).toMatchObject({ code: 'CLOSED' });
  });
});

describe('ffmpegInput', () => {
  const plan = (source: IngestSource) => ffmpegInput({ source, ingest: defaultIngestOptions, filesFolder: undefined, arrivalTimes: false });

  it('keeps credentials out of the arguments, and quotes what is in the address', async () => {
    const { inputOptions, script, redact } = await plan({ url: "rtsp://old:pass@10.0.0.5/it's?key=1", credentials: { username: 'admin', password: "a'b\\c@d" } });
    expect(inputOptions.join(' ')).not.toMatch(/10\.0\.0\.5|admin/);
    expect(script).toContain("file 'rtsp://admin:a%27b%5Cc%40d@10.0.0.5/it%27s?key=1'\n");
    expect(script).toContain('option rtsp_flags prefer_tcp\n');
    expect(redact("Impossible to open 'rtsp://admin:a%27b%5Cc%40d@10.0.0.5/it%27s?key=1'")).toBe("Impossible to open 'rtsp://10.0.0.5/it%27s***'");
  });

  it.each<[IngestSource, string]>([
    [{ url: 'rtsp://h/', transport: 'udp' }, 'option rtsp_transport udp\n'],
    [{ url: 'rtsp://h/', transport: 'multicast' }, 'option rtsp_transport udp_multicast\n'],
    [{ url: 'rtsp://h/', transport: 'http' }, 'option rtsp_transport http\n'],
    [{ url: 'https://h/v' }, 'option tls_verify 1\n'],
  ])('tells ffmpeg how to connect: %o', async (source, line) => {
    expect((await plan(source)).script).toContain(line);
  });

  it.each(['', 'not an address', 'rtsps://h/', 'ftp://h/', 'concat:a|b', 'subfile:///etc/passwd', 'rtsp://h/a\nfile /etc/passwd'])('refuses %j', async (url) => {
    await expect(plan({ url })).rejects.toMatchObject({ code: 'UNSUPPORTED_ADDRESS' });
  });
});

describe('texts', () => {
  it('says in both languages who receives, why, and how to install what is missing', () => {
    expect(engineText({ id: 'ffmpeg', reason: 'codec' })).toEqual({ en: 'Received through ffmpeg, since it sends a codec that is not received natively', zh: '通过 ffmpeg 接入（图像编码不能由内置引擎接收）' });
    const text = problemText('FFMPEG_MISSING', 'ffmpeg was not found', 'brew install ffmpeg');
    expect(text.en).toBe('Ffmpeg was not found; install ffmpeg 5.0 or newer, or set FFMPEG_PATH: brew install ffmpeg');
    expect(text.zh).toMatch(/请安装.*：brew install ffmpeg$/);
  });
});
