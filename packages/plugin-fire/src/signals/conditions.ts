// Which condition a flag of GB/T 26875.3 is. Flags without one, such as `manual`, are kept as levels and not told.
import type { FireCondition } from '../contract.ts';

/** Whose flag it is: of a state, or of an operation. */
export type FlagScope = 'system' | 'component' | 'device' | 'operation';

const states: Readonly<Record<string, FireCondition>> = {
  fire: 'fire',
  fault: 'fault',
  disabled: 'disabled',
  supervisory: 'supervisory',
  started: 'activated',
  feedback: 'feedback',
  delayed: 'delayed',
  mainPowerFault: 'powerFault',
  backupPowerFault: 'powerFault',
  powerFault: 'powerFault',
  busFault: 'fault',
  reset: 'reset',
  monitorLineFault: 'fault',
  communicationFault: 'fault',
  // Found here: the device is silent.
  linkFault: 'linkFault',
  // Of makers.
  offline: 'fault',
  openCircuit: 'fault',
  shortCircuit: 'fault',
  removed: 'fault',
  sensorFault: 'fault',
  upgradeFault: 'fault',
};

const operations: Readonly<Record<string, FireCondition>> = {
  reset: 'reset',
  mute: 'mute',
  manualAlarm: 'manualAlarm',
  alarmCleared: 'panelAck',
  confirm: 'panelAck',
  selfTest: 'test',
  test: 'test',
  dutyCheckAnswer: 'dutyAnswer',
};

/** The condition of a flag. Fire at the transmission device itself is somebody who pressed its button. */
export function conditionOf(flag: string, scope: FlagScope): FireCondition | undefined {
  if (scope === 'operation') return operations[flag];
  return scope === 'device' && flag === 'fire' ? 'manualAlarm' : states[flag];
}

/** Conditions of a moment: they are told when they begin and have no end. */
export const momentary: ReadonlySet<FireCondition> = new Set(['reset', 'mute', 'panelAck', 'test', 'dutyAnswer', 'analog']);
