// What the objects of a message say, point by point; nothing is compared with what was before.
import type { Frame, UnitObject } from '../gb26875.ts';
import type { FlagScope } from './conditions.ts';

/** What a point says. */
export interface Reading {
  readonly pointKey: string;
  /** `state`: all that is on. `restored`: what is over. `moment`: what was done. `analog`: a value. */
  readonly kind: 'state' | 'restored' | 'moment' | 'analog';
  readonly scope: FlagScope;
  readonly flags: readonly string[];
  readonly value?: { readonly amount: number; readonly unit: string };
  readonly text?: string;
  readonly componentType?: number;
  readonly operatorId?: number;
  readonly deviceTime: string | null;
}

/** Key of the transmission device itself. */
export function deviceKey(source: string): string {
  return `uitd/${source}`;
}

/** Key of a system. */
export function systemKey(source: string, systemType: number, systemAddress: number): string {
  return `${deviceKey(source)}/sys/${systemType}-${systemAddress}`;
}

/** The system in a key; `undefined` for the device itself. */
export function systemOf(pointKey: string): { readonly systemType: number; readonly systemAddress: number } | undefined {
  const [, type, address] = /\/sys\/(\d+)-(\d+)(?:\/|$)/.exec(pointKey) ?? [];
  return type === undefined ? undefined : { systemType: Number(type), systemAddress: Number(address) };
}

/**
 * The readings of a message, in its order. Empty for messages that speak of no state, such as versions.
 * The type of a component is not part of its key: questions carry none, and some devices send 0.
 */
export function readingsOf(source: string, frame: Frame): readonly Reading[] {
  return (frame.objects ?? []).flatMap((object) => readingOf(source, frame, object) ?? []);
}

/**
 * Whether a message must not wait: by it something burns, or somebody says so. A state that is over does not.
 * Bit 0 of a state is never looked at.
 */
export function isUrgent(frame: Frame): boolean {
  return frame.restores === undefined && (frame.objects ?? []).some(({ flagsSet, operationsSet }) => flagsSet?.includes('fire') === true || operationsSet?.includes('manualAlarm') === true);
}

function readingOf(source: string, frame: Frame, object: UnitObject): Reading | undefined {
  const { systemType, systemAddress, componentAddress, componentType, statusWord, statusByte, operationsSet, operatorId, description } = object;
  const isSystem = systemType !== undefined && systemAddress !== undefined;
  const system = isSystem ? systemKey(source, systemType, systemAddress) : deviceKey(source);
  const point = {
    pointKey: componentAddress === undefined ? system : `${system}/comp/${componentAddress}`,
    deviceTime: object.at ?? null,
    ...(description !== undefined && description !== '' && { text: description }),
    ...(componentType !== undefined && { componentType }),
    ...(operatorId !== undefined && { operatorId }),
  };
  if (operationsSet !== undefined) return { ...point, kind: 'moment', scope: 'operation', flags: operationsSet };
  if (statusWord !== undefined || statusByte !== undefined) {
    const scope = !isSystem ? 'device' : componentAddress === undefined ? 'system' : 'component';
    return { ...point, kind: frame.restores === undefined ? 'state' : 'restored', scope, flags: object.flagsSet ?? [] };
  }
  if (typeof object.value === 'number') return { ...point, kind: 'analog', scope: 'component', flags: [], value: { amount: object.value, unit: object.unit ?? '' } };
  return undefined;
}
