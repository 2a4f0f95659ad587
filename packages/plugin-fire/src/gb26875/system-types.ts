// Types of building fire-protection systems (table 4 of the standard). 2 to 9 and 25 to 127 are reserved, 128 to 255 are the user's.
import type { Name } from './commands.ts';

/** Names of the system types, by their code. */
export const systemTypes: ReadonlyMap<number, Name> = new Map([
  [0, { zh: '通用', en: 'general' }],
  [1, { zh: '火灾报警系统', en: 'fire alarm system' }],
  [10, { zh: '消防联动控制器', en: 'linkage controller' }],
  [11, { zh: '消火栓系统', en: 'hydrants' }],
  [12, { zh: '自动喷水灭火系统', en: 'sprinklers' }],
  [13, { zh: '气体灭火系统', en: 'gas extinguishing' }],
  [14, { zh: '水喷雾灭火系统（泵启动方式）', en: 'water spray, started by a pump' }],
  [15, { zh: '水喷雾灭火系统（压力容器启动方式）', en: 'water spray, started by a pressure vessel' }],
  [16, { zh: '泡沫灭火系统', en: 'foam extinguishing' }],
  [17, { zh: '干粉灭火系统', en: 'dry powder extinguishing' }],
  [18, { zh: '防烟排烟系统', en: 'smoke control and exhaust' }],
  [19, { zh: '防火门及卷帘系统', en: 'fire doors and shutters' }],
  [20, { zh: '消防电梯', en: 'fire lift' }],
  [21, { zh: '消防应急广播', en: 'emergency broadcast' }],
  [22, { zh: '消防应急照明和疏散指示系统', en: 'emergency lighting and evacuation signs' }],
  [23, { zh: '消防电源', en: 'fire power supply' }],
  [24, { zh: '消防电话', en: 'fire telephone' }],
]);
