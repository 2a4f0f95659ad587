import { createSocket } from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import { createSimulatedCampus } from '@wanglou/simulator';
import { discoverDevices } from '../src/index.ts';
import type { DeviceScan, FoundDevice } from '../src/index.ts';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function start(devices: number) {
  const campus = await createSimulatedCampus({ devices });
  open.push(() => campus.close());
  return { campus, port: campus.discoveryPort ?? 0 };
}

async function collect(scan: DeviceScan): Promise<FoundDevice[]> {
  const found: FoundDevice[] = [];
  for await (const device of scan) found.push(device);
  return found;
}

const loopback = (port: number) => ({ interfaces: ['127.0.0.1'], multicast: false, unicast: [{ host: '127.0.0.1', port }] });

describe('discoverDevices', () => {
  it('finds every simulated device once, with its name, by unicast', async () => {
    const { campus, port } = await start(9);
    const scan = discoverDevices({ ...loopback(port), timeoutMs: 1200 });
    const found = await collect(scan);
    expect(new Set(found.map((device) => device.addresses[0]?.href))).toEqual(new Set(campus.devices.map((device) => device.onvifAddress)));
    expect(found).toHaveLength(9);
    expect(found.find((device) => device.name === 'Library')).toMatchObject({ location: '图书馆', hardware: 'Simulated camera', types: ['NetworkVideoTransmitter', 'Device'], from: '127.0.0.1' });
    // Three Probes were answered by nine devices each.
    expect(scan.counters).toMatchObject({ datagrams: 27, badDatagrams: 0, foreignDatagrams: 0, failedInterfaces: 0 });
  });

  it('finds them by multicast on the interfaces that it is given', async () => {
    const { campus, port } = await start(3);
    const found = await collect(discoverDevices({ interfaces: ['127.0.0.1'], multicastPort: port, timeoutMs: 500 }));
    expect(found).toHaveLength(campus.discoveryMulticast ? 3 : 0);
  });

  it('counts bad datagrams and goes on; devices of one datagram are all taken', async () => {
    const responder = createSocket('udp4');
    open.push(() => new Promise((resolve) => void responder.close(() => resolve())));
    await new Promise<void>((resolve) => void responder.bind(0, '127.0.0.1', resolve));
    responder.on('message', (probe, sender) => {
      const id = /MessageID>([^<]*)</.exec(probe.toString())?.[1] ?? '';
      const match = (number: number) => `<ProbeMatch><EndpointReference><Address>urn:${number}</Address></EndpointReference><XAddrs>http://[fe80::1%25eth0]/x http://10.0.0.${number}/onvif</XAddrs></ProbeMatch>`;
      const matches = (relatesTo: string) => `<Envelope><Header><RelatesTo>${relatesTo}</RelatesTo></Header><Body><ProbeMatches>${match(1)}${match(2)}</ProbeMatches></Body></Envelope>`;
      for (const answer of ['garbage', '<Envelope>', matches('urn:uuid:somebody-else'), '<Envelope><Body><Hello/></Body></Envelope>', '', matches(id)]) responder.send(answer, sender.port, sender.address);
    });
    const scan = discoverDevices({ ...loopback(responder.address().port), timeoutMs: 150 });
    const found = await collect(scan);
    expect(found.map((device) => [device.endpoint, device.addresses.map((address) => address.hostname)])).toEqual([['urn:1', ['10.0.0.1']], ['urn:2', ['10.0.0.2']]]);
    expect(scan.counters).toMatchObject({ datagrams: 6, badDatagrams: 3, foreignDatagrams: 2 });
  });

  it('finds 200 devices when some of them answer with garbage', async () => {
    const { campus, port } = await start(200);
    for (const device of campus.devices.filter((_, index) => index % 20 === 0)) campus.setFault(device.id, 'garbage');
    const scan = discoverDevices({ ...loopback(port), timeoutMs: 2500 });
    expect(await collect(scan)).toHaveLength(190);
    expect(scan.counters.badDatagrams).toBeGreaterThan(0);
  });

  it('ends at once when it is aborted, when the loop is left, and when no interface can be used', async () => {
    const { port } = await start(2);
    const controller = new AbortController();
    const aborted = collect(discoverDevices({ ...loopback(port), timeoutMs: 60_000, signal: controller.signal }));
    setTimeout(() => controller.abort(new Error('enough')), 50);
    await expect(aborted).rejects.toThrow('enough');
    for await (const device of discoverDevices({ ...loopback(port), timeoutMs: 60_000 })) {
      expect(device.endpoint).toMatch(/^urn:uuid:/);
      break;
    }
    const scan = discoverDevices({ interfaces: ['203.0.113.77'], timeoutMs: 50 });
    expect([await collect(scan), scan.counters.failedInterfaces]).toEqual([[], 1]);
  });
});
