// How devices of a maker differ from the standard, as data: a profile is chosen by listener or by device.
import { command } from './commands.ts';
import { stateFlags, type Flag, type FlagTable } from './state-flags.ts';
import type { TimeCoding } from './time-tag.ts';
import { unitTypes, type Layout, type UnitType } from './unit-types.ts';

/** How a device says that it lives; the standard knows no heartbeat. */
export interface Heartbeat {
  readonly command: number;
  /** The application data unit, in hexadecimal digits. */
  readonly appHex: string;
  readonly replyCommand: number;
  readonly replyAppHex: string;
}

/** What differs between devices. */
export interface Profile {
  readonly name: string;
  /** What bit 0 of a state is told as: nothing, the standard's meaning (1 normal, 0 test), or its opposite. Only a label: no profile makes it weigh. */
  readonly bit0: 'ignore' | 'standard' | 'inverted';
  readonly timeCoding: TimeCoding;
  /** Which half of a component address is the point. */
  readonly addressOrder: 'lowIsPoint' | 'lowIsZone';
  readonly heartbeat: Heartbeat;
  /** Longest application data unit; the standard allows 1024 bytes. */
  readonly maximumUnitBytes: number;
  /** Version bytes of frames that begin an exchange. A reply repeats those that it answers, and any are accepted. */
  readonly version: readonly [major: number, minor: number];
  /** State bits of components. */
  readonly componentFlags: FlagTable;
  /** Types of messages beside, or instead of, those of the standard. */
  readonly types: ReadonlyMap<number, UnitType>;
}

/** The standard as it is written; the heartbeat is the empty message that practice has added. */
export const standardProfile: Profile = {
  name: 'standard',
  bit0: 'ignore',
  timeCoding: 'binary',
  addressOrder: 'lowIsPoint',
  heartbeat: { command: command.sendData, appHex: '', replyCommand: command.confirm, replyAppHex: '' },
  maximumUnitBytes: 1024,
  version: [1, 1],
  componentFlags: stateFlags.component,
  types: new Map(),
};

const componentState = unitTypes.get(2)?.layouts ?? [];
const shortComponentState: Layout = ['system', 'componentType', 'componentAddress', 'componentState', 'at'];
const restored = (type: number, layouts?: readonly Layout[]): UnitType => {
  const origin = unitTypes.get(type) as UnitType;
  return { ...origin, zh: `${origin.zh}（恢复）`, en: `${origin.en}, restored`, restores: type, ...(layouts === undefined ? {} : { layouts }) };
};
const opaque = (bytes: number): UnitType => ({ zh: '厂家自定义', en: 'of the maker', layouts: [[{ rawBytes: bytes }]], maximumObjects: 63, command: command.sendData });
const flag = (name: string, zh: string, en: string): Flag => ({ name, zh, en });

/** 富贝 devices of 2018: messages of their own for what is over; component states with or without the description. */
const fubei2018: Profile = {
  ...standardProfile,
  name: 'fubei-2018',
  types: new Map([
    [2, { ...(unitTypes.get(2) as UnitType), layouts: [...componentState, shortComponentState] }],
    [134, restored(1)],
    [135, restored(2, [...componentState, shortComponentState])],
    [136, restored(21)],
  ]),
};

/** 富贝 devices of 2024: objects of 16 bytes whose layout is not public; they are kept as they are. */
const fubei2024: Profile = {
  ...standardProfile,
  name: 'fubei-2024',
  types: new Map([
    [2, { ...opaque(16), layouts: [[{ rawBytes: 16 }], ...componentState] }],
    ...[3, 0x87, 0x96, 0x97].map((type) => [type, opaque(16)] as const),
  ]),
};

/** Dahua's supplement 1.03 for fire terminals. */
const dahua103: Profile = {
  ...standardProfile,
  name: 'dahua-v1.03',
  bit0: 'inverted',
  timeCoding: 'bcd',
  addressOrder: 'lowIsZone',
  heartbeat: { command: 7, appHex: '', replyCommand: command.confirm, replyAppHex: '' },
  maximumUnitBytes: 512,
  version: [1, 3],
  componentFlags: {
    ...stateFlags.component,
    9: flag('offline', '离线', 'offline'),
    10: flag('openCircuit', '开路', 'open circuit'),
    11: flag('shortCircuit', '短路', 'short circuit'),
    12: flag('removed', '拆除', 'removed'),
    14: flag('sensorFault', '传感器故障', 'sensor fault'),
    15: flag('upgradeFault', '升级故障', 'upgrade fault'),
  },
  types: new Map([[0, { ...opaque(110), zh: '设备注册', en: 'registration', maximumObjects: 1, command: 0 }]]),
};

/** Devices as captured by the dgiot project: a handshake of one byte. */
const dgiotCaptured: Profile = {
  ...standardProfile,
  name: 'dgiot-captured',
  heartbeat: { command: command.sendData, appHex: '16', replyCommand: command.confirm, replyAppHex: '17' },
  version: [16, 0],
};

/** The profiles by their name. Others may be made: a profile is data. */
export const profiles: ReadonlyMap<string, Profile> = new Map([standardProfile, fubei2018, fubei2024, dahua103, dgiotCaptured].map((profile) => [profile.name, profile]));

/** How a profile lays a type out; `undefined` for reserved types and those of other makers. */
export function unitTypeOf(profile: Profile, typeFlag: number): UnitType | undefined {
  return profile.types.get(typeFlag) ?? unitTypes.get(typeFlag);
}
