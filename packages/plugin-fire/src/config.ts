// Configuration of plugin-fire.
import { isIP } from 'node:net';
import { z } from 'zod';
import { profiles } from './gb26875.ts';
import { isPeer } from './server/devices.ts';

const title = z.strictObject({ zh: z.string().min(1).max(64), en: z.string().min(1).max(64) });
/** As many as an alarm shows. */
const mostCameras = 15;
const pointConfig = title.extend({ cameras: z.array(z.string().min(1).max(64)).max(mostCameras).default([]).describe('Cameras to show at once, the nearest first') });
const port = z.int().min(0).max(65_535);
const host = z.string().refine((ip) => isIP(ip) !== 0, { error: '须为 IP 地址 / must be an IP address' });

/** A number, in decimal digits or with 0x in hexadecimal ones; below 2^48. */
const address = z
  .union([z.int().min(0), z.string().regex(/^(?:\d{1,15}|0x[0-9a-fA-F]{1,12})$/, '须为十进制数，或以 0x 开头的十六进制数 / must be decimal digits, or hexadecimal ones behind 0x')])
  .transform(Number)
  .refine((number) => number < 2 ** 48, { error: '须小于 2^48 / must be below 2^48' });

const deviceConfig = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/).describe('Its name here, part of the keys of its points; do not change it later'),
  address: address.describe('Number that it sends as its address, such as 889 or "0x379"; 0 for one that has none and is known by its peer'),
  peers: z.array(z.string().refine(isPeer, { error: '须为 IP 地址或网段 / must be an IP address or a network' })).min(1).describe('IP addresses and networks (10.1.0.0/16) from which it may come'),
  profile: z.enum([...profiles.keys()] as [string, ...string[]]).default('standard').describe('How it differs from the standard'),
  heartbeatSeconds: z.int().min(1).max(86_400).default(30).describe('How often it says that it lives; its link is lost after three times this, and not before 90 s'),
  title: title.exactOptional().describe('What people call it'),
});

const gb26875Config = z
  .strictObject({
    host: host.default('127.0.0.1').describe('Address to listen on; this machine alone unless said'),
    tcpPort: port.exactOptional().describe('Port for TCP; the standard names none'),
    udpPort: port.exactOptional().describe('Port for UDP'),
    tls: z.strictObject({ certFile: z.string().min(1).describe('Certificate with its chain, PEM'), keyFile: z.string().min(1).describe('Its private key, PEM') }).exactOptional().describe('TLS on the TCP port'),
    links: z.int().min(1).max(65_535).default(1000).describe('Most TCP connections at a time'),
    utcOffsetMinutes: z.int().min(-720).max(840).default(480).describe('Time of the devices, minutes east of UTC'),
    pollMinutes: z.int().min(1).max(120).default(10).describe('How often each device is asked for its state'),
    devices: z.array(deviceConfig).min(1).max(10_000).describe('The transmission devices that are heard'),
  })
  .refine(({ tcpPort, udpPort }) => tcpPort !== undefined || udpPort !== undefined, { error: '须填写 tcpPort 或 udpPort / give tcpPort, udpPort or both', path: ['tcpPort'] })
  .refine(({ devices }) => new Set(devices.map(({ id }) => id)).size === devices.length, { error: '设备 id 重复 / two devices have one id', path: ['devices'] })
  .refine(({ devices }) => withNumber(devices).length === new Set(withNumber(devices)).size, { error: '设备地址重复 / two devices have one address', path: ['devices'] });

export const fireConfig = z.strictObject({
  gb26875: gb26875Config.exactOptional().describe('Transmission devices of GB/T 26875.3'),
  points: z.record(z.string(), pointConfig).default({}).describe('What people call points, and which cameras see them, by their key'),
});

/** The configuration, with defaults filled in. */
export type FireConfig = z.output<typeof fireConfig>;

/** Devices without a number may be several, each with peers of its own. */
function withNumber(devices: readonly { readonly address: number }[]): readonly number[] {
  return devices.map(({ address: number }) => number).filter((number) => number !== 0);
}
