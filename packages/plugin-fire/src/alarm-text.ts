// What a signal is called on the alarm screen, and which alarm it is.
import type { AlarmPriority, Text } from '@wanglou/core';
import type { FireCondition, FireProblem, FireSignal } from './contract.ts';
import { componentTypes, deviceOperationFlags, profiles, stateFlags, type Flag } from './gb26875.ts';

/** Names of points and devices that people gave. */
export interface FireTitles {
  readonly points: Readonly<Record<string, Text>>;
  readonly sources: ReadonlyMap<string, Text>;
}

/** Conditions that need a person now. */
const priorities: Readonly<Partial<Record<FireCondition, AlarmPriority>>> = {
  fire: 'fire', manualAlarm: 'fire', preAlarm: 'high', fault: 'medium', powerFault: 'medium', linkFault: 'medium',
};

const conditions: Readonly<Partial<Record<FireCondition, Text>>> = {
  fire: { zh: '火警', en: 'Fire' },
  manualAlarm: { zh: '手动火警', en: 'Fire, by hand' },
  preAlarm: { zh: '预警', en: 'Pre-alarm' },
  fault: { zh: '故障', en: 'Fault' },
  powerFault: { zh: '电源故障', en: 'Power fault' },
  linkFault: { zh: '通信中断', en: 'Link lost' },
};

const flags: ReadonlyMap<string, Flag> = new Map(
  [...[...profiles.values()].map(({ componentFlags }) => componentFlags), stateFlags.device, stateFlags.system, deviceOperationFlags].flatMap((table) => Object.values(table)).map((flag) => [flag.name, flag]),
);

/** How much it matters; `undefined` for what is no alarm. */
export function priorityOf(condition: FireCondition): AlarmPriority | undefined {
  return priorities[condition];
}

/** The alarm of a signal. A fire and each fault of one point are different alarms: the end of a fault must not be the end of a fire. */
export function alarmSource({ pointKey, condition, flag }: FireSignal): string {
  return priorities[condition] === 'fire' ? `fire:${pointKey}` : `fire:${pointKey}/${flag ?? condition}`;
}

/** What is the matter, and where: the name of the point or its raw address, and the device's own words. */
export function alarmTitle(signal: FireSignal, titles: FireTitles): Text {
  const { condition, flag, pointKey, source, text, componentType } = signal;
  const what = conditions[condition] ?? { zh: condition, en: condition };
  const detail = priorities[condition] === 'fire' || flag === undefined || flag === condition ? undefined : flags.get(flag);
  const device = titles.sources.get(source) ?? { zh: source, en: source };
  const type = componentType === undefined || componentType === 0 ? undefined : componentTypes.get(componentType);
  const point = titles.points[pointKey] ?? rawPoint(pointKey);
  const words = text === undefined || text === '' ? '' : text;
  return {
    zh: [detail?.zh ?? what.zh, [device.zh, point?.zh, type?.zh, words].filter(Boolean).join(' ')].join('：'),
    en: [detail === undefined ? what.en : sentence(detail.en), [device.en, point?.en, type?.en, words].filter(Boolean).join(', ')].join(': '),
  };
}

/** The alarm of a problem, and what it is called. */
export function problemAlarm({ source, kind, amount }: FireProblem, titles: FireTitles): { readonly source: string; readonly priority: AlarmPriority; readonly title: Text } {
  const device = titles.sources.get(source) ?? { zh: source, en: source };
  if (kind === 'clock') {
    return { source: `fire:uitd/${source}/clock`, priority: 'low', title: { zh: `${device.zh}：设备时钟相差 ${Math.abs(amount)} 秒`, en: `${device.en}: the clock of the device is off by ${Math.abs(amount)} s` } };
  }
  const title = { zh: `${device.zh}：收到无法识别的报文（类型 ${amount}），已存储，请核对协议配置`, en: `${device.en}: a message of unknown type ${amount} was stored; check the profile of the device` };
  return { source: `fire:uitd/${source}/unrecognised-${amount}`, priority: 'medium', title };
}

function rawPoint(pointKey: string): Text | undefined {
  const [, type, address, component] = /\/sys\/(\d+)-(\d+)(?:\/comp\/(\d+))?$/.exec(pointKey) ?? [];
  if (type === undefined) return undefined;
  if (component === undefined) return { zh: `系统 ${type}-${address}`, en: `system ${type}-${address}` };
  const hex = Number(component).toString(16).toUpperCase().padStart(8, '0');
  return { zh: `系统 ${type}-${address} 部件 0x${hex}`, en: `system ${type}-${address}, component 0x${hex}` };
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
