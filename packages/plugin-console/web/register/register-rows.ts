// The register as it is shown: filters of the address, cells in words.
import type { Text } from '@wanglou/core';
import type { RegisterRow } from '@wanglou/plugin-access/contract';
import type { Formats } from '../i18n/format.ts';
import type { Words } from '../i18n/language.ts';

/** Filters of the register. Person and camera are asked of the server, the rest is chosen here. */
export interface RegisterFilters {
  readonly person: string;
  readonly camera: string;
  readonly effect: '' | 'permit' | 'deny';
  readonly action: string;
}

/** Reads the filters of the address. */
export function readFilters(query: URLSearchParams): RegisterFilters {
  const effect = query.get('effect');
  return { person: query.get('person') ?? '', camera: query.get('camera') ?? '', effect: effect === 'permit' || effect === 'deny' ? effect : '', action: query.get('action') ?? '' };
}

/** Rows that pass the filters made here. */
export function filterRows(rows: readonly RegisterRow[], filters: RegisterFilters): readonly RegisterRow[] {
  return rows.filter(({ effect, action }) => (filters.effect === '' || effect === filters.effect) && (filters.action === '' || action === filters.action));
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
    purpose: purpose ? words.text(purpose) : (row.purpose ?? ''),
    destination: row.destination ?? '',
    approvals: words.list(row.approvals.map(unit)),
    articles: words.list(row.articles.map((article) => words.t('article.cite', { article }))),
    result: resultOf(row, words),
  };
}

/** Columns of the register: who, what, when, for what purpose, where it went (article 11). */
export const columns = ['seq', 'at', 'person', 'action', 'cameras', 'range', 'purpose', 'destination', 'approvals', 'articles', 'result'] as const;
/** Name of a column. */
export type Column = (typeof columns)[number];

function resultOf(row: RegisterRow, words: Words): string {
  if (row.effect === 'deny') return words.t('register.denied');
  return row.outcome === undefined ? words.t('register.permitted') : words.has(`register.${row.outcome}`, row.outcome);
}
