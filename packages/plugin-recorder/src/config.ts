// Configuration of plugin-recorder.
import { z } from 'zod';
import { defaultHealthLimits } from './health/health-monitor.ts';

/** How data is forced to the disk; see `SyncPolicy`. */
const syncConfig = z.union([
  z.enum(['fragment', 'segment', 'none']),
  z.strictObject({ everySeconds: z.number().min(0.1).max(60) }),
]);

/** Who receives. */
const engineConfig = z.enum(['auto', 'native', 'ffmpeg']);

/** What counts as a healthy camera. */
const healthLimits = {
  leastFps: z.number().min(0).max(60).exactOptional().describe(`Fewer frames a second are a problem; 0: never; default ${defaultHealthLimits.leastFps}`),
  keyframeSeconds: z.number().min(1).max(600).exactOptional().describe(`Keyframes farther apart are a problem; default ${defaultHealthLimits.keyframeSeconds}`),
  clockSeconds: z.number().min(0.1).max(86_400).exactOptional().describe(`A camera clock that is off by more is a problem; default ${defaultHealthLimits.clockSeconds}`),
  inARow: z.int().min(1).max(100).exactOptional().describe(`Snapshots in a row before a problem of the picture comes or goes; twice as many before a move comes; default ${defaultHealthLimits.inARow}`),
  frozenBelow: z.number().min(0).max(10).exactOptional().describe(`Frozen: mean difference from the snapshot before, of 255; 0: never; default ${defaultHealthLimits.frozenBelow}`),
  blackBelow: z.number().min(0).max(255).exactOptional().describe(`Black: 97 of 100 points are darker, of 255; 0: never; default ${defaultHealthLimits.blackBelow}`),
  coveredBelow: z.number().min(0).max(255).exactOptional().describe(`Covered: mean difference of places from those around them, of 255; 0: never; default ${defaultHealthLimits.coveredBelow}`),
  movedBelow: z.number().min(0).max(1).exactOptional().describe(`Moved: edges in common with the references, of 1; 0: never, as for cameras that can turn; default ${defaultHealthLimits.movedBelow}`),
};

/** Of all cameras. */
const healthConfig = z.strictObject({
  ...healthLimits,
  snapshots: z.strictObject({ everySeconds: z.int().min(5).max(86_400) }).exactOptional().describe('How often a keyframe of each camera is decoded and looked at; needs ffmpeg; never without'),
});

/** One camera, where the defaults do not fit. */
const cameraConfig = z.strictObject({
  transport: z.enum(['auto', 'tcp', 'udp', 'multicast', 'http']).default('auto').describe('How pictures travel; auto is over the RTSP connection, and over UDP where the camera refuses that; multicast and http (a tunnel) go through ffmpeg'),
  engine: engineConfig.optional().describe('How this camera is received, where it differs from the others'),
  priority: z.int().min(1).max(9).optional().describe('How much the camera matters when there is little room; 9 is the most'),
  fingerprint: z.string().regex(/^([0-9a-fA-F]{2}:?){31}[0-9a-fA-F]{2}$/, 'a SHA-256 fingerprint has 64 hexadecimal digits').optional().describe('SHA-256 of the certificate that the camera shows over rtsps://, for one that no certificate authority signed'),
  health: z.strictObject({ ...healthLimits, snapshots: z.literal(false).exactOptional().describe('Its pictures are never looked at') }).exactOptional().describe('What counts as healthy of this camera, where it differs from the others'),
});

/** One disk of several. */
const diskConfig = z.strictObject({ path: z.string().min(1).describe('Folder of the recordings on this disk') });

export const recorderConfig = z.strictObject({
  path: z.string().min(1).optional().describe('Folder of the recordings; it should be on the disk that is meant for them'),
  disks: z.array(diskConfig).min(1).max(64).optional().describe('Several disks instead of one folder: each camera records to one of them'),
  reserveGigabytes: z.number().min(0).max(100_000).default(2).describe('Space that stays free on each disk; never less than five minutes of recording, nor more than a tenth of the disk'),
  eraseForRoom: z.boolean().default(true).describe('Whether footage past its floor goes when new footage needs the room; otherwise only the duty to delete erases'),
  placePriorities: z.record(z.string(), z.int().min(1).max(9)).default({}).describe('How much cameras matter when there is little room, by kind of place; 5 unless said'),
  workers: z.int().min(1).max(64).default(1).describe('Recorder processes; one carries 100 cameras and more'),
  segmentSeconds: z.int().min(5).max(3600).default(60).describe('A recording file ends at the first keyframe after this'),
  fragmentMillis: z.int().min(100).max(4000).default(500).describe('Longest fragment; what a crash can cost'),
  sync: syncConfig.default({ everySeconds: 1 }).describe('When data is forced to the disk; what a power cut can cost'),
  queueMegabytes: z.int().min(1).max(256).default(8).describe('Memory per camera that waits for a slow disk'),
  silenceSeconds: z.int().min(2).max(120).default(10).describe('A camera that sends nothing for this long is connected anew'),
  tickMillis: z.int().min(5).max(500).default(250).describe('How often all sockets are read; more costs latency, less costs processor time'),
  engine: engineConfig.default('auto').describe('How cameras are received; auto is natively where that is possible, and through ffmpeg where it is not'),
  filesFolder: z.string().min(1).optional().describe('Folder of films that file:// addresses may name, for demonstrations; without it there are none'),
  cameras: z.record(z.string(), cameraConfig).default({}).describe('What is particular to cameras, by camera id'),
  health: healthConfig.default({}).describe('What counts as a healthy camera, and whether pictures are looked at'),
  archives: z.record(z.string().regex(/^[a-z0-9-]{1,64}$/), z.strictObject({ path: z.string().min(1).describe('Folder of the archives; it must be there'), title: z.strictObject({ zh: z.string().min(1), en: z.string().min(1) }).exactOptional().describe('What people call it') })).default({}).describe('Folders for archives, by id'),
  playbackHours: z.int().min(1).max(168).default(24).describe('Longest range of one playback or copy'),
}).refine(({ path, disks }) => (path === undefined) !== (disks === undefined), { error: '须填写 path（一个目录）或 disks（多块磁盘）之一 / give path (one folder) or disks (several), not both', path: ['disks'] });

/** The configuration, with defaults filled in. */
export type RecorderConfig = z.output<typeof recorderConfig>;
