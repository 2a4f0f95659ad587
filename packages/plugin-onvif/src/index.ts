/**
 * ONVIF cameras for Wanglou: discovery, bring-up, profiles and stream addresses.
 *
 * @packageDocumentation
 */
export { onvif } from './plugin.ts';
export { deviceFinder, type DeviceFinder } from './contract.ts';
export { discoverDevices, localAddresses, type DeviceScan, type DiscoverDevicesOptions, type DiscoveryCounters, type ProbeTarget } from './discovery/discover-devices.ts';
export type { FoundDevice } from './discovery/found-device.ts';
export type { OnvifCameraConfig, OnvifConfig } from './config.ts';
