// What can go wrong with alarms, in words for people.
import { CodedError, type ErrorEntry } from '@wanglou/core';

const alarmErrors = {
  ALARM_UNKNOWN: { status: 404, en: 'There is no alarm {alarm}', zh: '没有编号为 {alarm} 的报警' },
  ALARM_STATE: { status: 409, en: 'This alarm is {state} already; {act} is not what comes next', zh: '该报警当前状态为 {state}，不能执行 {act}' },
  ALARM_CLOSED: { status: 409, en: 'This alarm is closed; nothing is added to it', zh: '该报警已办结，不能再补充' },
  ALARM_CAUSE_MISSING: { status: 400, en: 'A false alarm has a cause; choose one of {known}', zh: '误报须选择原因：{known}' },
  ALARM_NOT_RESTORED: { status: 409, en: 'What raised this alarm is not over; say why it can be closed all the same', zh: '报警点尚未恢复；如需办结，请说明理由' },
  ALARM_NOT_REPORTED: { status: 409, en: 'This fire was confirmed, and no report to the fire brigade is recorded; record it, or say why there was none', zh: '火警已确认，但未记录报告消防部门；请补记，或说明未报告的理由' },
  ALARM_CLOSING: { status: 409, en: 'Somebody proposed to close this alarm already; another person decides', zh: '已有人提请办结，由另一人确认' },
  ALARM_NOT_CLOSING: { status: 409, en: 'Nobody proposed to close this alarm', zh: '尚无人提请办结该报警' },
  ALARM_CLOSING_OWN: { status: 403, en: 'A fire is closed by two persons: nobody confirms their own proposal', zh: '火警办结须两人：提请人不得自行确认' },
  ALARM_RANGE: { status: 400, en: 'The time must end after it begins, and be of 366 days at most', zh: '时间段须先起后止，且不超过 366 天' },
} as const satisfies Record<string, ErrorEntry>;

/** Codes of {@link AlarmError}. */
export type AlarmErrorCode = keyof typeof alarmErrors;

/** A refusal of plugin-alarm. */
export class AlarmError extends CodedError<AlarmErrorCode> {
  override readonly name = 'AlarmError';

  constructor(code: AlarmErrorCode, params: Readonly<Record<string, unknown>> = {}, options?: ErrorOptions) {
    super(code, alarmErrors[code], params, options);
  }
}

/** The table of {@link AlarmError}, for documentation and tests. */
export const alarmErrorTable: Readonly<Record<AlarmErrorCode, ErrorEntry>> = alarmErrors;
