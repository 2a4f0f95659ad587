// What a few operations are called, as the API description would say.
const names: readonly (readonly [string, string, string])[] = [
  ['recording.live', '实时观看', 'Watch live'],
  ['recording.playback', '回放录像', 'Play back'],
  ['recording.copy', '拷贝录像', 'Copy footage'],
  ['recording.export', '拷贝录像', 'Export footage'],
  ['audit.list', '查看审计日志', 'Read the audit log'],
  ['audit.open', '打开日志以供校验', 'Open the log for checking'],
  ['duty.begin', '上岗', 'Begin duty'],
  ['duty.end', '离岗', 'End duty'],
  ['request.submit', '提交申请', 'Submit a request'],
];

/** Ids and names in a language. */
export function operationNames(language: string | undefined): readonly (readonly [string, string])[] {
  return names.map(([id, zh, en]) => [id, language === 'en' ? en : zh]);
}
