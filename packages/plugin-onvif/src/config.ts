// Configuration of plugin-onvif.
import { z } from 'zod';
import { parseDeviceAddress } from './device/device-address.ts';

const text = z.strictObject({ zh: z.string().min(1).max(64), en: z.string().min(1).max(64) });
const printable = /^\P{Cc}*$/u;

/** One camera. */
export const cameraConfig = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'lower-case letters, digits and hyphens').max(64).describe('Unique on the campus and stable: it names folders'),
  name: text,
  place: z.string().min(1).max(64).optional().describe('Kind of place, such as `gate`'),
  address: z.string().refine((address) => parseDeviceAddress(address) !== undefined, 'a host, host:port or http(s) URL without user and password').describe('Of the ONVIF device service'),
  username: z.string().max(64).regex(printable, 'no control characters').default(''),
  password: z.string().max(128).default(''),
  channel: z.string().min(1).max(64).optional().describe('Video source token, for recorders and cameras with several lenses'),
  addressPolicy: z.enum(['automatic', 'as-told', 'host', 'host-and-port']).default('automatic').describe('What to do with addresses that the device tells'),
});

const target = z.strictObject({ host: z.string().min(1).max(255), port: z.int().min(1).max(65_535).default(3702) });

/** How devices are looked for when somebody asks. */
export const discoveryConfig = z.strictObject({
  timeoutMs: z.int().min(200).max(60_000).default(4000),
  interfaces: z.array(z.ipv4()).optional().describe('Local addresses to ask from; all interfaces when absent'),
  multicast: z.boolean().default(true),
  multicastPort: z.int().min(1).max(65_535).default(3702),
  unicast: z.array(target).default([]).describe('Hosts to ask directly'),
});

export const onvifConfig = z.strictObject({
  cameras: z.array(cameraConfig).default([]).superRefine((cameras, context) => {
    for (const [index, camera] of cameras.entries()) {
      const first = cameras.findIndex((each) => each.id === camera.id);
      if (first < index) context.addIssue({ code: 'custom', path: [index, 'id'], message: `"${camera.id}" is the id of another camera already` });
    }
  }),
  checkSeconds: z.int().min(1).max(3600).default(30).describe('How often a camera that is up is asked whether it still is'),
  deadlineSeconds: z.int().min(1).max(120).default(10).describe('Longest time that one request to a camera may take'),
  discovery: discoveryConfig.prefault({}),
});

/** The configuration, with defaults filled in. */
export type OnvifConfig = z.output<typeof onvifConfig>;
/** One camera of the configuration. */
export type OnvifCameraConfig = z.output<typeof cameraConfig>;
