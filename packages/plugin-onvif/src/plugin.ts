// Wires ONVIF devices to core: each configured camera is a contribution to `cameras`, there from the start, up or not.
import { CameraError, cameras, createSignal, definePlugin, Secret, type Camera, type CapabilityKey, type CapabilityMap, type HealthProbe, type PluginContext, type StreamSource } from '@wanglou/core';
import { onvifConfig, type OnvifCameraConfig, type OnvifConfig } from './config.ts';
import { deviceFinder } from './contract.ts';
import { parseDeviceAddress } from './device/device-address.ts';
import { OnvifDevice } from './device/onvif-device.ts';
import { discoverDevices } from './discovery/discover-devices.ts';
import { asOnvifError } from './soap/onvif-error.ts';
import type { BringUpStep } from './device/bring-up.ts';
import type { DeviceInformation } from './device/device-information.ts';

/**
 * ONVIF cameras and the search for them.
 *
 * @example
 * onvif({ cameras: [{ id: 'east-gate', name: { zh: '东门', en: 'East Gate' }, address: '10.0.3.21', username: 'wanglou', password: '…' }] })
 */
export const onvif = definePlugin({
  id: 'onvif',
  config: onvifConfig,
  provides: [deviceFinder],
  setup(ctx, { config }) {
    for (const camera of config.cameras) contributeCamera(ctx, camera, config);
    ctx.provide(deviceFinder, {
      scan: (options) => {
        const { interfaces, ...discovery } = config.discovery;
        return discoverDevices({ ...discovery, ...(interfaces && { interfaces }), ...options });
      },
    });
  },
});

function contributeCamera(ctx: PluginContext, config: OnvifCameraConfig, { checkSeconds, deadlineSeconds }: OnvifConfig): void {
  const { id, name, place, addressPolicy, username, password, channel } = config;
  const address = parseDeviceAddress(config.address);
  if (!address) throw new CameraError('UNREACHABLE', { camera: id, address: config.address });
  const named = { id, address: address.host };
  const state = createSignal<Camera['state']['value']>('offline');
  const problem = createSignal<CameraError | undefined>(undefined);
  let known: DeviceInformation = {};
  const device = new OnvifDevice({
    address, addressPolicy, username, password,
    ...(channel !== undefined && { channel }),
    deadlineMs: deadlineSeconds * 1000,
    checkIntervalMs: checkSeconds * 1000,
    now: () => ctx.clock.now(),
    after: (delayMs, task) => ctx.clock.after(delayMs, task),
    random: () => Buffer.from(ctx.random.bytes(4)).readUInt32BE() / 2 ** 32,
    changed(next, error, information) {
      known = information;
      if (next !== state.value || error?.code !== problem.value?.code) ctx.log.info({ camera: id, state: next, ...(error && { problem: error.code, ...error.params }) }, 'camera state changed');
      problem.set(error && asCameraError(named, error));
      state.set(next);
    },
  });
  const capabilities: Partial<CapabilityMap> = {
    stream: createStreamSource(named, device, username === '' ? undefined : new Secret({ username, password })),
    health: createHealthProbe(named, device),
  };
  ctx.contribute(cameras, {
    id,
    get info() {
      return { id, name, ...(place !== undefined && { place }), ...known };
    },
    state,
    problem,
    has: (capability) => capability in capabilities,
    get: (capability) => requireCapability(named, capabilities, capability),
  });
  device.start();
  ctx.defer(() => device.stop());
}

/** What the sentences of errors call a camera. */
interface CameraName {
  readonly id: string;
  readonly address: string;
}

function createStreamSource(camera: CameraName, device: OnvifDevice, credentials: Secret<{ username: string; password: string }> | undefined): StreamSource {
  return {
    async list(options) {
      const profiles = await withCameraError(camera, device.profiles(options));
      return profiles.map(({ token, role, codec, width, height, fps, kbps, audio }) => ({
        id: token, role, codec, width, height,
        ...(fps !== undefined && { fps }), ...(kbps !== undefined && { kbps }), ...(audio !== undefined && { audio }),
      }));
    },
    async resolve(profileId, { transport = 'tcp', ...options } = {}) {
      if (transport === 'tls') throw new CameraError('NOT_SUPPORTED', { camera: camera.id, what: 'encrypted streams' });
      const url = await withCameraError(camera, device.streamAddress(profileId, transport, options));
      return { url, ...(credentials && { credentials }) };
    },
  };
}

const lastSteps: Readonly<Record<Parameters<HealthProbe['probe']>[0], BringUpStep>> = { tcp: 'tcp', service: 'services', auth: 'auth', media: 'media' };

function createHealthProbe(camera: CameraName, device: OnvifDevice): HealthProbe {
  return {
    async probe(depth, options) {
      const steps = (await device.probe(lastSteps[depth], options)).map(({ name, durationMs, error }) => ({
        name, ok: error === undefined, millis: Math.round(durationMs),
        ...(error && { code: error.code, hint: asCameraError(camera, error).text }),
      }));
      return { ok: steps.every((step) => step.ok), steps };
    },
  };
}

function requireCapability<K extends CapabilityKey>(camera: CameraName, capabilities: Partial<CapabilityMap>, capability: K): CapabilityMap[K] {
  const found = capabilities[capability];
  if (!found) throw new CameraError('NOT_SUPPORTED', { camera: camera.id, what: capability });
  return found;
}

async function withCameraError<T>(camera: CameraName, work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    // An aborted call keeps its own reason.
    if (error instanceof Error && error.name === 'AbortError') throw error;
    throw asCameraError(camera, error);
  });
}

function asCameraError(camera: CameraName, error: unknown): CameraError {
  const { code, params } = asOnvifError(error);
  return new CameraError(code, { address: camera.address, ...params, camera: camera.id }, { cause: error });
}
