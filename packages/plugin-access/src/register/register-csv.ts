// The columns of the register as it leaves the system, in both languages.
import type { Language, Text } from '@wanglou/core';
import type { RegisterRow } from '../contract.ts';
import { byteOrderMark, toCsv } from './csv.ts';

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

/** Writes a register page by page: tens of thousands of lines at once would stop everything else. */
export class RegisterCsv {
  readonly #words: RegisterWords;
  /** Making one costs a hundred times as much as using it. Year-month-day with a 24-hour clock; the Swedish locale writes so. */
  readonly #times: Intl.DateTimeFormat;

  constructor(words: RegisterWords) {
    this.#words = words;
    this.#times = new Intl.DateTimeFormat('sv-SE', { timeZone: words.timeZone, dateStyle: 'short', timeStyle: 'medium' });
  }

  /** What the file begins with. */
  head(): string {
    return byteOrderMark + toCsv([headers.map((header) => header[this.#words.language])]);
  }

  /** Lines of the file. */
  lines(rows: readonly RegisterRow[]): string {
    return toCsv(rows.map((row) => this.#line(row)));
  }

  #line(row: RegisterRow): readonly string[] {
    const words = this.#words;
    return [
      String(row.seq),
      this.#moment(row.atMs),
      row.personName,
      words.operation(row.operation),
      resultOf(row)[words.language],
      this.#join(row.cameras.map(words.camera)),
      this.#moment(row.fromMs),
      this.#moment(row.toMs),
      this.#join(row.recordedBy),
      row.purpose === undefined ? '' : words.purpose(row.purpose),
      row.reason ?? '',
      row.caseNumber ?? '',
      row.destination ?? '',
      this.#join(row.accompaniedBy),
      this.#join(row.approvals.map(words.unit)),
      this.#join(row.articles),
      row.request ?? '',
      row.hashes.join(' '),
    ];
  }

  /** A refused act may name any number as a time; one that is no date must not keep the register from leaving. */
  #moment(ms: number | undefined): string {
    if (ms === undefined) return '';
    return Math.abs(ms) > latestDateMs ? String(ms) : this.#times.format(ms).replace(',', '');
  }

  #join(list: readonly string[]): string {
    return list.join(this.#words.language === 'zh' ? '、' : '; ');
  }
}

/** ECMAScript's last moment. */
const latestDateMs = 8.64e15;

function resultOf({ effect, outcome }: RegisterRow): Text {
  if (effect === 'deny') return { zh: '拒绝', en: 'refused' };
  return outcome === 'failed' ? { zh: '未完成', en: 'failed' } : { zh: '允许', en: 'permitted' };
}
