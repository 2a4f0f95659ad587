import { createSocket } from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import { createSimulatedCampus } from '../src/index.ts';
import type { Socket } from 'node:dgram';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function start(devices: number) {
  const campus = await createSimulatedCampus({ devices });
  open.push(() => campus.close());
  const socket = createSocket('udp4');
  open.push(() => new Promise((resolve) => void socket.close(() => resolve())));
  await new Promise<void>((resolve) => void socket.bind(0, '127.0.0.1', resolve));
  return { campus, socket, port: campus.discoveryPort ?? 0 };
}

function probe(types = 'dn:NetworkVideoTransmitter', scopes = ''): string {
  return `<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><e:Header><w:MessageID>uuid:1234</w:MessageID></e:Header><e:Body><d:Probe><d:Types>${types}</d:Types><d:Scopes>${scopes}</d:Scopes></d:Probe></e:Body></e:Envelope>`;
}

/** Sends `text` and collects answers until `count` came or 150 ms passed without one. */
async function ask(socket: Socket, text: string | Buffer, port: number, address: string, count: number): Promise<string[]> {
  const answers: string[] = [];
  return new Promise((resolve) => {
    const done = () => {
      socket.removeAllListeners('message');
      resolve(answers);
    };
    let timer = setTimeout(done, 400);
    socket.on('message', (message) => {
      answers.push(message.toString());
      clearTimeout(timer);
      timer = setTimeout(done, answers.length >= count ? 50 : 400);
    });
    socket.send(text, port, address);
  });
}

const addressOf = (answer: string): string | undefined => /<d:XAddrs>([^<]*)</.exec(answer)?.[1];

describe('the discovery responder', () => {
  it('answers a unicast Probe with one ProbeMatch per device that relates to it', async () => {
    const { campus, socket, port } = await start(9);
    const answers = await ask(socket, probe(), port, '127.0.0.1', 9);
    expect(new Set(answers.map(addressOf))).toEqual(new Set(campus.devices.map((device) => device.onvifAddress)));
    expect(answers).toHaveLength(9);
    expect(answers.every((answer) => answer.includes('<a:RelatesTo>uuid:1234</a:RelatesTo>'))).toBe(true);
  });

  it('answers a multicast Probe on the loopback interface where the system allows it', async () => {
    const { campus, socket, port } = await start(2);
    socket.setMulticastInterface('127.0.0.1');
    const answers = await ask(socket, probe(), port, '239.255.255.250', 2);
    expect(answers).toHaveLength(campus.discoveryMulticast ? 2 : 0);
  });

  it('heeds types and scopes', async () => {
    const { socket, port } = await start(2);
    expect(await ask(socket, probe('wsdp:Printer'), port, '127.0.0.1', 0)).toEqual([]);
    expect(await ask(socket, probe('', 'onvif://www.onvif.org/name/West%20Gate'), port, '127.0.0.1', 1)).toHaveLength(1);
    expect(await ask(socket, probe('tds:Device', 'onvif://www.onvif.org/type'), port, '127.0.0.1', 2)).toHaveLength(2);
  });

  it('lets devices with a fault stay away or answer badly, and ignores what is no Probe', async () => {
    const { campus, socket, port } = await start(3);
    campus.setFault('east-gate', 'offline');
    campus.setFault('west-gate', 'truncated');
    const answers = await ask(socket, probe(), port, '127.0.0.1', 2);
    expect([answers.length, answers.filter((answer) => answer.endsWith('</s:Envelope>')).length]).toEqual([2, 1]);
    for (const bad of ['', '<', probe().slice(0, 200), 'x'.repeat(9000), Buffer.from([0, 255, 254])]) socket.send(bad, port, '127.0.0.1');
    expect(await ask(socket, probe(), port, '127.0.0.1', 2)).toHaveLength(2);
  });
});
