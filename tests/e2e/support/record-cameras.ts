// The cameras of long proofs in a process of their own, so that the recorder's processor time is its own too.
import { createSimulatedCampus, type DeviceDisturbance, type DeviceFault } from '../../../packages/simulator/src/index.ts';

/** What the parent asks for. */
export type CameraOrder = { readonly id: string; readonly fault: DeviceFault | null } | { readonly id: string; readonly disturb: DeviceDisturbance };

const campus = await createSimulatedCampus({ devices: Number(process.argv[2]), discoveryPort: false });
process.on('message', (order: CameraOrder) => {
  if ('disturb' in order) campus.disturb(order.id, order.disturb);
  else campus.setFault(order.id, order.fault ?? undefined);
});
process.on('disconnect', () => process.exit(0));
process.send?.(campus.devices.map(({ id, rtspUrl }) => ({ id, url: rtspUrl })));
