// What can go wrong with people, sessions, requests and grants.
import { CodedError, type ErrorEntry } from '@wanglou/core';

const accessErrors = {
  SIGN_IN_FAILED: { status: 401, en: 'The account name or the password is wrong', zh: '账号或密码错误' },
  LOCKED_OUT: { status: 429, en: 'Too many failed sign-ins; try again in {minutes} min, or ask the system administrator', zh: '登录失败次数过多，请 {minutes} 分钟后再试，或联系系统管理员' },
  SIGN_IN_BUSY: { status: 503, en: 'Many people are signing in at this moment; try again in a few seconds', zh: '当前登录的人较多，请几秒后重试' },
  SESSION_NEEDED: { status: 401, en: 'This needs a session; sign in first', zh: '此操作需要登录，请先登录' },
  REQUEST_UNKNOWN: { status: 404, en: 'There is no request {request}', zh: '没有申请 {request}' },
  REQUEST_SETTLED: { status: 409, en: 'The request is already {state}; nothing was changed', zh: '该申请已处理（{state}），未作更改' },
  REQUEST_CHANGED: { status: 409, en: 'The request is not the one you read; open it again before you judge it', zh: '申请内容与您所见不一致，请重新打开后再审批' },
  REQUEST_NOT_YOURS: { status: 403, en: 'Only the requester may withdraw the request', zh: '只有申请人可以撤回申请' },
  REQUESTS_OPEN: { status: 409, en: 'You have {count} requests that wait to be judged; withdraw one, or wait for an answer', zh: '您已有 {count} 份申请待审批，请先撤回其中一份，或等待审批' },
  RANGE_TOO_LONG: { status: 400, en: 'Ask for at most {hours} h of footage at once', zh: '一次最多申请 {hours} 小时的录像' },
  CAMERA_UNKNOWN: { status: 400, en: 'There is no camera {camera}', zh: '没有摄像机 {camera}' },
  NO_APPROVAL_PATH: { status: 400, en: 'The rules name no unit that could approve {action}', zh: '规则中没有可审批“{action}”的部门' },
  GRANT_UNKNOWN: { status: 404, en: 'There is no grant {grant}', zh: '没有授权 {grant}' },
  GRANT_ENDED: { status: 409, en: 'The grant has already ended', zh: '该授权已终止' },
  PERSON_UNIT_UNKNOWN: { status: 400, en: 'Person {person} of the configuration has the unit {value}, which the rules do not know; use one of: {known}', zh: '配置中人员 {person} 的部门“{value}”不在规则中；可用的部门：{known}' },
  PERSON_ROLE_UNKNOWN: { status: 400, en: 'Person {person} of the configuration has the role {value}, which the rules do not know; use some of: {known}', zh: '配置中人员 {person} 的角色“{value}”不在规则中；可用的角色：{known}' },
  APPROVAL_UNIT_UNKNOWN: { status: 400, en: 'The rules let the unit {value} approve {action}, but do not know that unit; use one of: {known}', zh: '规则规定由部门“{value}”审批 {action}，但规则中没有该部门；可用的部门：{known}' },
  NOT_STAFFED: { status: 409, en: 'You are not on duty', zh: '您当前不在班' },
} as const satisfies Record<string, ErrorEntry>;

/** Codes of {@link AccessError}. */
export type AccessErrorCode = keyof typeof accessErrors;

/** A failure of plugin-access. */
export class AccessError extends CodedError<AccessErrorCode> {
  override readonly name = 'AccessError';

  constructor(code: AccessErrorCode, params: Readonly<Record<string, unknown>> = {}, options?: ErrorOptions) {
    super(code, accessErrors[code], params, options);
  }
}

/** The table of {@link AccessError}, for documentation and tests. */
export const accessErrorTable: Readonly<Record<AccessErrorCode, ErrorEntry>> = accessErrors;
