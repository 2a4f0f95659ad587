// The columns of the register as it leaves the system, in both languages.
import type { Language, Text } from '@wanglou/core';
import type { RegisterRow } from '../contract.ts';
import { toCsv } from './csv.ts';

/** What turns ids into words. */
export interface RegisterWords {
  readonly language: Language;
  /** IANA zone in which times are written. */
  readonly timeZone: string;
  camera(id: string): string;
  unit(id: string): string;
  purpose(id: string): string;
  operation(id: string): string;
}

const headers: readonly Text[] = [
  { zh: '序号', en: 'No.' },
  { zh: '时间', en: 'Time' },
  { zh: '调取人员', en: 'Retrieved by' },
  { zh: '事项', en: 'Act' },
  { zh: '结果', en: 'Result' },
  { zh: '摄像机', en: 'Cameras' },
  { zh: '录像开始', en: 'Footage from' },
  { zh: '录像结束', en: 'Footage to' },
  { zh: '录制人员', en: 'Recorded by' },
  { zh: '用途', en: 'Purpose' },
  { zh: '事由', en: 'Reason' },
  { zh: '案件编号', en: 'Case number' },
  { zh: '去向', en: 'Destination' },
  { zh: '随同和来访人员', en: 'Accompanied by' },
  { zh: '同意部门', en: 'Approved by' },
  { zh: '依据条款', en: 'Articles' },
  { zh: '申请编号', en: 'Request' },
  { zh: '文件校验值 SHA-256', en: 'SHA-256 of files' },
];

/** Writes rows as CSV. */
export function registerCsv(rows: readonly RegisterRow[], words: RegisterWords): string {
  const { language } = words;
  const moment = (ms: number | undefined) => (ms === undefined ? '' : formatterOf(words.timeZone).format(ms).replace(',', ''));
  const result = ({ effect, outcome }: RegisterRow) => (effect === 'deny' ? { zh: '拒绝', en: 'refused' } : outcome === 'failed' ? { zh: '未完成', en: 'failed' } : { zh: '允许', en: 'permitted' })[language];
  const join = (list: readonly string[]) => list.join(language === 'zh' ? '、' : '; ');
  return toCsv(
    headers.map((header) => header[language]),
    rows.map((row) => [
      String(row.seq),
      moment(row.atMs),
      row.personName,
      words.operation(row.operation),
      result(row),
      join(row.cameras.map(words.camera)),
      moment(row.fromMs),
      moment(row.toMs),
      join(row.recordedBy),
      row.purpose === undefined ? '' : words.purpose(row.purpose),
      row.reason ?? '',
      row.caseNumber ?? '',
      row.destination ?? '',
      join(row.accompaniedBy),
      join(row.approvals.map(words.unit)),
      join(row.articles),
      row.request ?? '',
      row.hashes.join(' '),
    ]),
  );
}

/** Year-month-day with a 24-hour clock, as the console shows it; the Swedish locale writes so. */
function formatterOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
}
