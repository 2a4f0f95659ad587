// A simulated campus: RTSP and ONVIF cameras from small loops, with faults on demand.
export { bundledLoopNames, bundledLoops } from './bundled-loops.ts';
export { createSimulatedCampus } from './create-simulated-campus.ts';
export { deviceFaults } from './device-fault.ts';
export { SimulatedCampus } from './simulated-campus.ts';
export { SimulatorError } from './simulator-error.ts';
export type { BilingualName, BundledLoopName } from './bundled-loops.ts';
export type { CreateSimulatedCampusOptions } from './create-simulated-campus.ts';
export type { DeviceDisturbance } from './device-disturbance.ts';
export type { DeviceFault } from './device-fault.ts';
export type { DeviceSound, DeviceSpec } from './device-spec.ts';
export type { DigestAlgorithm } from './auth/digest-authenticator.ts';
export type { DeviceCounters } from './simulated-device.ts';
export type { MediaTransport } from './rtsp/rtsp-context.ts';
export type { OnvifLogin } from './onvif/onvif-context.ts';
export type { SimulatedCampusStats, SimulatedDeviceInfo } from './simulated-campus.ts';
export type { SimulatorClock } from './simulator-clock.ts';
export type { SimulatorErrorCode } from './simulator-error.ts';
