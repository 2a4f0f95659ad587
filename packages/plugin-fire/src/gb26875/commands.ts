// Command bytes (table 2 of the standard).

/** A name in both languages. */
export interface Name {
  readonly zh: string;
  readonly en: string;
}

/** The command bytes that the standard gives a meaning. 0 and 7 to 127 are reserved, 128 to 255 are the user's. */
export const command = { control: 1, sendData: 2, confirm: 3, request: 4, answer: 5, deny: 6 } as const;

/** Names of the commands, by their byte. */
export const commandNames: ReadonlyMap<number, Name> = new Map([
  [1, { zh: '控制命令', en: 'control' }],
  [2, { zh: '发送数据', en: 'send data' }],
  [3, { zh: '确认', en: 'confirm' }],
  [4, { zh: '请求', en: 'request' }],
  [5, { zh: '应答', en: 'answer' }],
  [6, { zh: '否认', en: 'deny' }],
]);

/** The command of the good reply: confirm to control and data, answer to a request; `undefined` for a reply itself, and for commands of unknown meaning. */
export function replyCommandOf(byte: number): number | undefined {
  if (byte === command.control || byte === command.sendData) return command.confirm;
  return byte === command.request ? command.answer : undefined;
}
