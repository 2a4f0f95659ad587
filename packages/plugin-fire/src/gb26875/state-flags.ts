// What the bits of states and of operations mean (clause 8 of the standard), bit 0 first; an absent bit is reserved.
import type { Name } from './commands.ts';

/** A named bit. */
export interface Flag extends Name {
  /** As it stands in `flagsSet` and `operationsSet`. */
  readonly name: string;
}

/** Flags by their bit. */
export type FlagTable = Readonly<Record<number, Flag>>;

/** Whose state it is: of a system (type 1), of a component (type 2), of the transmission device itself (type 21). */
export type StateKind = 'system' | 'component' | 'device';

const flag = (name: string, zh: string, en: string): Flag => ({ name, zh, en });

const common: FlagTable = {
  1: flag('fire', '火警', 'fire alarm'),
  2: flag('fault', '故障', 'fault'),
};

const installed: FlagTable = {
  ...common,
  3: flag('disabled', '屏蔽', 'disabled'),
  4: flag('supervisory', '监管', 'supervisory'),
  5: flag('started', '启动（开启）', 'started or open'),
  6: flag('feedback', '反馈', 'feedback'),
  7: flag('delayed', '延时', 'delaying'),
};

/**
 * Flags of states. Bit 0 is not among them: by the standard 1 is normal running and 0 is test, but real devices send fire alarms with
 * bit 0 clear, and some mean the opposite. It must never suppress or downgrade anything; {@link literalStates} tells it for display.
 */
export const stateFlags: Readonly<Record<StateKind, FlagTable>> = {
  system: {
    ...installed,
    8: flag('mainPowerFault', '主电故障', 'mains fault'),
    9: flag('backupPowerFault', '备电故障', 'standby power fault'),
    10: flag('busFault', '总线故障', 'bus fault'),
    11: flag('manual', '手动状态', 'manual'),
    12: flag('configurationChanged', '配置改变', 'configuration changed'),
    13: flag('reset', '复位', 'reset'),
  },
  component: { ...installed, 8: flag('powerFault', '电源故障', 'power fault') },
  device: {
    ...common,
    3: flag('mainPowerFault', '主电故障', 'mains fault'),
    4: flag('backupPowerFault', '备电故障', 'standby battery fault'),
    5: flag('communicationFault', '与监控中心通信信道故障', 'link to the centre faulty'),
    6: flag('monitorLineFault', '监测连接线路故障', 'monitored line faulty'),
  },
};

const operated: FlagTable = {
  0: flag('reset', '复位', 'reset'),
  1: flag('mute', '消音', 'mute'),
  2: flag('manualAlarm', '手动报警', 'manual alarm'),
  3: flag('alarmCleared', '警情消除', 'alarm cleared'),
  4: flag('selfTest', '自检', 'self-test'),
  6: flag('test', '测试', 'test'),
};

/** Flags of operations at a fire alarm facility (type 4). */
export const facilityOperationFlags: FlagTable = { ...operated, 5: flag('confirm', '确认', 'confirm') };

/** Flags of operations at the transmission device (type 24). */
export const deviceOperationFlags: FlagTable = { ...operated, 5: flag('dutyCheckAnswer', '查岗应答', 'answer to a duty check') };

/** Names of the flags that are set, lowest bit first. */
export function flagsSet(word: number, table: FlagTable): readonly string[] {
  const names: string[] = [];
  for (let bit = 0; word >> bit > 0; bit += 1) {
    const named = table[bit];
    if (((word >> bit) & 1) === 1 && named !== undefined) names.push(named.name);
  }
  return names;
}

/**
 * A state word in the letter of the standard, where a clear bit has a meaning as well: `normal` or `test`, then what is set, then `started` or
 * `stopped`, then `manual` or `automatic`. For display only: see {@link stateFlags} for what bit 0 is worth.
 */
export function literalStates(word: number, kind: StateKind): readonly string[] {
  const states = [(word & 1) === 1 ? 'normal' : 'test', ...flagsSet(word, stateFlags[kind]).filter((name) => name !== 'started' && name !== 'manual')];
  if (kind !== 'device') states.push((word & 0x20) === 0 ? 'stopped' : 'started');
  if (kind === 'system') states.push((word & 0x800) === 0 ? 'automatic' : 'manual');
  return states;
}
