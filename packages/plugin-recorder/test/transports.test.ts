// The native engine over UDP and TLS, with the codecs and the disturbances of the simulated campus.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createSimulatedCampus, type CreateSimulatedCampusOptions, type DeviceSpec, type SimulatedCampus } from '@wanglou/simulator';
import { afterEach, describe, expect, it } from 'vitest';
import { defaultIngestOptions, type IngestOptions, type IngestSession, type IngestSource } from '../src/ingest/ingest-engine.ts';
import { nativeEngine } from '../src/ingest/native/native-engine.ts';
import { UdpPorts } from '../src/ingest/native/rtp/udp-ports.ts';
import { MemorySink, readSamples } from './support/memory-sink.ts';

const credentials = { username: 'admin', password: 'wanglou-sim' };
const quick: IngestOptions = { ...defaultIngestOptions, connectMs: 2_000, requestMs: 2_000, silenceMs: 2_000, backoff: { minMs: 20, maxMs: 100, unauthorizedMinMs: 200 } };

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function campusWith(device: DeviceSpec, options: CreateSimulatedCampusOptions = {}): Promise<SimulatedCampus> {
  const campus = await createSimulatedCampus({ devices: [{ id: 'gate', loop: 'library', ...device }], discoveryPort: false, ...options });
  open.push(() => campus.close());
  return campus;
}

function receive(campus: SimulatedCampus, source: Partial<IngestSource> = {}): { sink: MemorySink; session: IngestSession } {
  const sink = new MemorySink();
  const session = nativeEngine({ tickMs: 10 }).open({ url: campus.devices[0]?.rtspUrl ?? '', credentials, ...source }, sink, quick);
  open.push(() => session.stop());
  return { sink, session };
}

const frames = (sink: MemorySink): number => sink.fragments.reduce((sum, fragment) => sum + fragment.frames, 0);
const samplesOf = (sink: MemorySink, track: number) => readSamples(Buffer.concat(sink.fragments.map((fragment) => fragment.bytes)), track);
const errorOf = async (sink: MemorySink) => {
  const find = () => sink.statuses.find((status) => status.state === 'error');
  await sink.until(() => find() !== undefined);
  return find();
};

