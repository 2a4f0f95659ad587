// Footage that its camera signed (ONVIF Media Signing): published test files, sent by a simulated camera, recorded, exported.
import { execFile } from 'node:child_process';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { createSimulatedCampus } from '@wanglou/simulator';
import { describe, expect, it } from 'vitest';
import { makeFilm } from '../src/export/film.ts';
import { stretchesOf } from '../src/export/stretches.ts';
import { signingId } from '../src/segment/camera-signature.ts';
import { readWhole } from '../src/media/read-range.ts';
import { segmentFlags } from '../src/segment/segment-record.ts';
import { startRecorder, until } from './support/running-recorder.ts';

const run = promisify(execFile);
const vectors = new URL('../../../../shared/vectors/onvif-media-signing/examples/test-files/', import.meta.url).pathname;
const isThere = await Promise.all([access(vectors), run('ffmpeg', ['-version'])]).then(() => true, () => false);

/** The NAL units of a film, as it holds them. */
async function unitsOf(file: string, codec: string): Promise<Buffer[]> {
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-i', file, '-map', '0:v', '-c', 'copy', '-bsf:v', `${codec}_mp4toannexb`, '-f', codec, '-'], { encoding: 'buffer', maxBuffer: 1e9 });
  const units: Buffer[] = [];
  const code = Buffer.from([0, 0, 1]);
  for (let at = stdout.indexOf(code); at >= 0; ) {
    const next = stdout.indexOf(code, at + 3);
    let end = next < 0 ? stdout.length : next;
    while (stdout[end - 1] === 0) end -= 1;
    units.push(stdout.subarray(at + 3, end));
    at = next;
  }
  return units;
}

const signed = (units: readonly Buffer[]): string[] => units.filter((unit) => unit.includes(signingId)).map((unit) => unit.toString('hex'));

describe.skipIf(!isThere)('footage that its camera signed (left out without ffmpeg and the public test vectors)', { timeout: 60_000 }, () => {
  it.each(['h264', 'h265'] as const)('%s: every signature is recorded and exported byte for byte, in its place, and the file says so', async (name) => {
    const codec = name === 'h265' ? 'hevc' : name;
    const folder = await mkdtemp(path.join(tmpdir(), 'wanglou-signed-'));
    try {
      const loop = path.join(folder, 'loop.mp4');
      await run('ffmpeg', ['-v', 'error', '-i', path.join(vectors, `test_signed_${name}.mp4`), '-map', '0:v', '-c', 'copy', ...(name === 'h265' ? ['-tag:v', 'hvc1'] : []), '-movflags', '+frag_keyframe+empty_moov+default_base_moof', loop]);
      const original = signed(await unitsOf(loop, codec));
      expect(original.length).toBeGreaterThan(2);
      await using campus = await createSimulatedCampus({ devices: [{ loopFile: loop }], discoveryPort: false });
      await using running = await startRecorder({ segmentMs: 3_000 }, folder);
      const [device] = campus.devices;
      running.recorder.add({ id: 'camera', url: device!.rtspUrl, credentials: { username: 'admin', password: 'wanglou-sim' } });
      await until(() => running.sealed.length >= 2, 'two files', 40_000);
      await running.recorder.close();
      expect(running.sealed.every(({ flags }) => (flags & segmentFlags.cameraSigned) !== 0)).toBe(true);
      const files = await running.recorder.files('camera', 0, Number.MAX_SAFE_INTEGER);
      const [stretch] = stretchesOf('camera', files, 0, Number.MAX_SAFE_INTEGER);
      const never = new AbortController().signal;
      const init = await readWhole({ root: running.root, path: stretch!.first.path, offset: 0, length: stretch!.first.initBytes }, never);
      const film = await makeFilm({ init, fragments: stretch!.fragments, stamp: { unit: '', exportedMs: 0, operator: '', source: '', line: '' } }, never);
      const exported = path.join(folder, 'film.mp4');
      await writeFile(exported, await buffer(film.body(never)));
      // The camera was joined somewhere in its loop: what was recorded is a stretch of it.
      const twice = [...original, ...original, ...original].join(' ');
      const kept = signed(await unitsOf(exported, codec));
      expect(kept.length).toBeGreaterThan(1);
      expect(twice).toContain(kept.join(' '));
      const units = await unitsOf(path.join(vectors, `test_signed_${name}.mp4`), codec);
      const recorded = new Set(units.map((unit) => unit.toString('hex')));
      for (const unit of await unitsOf(exported, codec)) expect(recorded.has(unit.toString('hex'))).toBe(true);
      expect((await readFile(path.join(running.root, files[0]!.path))).includes(signingId)).toBe(true);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('footage of other cameras is not called signed', async () => {
    await using campus = await createSimulatedCampus({ devices: 1, discoveryPort: false });
    await using running = await startRecorder({ segmentMs: 2_000 });
    running.recorder.add({ id: 'camera', url: campus.devices[0]!.rtspUrl, credentials: { username: 'admin', password: 'wanglou-sim' } });
    await until(() => running.sealed.length >= 1, 'a file', 20_000);
    expect(running.sealed[0]?.flags).toBe(0);
  });
});
