// The register as it is shown: filters of the address, cells in words.
import type { Text } from '@wanglou/core';
import type { RegisterFilters, RegisterRow } from '@wanglou/plugin-access/contract';
import { shortHash, type Formats } from '../i18n/format.ts';
import type { Words } from '../i18n/language.ts';

/** Actions that can be chosen. */
export const registerActions = ['live', 'playback', 'copy', 'emergency', 'request', 'review', 'configure', 'audit'] as const satisfies readonly RegisterFilters['action'][];

/** Reads the filters of the address, as the server takes them. Whatever cannot be read is left out. */
export function readFilters(query: URLSearchParams): RegisterFilters {
  const text = (name: string) => query.get(name)?.trim() || undefined;
  const time = (name: string) => (/^\d{1,16}$/.test(query.get(name) ?? '') ? Number(query.get(name)) : undefined);
  const action = registerActions.find((name) => name === query.get('action'));
  const effect = (['permit', 'deny'] as const).find((name) => name === query.get('effect'));
  const all = { person: text('person'), camera: text('camera'), search: text('search')?.slice(0, 100), action, effect, fromMs: time('from'), toMs: time('to') };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** Names that cells are written with. */
export interface RowNames {
  readonly words: Words;
  readonly formats: Formats;
  readonly purposes: Readonly<Record<string, Text>>;
  camera(id: string): string;
  unit(id: string): string;
}

/** The cells of a row, in the order of {@link columns}. */
export function cellsOf(row: RegisterRow, { words, formats, purposes, camera, unit }: RowNames): Readonly<Record<Column, string>> {
  const purpose = row.purpose && purposes[row.purpose];
  return {
    seq: String(row.seq),
    at: formats.moment(row.atMs),
    person: row.personName || row.person,
    action: words.has(`action.${row.action}`, row.action),
    cameras: words.list(row.cameras.map(camera)),
    range: row.fromMs !== undefined && row.toMs !== undefined ? formats.range({ fromMs: row.fromMs, toMs: row.toMs }) : '',
    recorded: words.list(row.recordedBy),
    purpose: purpose ? words.text(purpose) : (row.purpose ?? ''),
    case: row.caseNumber ?? '',
    reason: row.reason ?? '',
    destination: row.destination ?? '',
    accompanied: words.list(row.accompaniedBy),
    approvals: words.list(row.approvals.map(unit)),
    hashes: words.list(row.hashes.map(shortHash)),
    articles: words.list(row.articles.map((article) => words.t('article.cite', { article }))),
    result: resultOf(row, words),
  };
}

/** Columns of the register: who recorded, who retrieved, what, when, for what purpose, where it went (article 11). */
export const columns = ['seq', 'at', 'person', 'action', 'cameras', 'range', 'recorded', 'purpose', 'case', 'reason', 'destination', 'accompanied', 'approvals', 'hashes', 'articles', 'result'] as const;
/** Name of a column. */
export type Column = (typeof columns)[number];

function resultOf(row: RegisterRow, words: Words): string {
  if (row.effect === 'deny') return words.t('register.denied');
  return row.outcome === undefined ? words.t('register.permitted') : words.has(`register.${row.outcome}`, row.outcome);
}
