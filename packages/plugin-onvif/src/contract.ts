// What other plugins may use of plugin-onvif.
import { defineService } from '@wanglou/core';
import type { DeviceScan, DiscoverDevicesOptions } from './discovery/discover-devices.ts';

/** Looks for ONVIF devices on the network. */
export interface DeviceFinder {
  /** Starts a scan; options that are not given come from the plugin's configuration. */
  scan(options?: DiscoverDevicesOptions): DeviceScan;
}

/** The finder, while plugin-onvif is active. */
export const deviceFinder = defineService<DeviceFinder>('onvif.device-finder');

export type { DeviceScan, DiscoverDevicesOptions, DiscoveryCounters, ProbeTarget } from './discovery/discover-devices.ts';
export type { FoundDevice } from './discovery/found-device.ts';
