// The types of messages and how their objects are laid out (clause 7 of the standard), as data.
import { command, type Name } from './commands.ts';

/** A part of an object: a field by its name, or bytes whose meaning is not public. */
export type FieldName =
  | 'system' | 'componentType' | 'componentAddress' | 'systemState' | 'componentState' | 'deviceState' | 'facilityOperation' | 'deviceOperation'
  | 'operator' | 'analog' | 'description' | 'text' | 'version' | 'records' | 'answerTimeout' | 'reserved' | 'at' | 'time' | 'since'
  | { readonly rawBytes: number };

/** The fields of an object, in the order of the wire. */
export type Layout = readonly FieldName[];

/** A type of message. */
export interface UnitType extends Name {
  /** Usually one. Where there are several, the one that fits the length exactly is taken, and the first when none does. */
  readonly layouts: readonly Layout[];
  /** Most objects in one message by the standard. More are decoded as well. */
  readonly maximumObjects: number;
  /** The command that carries it; what devices upload also comes as an answer. */
  readonly command: number;
  /** Type of the answer to a request. */
  readonly answeredBy?: number;
  /** The type whose states are over that this one lists: the flags of its objects say what was, not what is. */
  readonly restores?: number;
}

const up = (zh: string, en: string, maximumObjects: number, ...layout: Layout): UnitType => ({ zh, en, layouts: [layout], maximumObjects, command: command.sendData });
const ask = (zh: string, en: string, answeredBy: number, maximumObjects: number, ...layout: Layout): UnitType => ({ zh, en, layouts: [layout], maximumObjects, command: command.request, answeredBy });
const order = (zh: string, en: string, ...layout: Layout): UnitType => ({ zh, en, layouts: [layout], maximumObjects: 1, command: command.control });

/** The types of the standard, by their flag. Up to 127 the absent ones are reserved, 128 to 254 are the user's. */
export const unitTypes: ReadonlyMap<number, UnitType> = new Map([
  [1, up('建筑消防设施系统状态', 'state of a system', 102, 'system', 'systemState', 'at')],
  [2, up('建筑消防设施部件运行状态', 'state of a component', 22, 'system', 'componentType', 'componentAddress', 'componentState', 'description', 'at')],
  [3, up('建筑消防设施部件模拟量值', 'analogue value of a component', 63, 'system', 'componentType', 'componentAddress', 'analog', 'at')],
  [4, up('建筑消防设施操作信息', 'operation at a facility', 102, 'system', 'facilityOperation', 'operator', 'at')],
  [5, up('建筑消防设施软件版本', 'software version of a facility', 1, 'system', 'version')],
  [6, up('建筑消防设施系统配置情况', 'configuration of a system', 3, 'system', 'text')],
  [7, up('建筑消防设施部件配置情况', 'configuration of a component', 26, 'system', 'componentType', 'componentAddress', 'description')],
  [8, up('建筑消防设施系统时间', 'time of a system', 1, 'system', 'at')],
  [21, up('用户信息传输装置运行状态', 'state of the transmission device', 1, 'deviceState', 'at')],
  [24, up('用户信息传输装置操作信息', 'operation at the transmission device', 127, 'deviceOperation', 'operator', 'at')],
  [25, up('用户信息传输装置软件版本', 'software version of the transmission device', 1, 'version')],
  [26, up('用户信息传输装置配置情况', 'configuration of the transmission device', 1, 'text')],
  [28, up('用户信息传输装置系统时间', 'time of the transmission device', 1, 'at')],
  [61, ask('读建筑消防设施系统状态', 'read the state of a system', 1, 102, 'system')],
  [62, ask('读建筑消防设施部件运行状态', 'read the state of a component', 2, 22, 'system', 'componentAddress')],
  [63, ask('读建筑消防设施部件模拟量值', 'read an analogue value', 3, 63, 'system', 'componentAddress')],
  [64, ask('读建筑消防设施操作信息', 'read operations at a facility', 4, 1, 'system', 'records', 'since')],
  [65, ask('读建筑消防设施软件版本', 'read the software version of a facility', 5, 1, 'system')],
  [66, ask('读建筑消防设施系统配置情况', 'read the configuration of a system', 6, 3, 'system')],
  [67, ask('读建筑消防设施部件配置情况', 'read the configuration of a component', 7, 26, 'system', 'componentAddress')],
  [68, ask('读建筑消防设施系统时间', 'read the time of a system', 8, 1, 'system')],
  [81, ask('读用户信息传输装置运行状态', 'read the state of the transmission device', 21, 1, 'reserved')],
  [84, ask('读用户信息传输装置操作信息', 'read operations at the transmission device', 24, 1, 'records', 'since')],
  [85, ask('读用户信息传输装置软件版本', 'read the software version of the transmission device', 25, 1, 'reserved')],
  [86, ask('读用户信息传输装置配置情况', 'read the configuration of the transmission device', 26, 1, 'reserved')],
  [88, ask('读用户信息传输装置系统时间', 'read the time of the transmission device', 28, 1, 'reserved')],
  [89, order('初始化用户信息传输装置', 'initialise the transmission device', 'reserved')],
  [90, order('同步用户信息传输装置时钟', 'synchronise the clock of the transmission device', 'time')],
  [91, order('查岗命令', 'duty check', 'answerTimeout')],
]);
