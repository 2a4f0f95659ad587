// Why something cannot be written as GB/T 26875.3. Reading never throws: what was received is told, not judged.

interface ErrorText {
  readonly status: number;
  readonly en: string;
  readonly zh: string;
}

const codecErrors = {
  FIRE_FIELD_MISSING: { status: 400, en: 'A message of type {type} needs the field {field}; give it in every object', zh: '类型 {type} 的报文缺少字段 {field}；请在每个信息对象中给出' },
  FIRE_FIELD_RANGE: { status: 400, en: 'The field {field} cannot be {value}: it must be a whole number from {minimum} to {maximum}', zh: '字段 {field} 不能为 {value}：应为 {minimum} 至 {maximum} 的整数' },
  FIRE_ADDRESS_INVALID: { status: 400, en: 'The address {field} is {value}: give it as a whole number below 2^48 or as 12 hexadecimal digits, and where both are given, the same', zh: '地址 {field} 为 {value}：应为小于 2^48 的整数或 12 位十六进制数，二者同时给出时须一致' },
  FIRE_HEX_INVALID: { status: 400, en: 'The field {field} is not {bytes} bytes in hexadecimal digits: {value}', zh: '字段 {field} 不是 {bytes} 字节的十六进制数：{value}' },
  FIRE_TIME_INVALID: { status: 400, en: 'The time {field} is {value}: give YYYY-MM-DDThh:mm:ss without a zone, from 2000 to 2099, or {field}Hex with the six bytes', zh: '时间 {field} 为 {value}：应为不带时区的 YYYY-MM-DDThh:mm:ss（2000 至 2099 年），或以 {field}Hex 给出六个字节' },
  FIRE_TEXT_TOO_LONG: { status: 400, en: 'The text {field} takes {bytes} bytes in GB 18030, and there is room for {maximum}; shorten it', zh: '文本 {field} 按 GB 18030 编码为 {bytes} 字节，最多 {maximum} 字节；请缩短' },
  FIRE_TEXT_UNWRITABLE: { status: 400, en: 'The text {field} holds {value}, which GB 18030 text on the wire cannot carry; take it out', zh: '文本 {field} 含有报文无法携带的字符 {value}；请删除' },
  FIRE_TYPE_UNKNOWN: { status: 400, en: 'The layout of message type {type} is not known to the profile {profile}; give the whole unit as appHex', zh: '协议配置 {profile} 中没有类型 {type} 的报文结构；请以 appHex 给出完整的应用数据单元' },
  FIRE_OBJECT_COUNT: { status: 400, en: 'A message holds 1 to 255 objects, not {count}', zh: '一个报文含 1 至 255 个信息对象，不能为 {count} 个' },
  FIRE_UNIT_TOO_LONG: { status: 400, en: 'The application data unit has {bytes} bytes, and the profile {profile} allows {maximum}; send the objects in several frames', zh: '应用数据单元为 {bytes} 字节，协议配置 {profile} 最多允许 {maximum} 字节；请分多个数据包发送' },
} as const satisfies Record<string, ErrorText>;

/** Codes of {@link FireCodecError}. */
export type FireCodecErrorCode = keyof typeof codecErrors;

/** A value that cannot be encoded. Compare `code`, never the message. */
export class FireCodecError extends Error {
  override readonly name = 'FireCodecError';
  readonly code: FireCodecErrorCode;
  /** HTTP status that fits. */
  readonly status: number;
  /** The message in both languages; `message` is the English one. */
  readonly text: { readonly zh: string; readonly en: string };
  readonly params: Readonly<Record<string, string | number>>;

  constructor(code: FireCodecErrorCode, params: Readonly<Record<string, string | number>> = {}) {
    const { status, en, zh } = codecErrors[code];
    const text = { zh: fill(zh, params), en: fill(en, params) };
    super(text.en);
    this.code = code;
    this.status = status;
    this.text = text;
    this.params = params;
  }
}

/** The table of {@link FireCodecError}, for documentation and tests. */
export const fireCodecErrorTable: Readonly<Record<FireCodecErrorCode, ErrorText>> = codecErrors;

function fill(sentence: string, params: Readonly<Record<string, string | number>>): string {
  return sentence.replaceAll(/\{([a-zA-Z0-9]+)\}/g, (place, name: string) => (Object.hasOwn(params, name) ? String(params[name]).slice(0, 80) : place));
}
