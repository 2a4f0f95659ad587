/**
 * Alarms that cannot be ignored.
 *
 * @packageDocumentation
 */
export { AlarmError, alarmErrorTable, type AlarmErrorCode } from './errors.ts';
export { alarm } from './plugin.ts';
