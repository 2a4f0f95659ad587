// What can go wrong with people, sessions, requests and grants.
import { CodedError, type ErrorEntry } from '@wanglou/core';

const accessErrors = {
  SIGN_IN_FAILED: { status: 401, en: 'The account name or the password is wrong', zh: '账号或密码错误' },
  LOCKED_OUT: { status: 429, en: 'Too many failed sign-ins; try again in {minutes} min, or ask the system administrator', zh: '登录失败次数过多，请 {minutes} 分钟后再试，或联系系统管理员' },
  SIGN_IN_BUSY: { status: 503, en: 'Many people are signing in at this moment; try again in a few seconds', zh: '当前登录的人较多，请几秒后重试' },
  SESSION_NEEDED: { status: 401, en: 'This needs a session; sign in first', zh: '此操作需要登录，请先登录' },
  REQUEST_UNKNOWN: { status: 404, en: 'There is no request {request}', zh: '没有申请 {request}' },
  REQUEST_SETTLED: { status: 409, en: 'The request {outcome} already; nothing was changed', zh: '该申请{outcome}，未作更改' },
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
  REQUEST_INCOMPLETE: { status: 422, en: 'The request lacks what the rules ask for: {missing}', zh: '申请缺少规则要求的内容：{missing}' },
  COMPANION_UNKNOWN: { status: 400, en: 'There is no person {person} who could come along', zh: '没有可随同的人员 {person}' },
  COMPANION_BARRED: { status: 422, en: '{person} cannot come along, for the rules let them see no footage: {reasons}', zh: '{person} 不能随同，规则不允许其接触影像：{reasons}' },
  VISITOR_TWICE: { status: 400, en: 'The work ID of {name} is there twice; each visitor needs their own', zh: '{name} 的证件重复登记，每名来访人员须出示各自的证件' },
  DOCUMENT_UNKNOWN: { status: 400, en: 'There is no document {document} of yours; upload it again', zh: '没有您上传的材料 {document}，请重新上传' },
  DOCUMENT_INVALID: { status: 400, en: 'The document cannot be kept: {reason}', zh: '材料无法保存：{reason}' },
  VISIT_UNKNOWN: { status: 404, en: 'The request {request} is no outside visit of yours', zh: '申请 {request} 不是您的外来调阅' },
  PRESENCE_CODE_WRONG: { status: 403, en: 'The code does not belong to this visitor; it is printed on the visit form', zh: '确认码与该来访人员不符，请核对外来调阅单上的确认码' },
  EMERGENCY_OFF: { status: 403, en: 'The rules of this campus know no emergency access', zh: '本校区规则未开启紧急调阅' },
  EMERGENCY_KIND_UNKNOWN: { status: 400, en: 'There is no emergency of the kind {kind}; use one of: {known}', zh: '没有紧急情形“{kind}”；可选：{known}' },
  EMERGENCY_OPEN: { status: 409, en: 'Your last emergency waits for its review; another one is possible after that', zh: '您上一次紧急调阅尚未复核，复核后方可再次使用' },
  EMERGENCY_REVIEWED: { status: 409, en: 'You have reviewed this emergency, or nothing is open in it', zh: '您已复核该紧急调阅，或其复核已完成' },
  CODE_NEEDED: { status: 401, en: 'Enter the six digits of your authenticator', zh: '请输入动态口令（6 位数字）' },
  STEP_UP_NEEDED: { status: 403, en: 'This account has an authenticator already; prove again who you are before you set up another one', zh: '该账号已设置动态口令，更换前请再次验证身份' },
  PASSWORD_WEAK: { status: 400, en: 'The new password must differ from the old one and must not hold the account name', zh: '新密码不得与原密码相同，也不得包含账号名' },
  PASSWORD_NONE: { status: 409, en: 'This account has no password; it signs in through the identity provider', zh: '该账号没有密码，请通过统一身份认证登录' },
  TOTP_NOT_BEGUN: { status: 409, en: 'Begin to set up the authenticator first', zh: '请先开始设置动态口令' },
  OIDC_OFF: { status: 404, en: 'This campus has no identity provider', zh: '本校区未配置统一身份认证' },
  OIDC_UNREACHABLE: { status: 503, en: 'The identity provider does not answer; sign in with a password, or try again later', zh: '统一身份认证无响应，请使用密码登录或稍后再试' },
  OIDC_FAILED: { status: 401, en: 'The identity provider’s answer does not fit; sign in again', zh: '统一身份认证结果无效，请重新登录' },
  OIDC_STRANGER: { status: 403, en: 'The identity provider knows you, but no account of this campus is linked to you; ask the system administrator', zh: '统一身份认证已通过，但本校区没有与您关联的账号，请联系系统管理员' },
  WORKSTATION_UNKNOWN: { status: 404, en: 'There is no workstation {workstation}', zh: '没有终端 {workstation}' },
  ENROLMENT_INVALID: { status: 403, en: 'The code, key or signature of the workstation is not valid; ask the system administrator for a new code', zh: '终端绑定码、密钥或签名无效，请向系统管理员申请新的绑定码' },
  PERSON_UNKNOWN: { status: 404, en: 'There is no person {person}', zh: '没有人员 {person}' },
  PERSON_EXISTS: { status: 409, en: 'There is already a person {person}', zh: '人员 {person} 已存在' },
  EXTERNAL_ID_DIFFERS: { status: 409, en: 'This account is reached through the identity provider as {externalId}: read it, and confirm it with the roles', zh: '该账号可通过统一身份认证以 {externalId} 登录，请核对后随任免一并确认' },
  EXTERNAL_ID_TAKEN: { status: 409, en: 'Another account is linked to {externalId}', zh: '{externalId} 已关联其他账号' },
  UNIT_UNKNOWN: { status: 400, en: 'The rules know no unit {unit}; use one of: {known}', zh: '规则中没有部门“{unit}”；可用的部门：{known}' },
  ROLE_UNKNOWN: { status: 400, en: 'The rules know no role {role}; use some of: {known}', zh: '规则中没有角色“{role}”；可用的角色：{known}' },
  DELEGATION_INVALID: { status: 400, en: 'The role cannot be lent: {reason}', zh: '无法委托：{reason}' },
  DELEGATION_UNKNOWN: { status: 404, en: 'There is no delegation {delegation} of yours', zh: '没有您的委托 {delegation}' },
  PACK_SAME: { status: 409, en: 'These rules are in force already', zh: '该规则包已在执行' },
  PACK_UNPROVEN: { status: 409, en: 'The proof of these rules found problems; they cannot come into force', zh: '该规则包未通过验证，不能生效' },
  PROPOSAL_UNKNOWN: { status: 404, en: 'There is no proposal {proposal}', zh: '没有提请 {proposal}' },
  PROPOSAL_SETTLED: { status: 409, en: 'The proposal {outcome} already; nothing was changed', zh: '该提请{outcome}，未作更改' },
  PROPOSAL_CHANGED: { status: 409, en: 'The proposal is not the one you read; open it again', zh: '提请内容与您所见不一致，请重新打开' },
  PROPOSAL_OUTDATED: { status: 409, en: 'Other rules came into force after this was proposed, so that it was compared with rules that no longer hold; propose it again', zh: '提请之后规则已更换，原比较结果不再适用，请重新提请' },
  OPERATION_NOT_THERE: { status: 404, en: 'There is no operation {operation}', zh: '没有操作 {operation}' },
  SECRETS_UNUSABLE: { status: 500, en: 'The key file {file} cannot be used: {reason}; restore it from a backup, what it encrypted cannot be read without it', zh: '密钥文件 {file} 无法使用：{reason}；请从备份恢复，否则其加密的内容无法读取' },
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