describe('over UDP', { timeout: 30_000 }, () => {
  it.each<[string, DeviceSpec, string]>([
    ['H.264 with AAC', { loop: 'east-gate' }, 'avc1.4d401f,mp4a.40.2'],
    ['H.264 with A-law', { sound: 'pcma' }, 'avc1.4d401f,flac'],
    ['H.265 with Opus', { loop: 'laboratory' }, 'hvc1.1.6.L63.90,opus'],
  ])('receives every picture and sound of %s', async (_name, device, codecs) => {
    const { sink, session } = receive(await campusWith(device), { transport: 'udp' });
    await sink.until(() => frames(sink) >= 50);
    expect(sink.runs.map((run) => run.codecs)).toEqual([codecs]);
    expect(sink.holes).toEqual([]);
    expect(session.stats()).toMatchObject({ lostPackets: 0, malformedPackets: 0, connects: 1 });
    const [video, sound] = [samplesOf(sink, 1), samplesOf(sink, 2)];
    expect(new Set(video.slice(0, -1).map((sample) => sample.durationTicks))).toEqual(new Set([3_600]));
    expect(new Set(sound.slice(0, -1).map((sample) => sample.durationTicks)).size).toBe(1);
  });

  it('is chosen when the camera refuses interleaved pictures, and remembered', async () => {
    const campus = await campusWith({ transports: ['udp'] });
    const { sink } = receive(campus);
    await sink.until(() => frames(sink) >= 20);
    const requests = campus.stats().total.requests;
    campus.setFault('gate', 'offline');
    await errorOf(sink);
    campus.setFault('gate', undefined);
    await sink.until(() => sink.runs.length >= 2 && frames(sink) >= 40);
    // The first connection asked for TCP first.
    expect(campus.stats().total.requests - requests).toBeLessThan(requests);
  });

  it('says which way is refused when it may not choose', async () => {
    expect(await errorOf(receive(await campusWith({ transports: ['udp'] }), { transport: 'tcp' }).sink)).toMatchObject({ code: 'REFUSED', message: expect.stringContaining('allow UDP') });
    expect(await errorOf(receive(await campusWith({ transports: ['tcp'] }), { transport: 'udp' }).sink)).toMatchObject({ code: 'REFUSED', message: expect.stringContaining('use transport tcp') });
  });

  it('reports lost packets, and keeps the pictures that are whole', async () => {
    const campus = await campusWith({});
    const { sink, session } = receive(campus, { transport: 'udp' });
    await sink.until(() => frames(sink) >= 10);
    campus.disturb('gate', { kind: 'packet-loss', share: 0.2 });
    await sink.until(() => sink.holes.length > 0 && frames(sink) >= 40);
    expect(sink.holes[0]).toMatchObject({ cause: 'network', detail: expect.stringMatching(/^\d+ RTP packets lost$/) });
    expect(session.stats().lostPackets).toBeGreaterThan(0);
  });

  it('does not look at packets from elsewhere', async () => {
    const seen: string[] = [];
    const handler = { rtp: (packet: Buffer) => void seen.push(packet.toString()), rtcp: (packet: Buffer) => void seen.push(packet.toString()) };
    const ports = await UdpPorts.open('127.0.0.1', '127.0.0.1', handler);
    open.push(async () => ports.close());
    expect(ports.port % 2).toBe(0);
    // All of 127.0.0.0/8 is this machine.
    const [stranger, camera] = await Promise.all(['127.0.0.2', '127.0.0.1'].map(async (address) => {
      const socket = createSocket('udp4');
      open.push(async () => void socket.close());
      socket.bind(0, address);
      await once(socket, 'listening');
      return socket;
    }));
    for (const port of [ports.port, ports.port + 1]) {
      await new Promise<unknown>((resolve) => stranger?.send('stranger', port, '127.0.0.1', resolve));
      await new Promise<unknown>((resolve) => camera?.send(`camera ${port - ports.port}`, port, '127.0.0.1', resolve));
    }
    while (seen.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(seen.toSorted()).toEqual(['camera 0', 'camera 1']);
  });

  it('notices a cut network', async () => {
    const campus = await campusWith({});
    const { sink } = receive(campus, { transport: 'udp' });
    await sink.until(() => frames(sink) >= 10);
    campus.setFault('gate', 'cut');
    expect(await errorOf(sink)).toMatchObject({ code: 'TIMEOUT' });
    campus.setFault('gate', undefined);
    await sink.until(() => sink.runs.length >= 2);
  });
});

describe('over TLS', { timeout: 30_000 }, () => {
  it('receives from a camera whose certificate is pinned', async () => {
    const campus = await campusWith({ loop: 'east-gate' }, { tls: true });
    const { sink } = receive(campus, { tls: { fingerprint: campus.certificateFingerprint?.replaceAll(':', '').toLowerCase() ?? '' } });
    await sink.until(() => frames(sink) >= 50);
    expect(sink.statuses.map((status) => status.state)).toEqual(['connecting', 'recording']);
    expect(new Set(samplesOf(sink, 1).slice(0, -1).map((sample) => sample.durationTicks))).toEqual(new Set([3_600]));
  });

  it('refuses another certificate, and names the one it was shown', async () => {
    const campus = await campusWith({}, { tls: true });
    const fingerprint = campus.certificateFingerprint ?? '';
    expect(await errorOf(receive(campus).sink)).toMatchObject({ code: 'CERTIFICATE', message: expect.stringContaining(fingerprint) });
    expect(await errorOf(receive(campus, { tls: { fingerprint: 'AB'.repeat(32) } }).sink)).toMatchObject({ code: 'CERTIFICATE', message: expect.stringContaining(fingerprint) });
    expect(campus.stats().total.requests).toBe(0);
  });

  it('does not let pictures travel in the open beside it', async () => {
    const campus = await campusWith({ transports: ['udp'] }, { tls: true });
    const tls = { fingerprint: campus.certificateFingerprint ?? '' };
    expect(await errorOf(receive(campus, { tls, transport: 'udp' }).sink)).toMatchObject({ code: 'UNSUPPORTED_ADDRESS' });
    expect(await errorOf(receive(campus, { tls }).sink)).toMatchObject({ code: 'REFUSED' });
  });

  it('survives a server without TLS', async () => {
    const campus = await campusWith({});
    expect(await errorOf(receive(campus, { url: campus.devices[0]?.rtspUrl.replace('rtsp:', 'rtsps:') ?? '' }).sink)).toMatchObject({ state: 'error' });
  });
});

describe('disturbed', { timeout: 30_000 }, () => {
  it.each(['tcp', 'udp'] as const)('goes on over %s after the source changed, with a new run', async (transport) => {
    const campus = await campusWith({});
    const { sink } = receive(campus, { transport });
    await sink.until(() => frames(sink) >= 20);
    campus.disturb('gate', { kind: 'new-source' });
    await sink.until(() => sink.runs.length >= 2 && frames(sink) >= 60);
    expect(sink.interruptions).toEqual([]);
    expect(sink.holes.length).toBeGreaterThan(0);
  });

  it.each([-100, 100, 30_000])('goes on after its timestamps jumped by %i s', async (bySeconds) => {
    const campus = await campusWith({});
    const { sink } = receive(campus);
    await sink.until(() => frames(sink) >= 20);
    campus.disturb('gate', { kind: 'timestamp-jump', bySeconds });
    await sink.until(() => sink.runs.length >= 2 && frames(sink) >= 60);
    expect([sink.interruptions, sink.holes]).toEqual([[], []]);
    for (const run of sink.runs) {
      const samples = readSamples(Buffer.concat(sink.fragments.filter((fragment) => fragment.run === run.run).map((fragment) => fragment.bytes)), 1);
      expect(new Set(samples.slice(0, -1).map((sample) => sample.durationTicks))).toEqual(new Set([3_600]));
    }
  });

  it('begins a new run with changed parameters, and loses no picture', async () => {
    const campus = await campusWith({});
    const { sink } = receive(campus);
    await sink.until(() => frames(sink) >= 20);
    campus.disturb('gate', { kind: 'new-parameters' });
    await sink.until(() => sink.runs.length >= 2 && frames(sink) >= 60);
    expect(sink.runs.map((run) => run.codecs)).toEqual(['avc1.4d401f', 'avc1.4d401e']);
    expect([sink.interruptions, sink.holes]).toEqual([[], []]);
    const [first, second] = sink.runs.map((run) => sink.fragments.filter((fragment) => fragment.run === run.run));
    expect(Math.abs((second?.[0]?.startMs ?? 0) - (first?.at(-1)?.endMs ?? 0))).toBeLessThan(200);
  });

  it('keeps sound in step when the clock of sender reports is set', async () => {
    const campus = await campusWith({ loop: 'east-gate' }, { senderReportIntervalMs: 100 });
    const { sink } = receive(campus);
    await sink.until(() => frames(sink) >= 20);
    campus.disturb('gate', { kind: 'clock-jump', byMs: -86_400_000 });
    await sink.until(() => frames(sink) >= 100 && (sink.fragments.at(-1)?.cameraOffsetMs ?? 0) < -80_000_000);
    expect([sink.runs.length, sink.interruptions, sink.holes]).toEqual([1, [], []]);
    const sound = samplesOf(sink, 2);
    expect(new Set(sound.slice(0, -1).map((sample) => sample.durationTicks))).toEqual(new Set([1024]));
  });

  it('comes back after a reboot', async () => {
    const campus = await campusWith({});
    const { sink } = receive(campus);
    await sink.until(() => frames(sink) >= 20);
    campus.disturb('gate', { kind: 'reboot', downMs: 200, clockShiftMs: -1_000_000 });
    await sink.until(() => sink.runs.length >= 2 && frames(sink) >= 40);
    expect(sink.interruptions[0]).toMatchObject({ cause: 'network' });
  });
});
