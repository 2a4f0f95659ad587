// The log as a stream of events, oldest first, however long it is.
import type { AuditQuery, MediaRequest, MediaResponse } from '@wanglou/core';
import type { EntryReader } from '../log/entry-reader.ts';
import type { SearchIndex } from '../search/search-index.ts';
import { ocsfOf } from './ocsf.ts';

const recordsPerPage = 500;

/** What an export reads. */
export interface ExportedLog {
  readonly index: Pick<SearchIndex, 'find'>;
  readonly reader: Pick<EntryReader, 'pick'>;
}

/** Serves `audit.ocsf.jsonl`: one event a line. */
export function serveExport(log: ExportedLog, filters: Omit<AuditQuery, 'limit'>): (request: MediaRequest, signal: AbortSignal) => MediaResponse {
  return ({ path }, signal) => {
    if (path !== 'audit.ocsf.jsonl') return { status: 404, headers: {}, body: '' };
    return { status: 200, headers: { 'content-type': 'application/x-ndjson', 'content-disposition': 'attachment; filename="audit.ocsf.jsonl"' }, body: linesOf(log, filters, signal) };
  };
}

async function* linesOf({ index, reader }: ExportedLog, filters: Omit<AuditQuery, 'limit'>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for (let afterSeq = -1; ; ) {
    signal.throwIfAborted();
    const seqs = await index.find({ ...filters, limit: recordsPerPage }, afterSeq);
    if (seqs.length === 0) return;
    const records = await reader.pick(seqs);
    yield Buffer.from(records.map((record) => `${JSON.stringify(ocsfOf(record))}\n`).join(''));
    afterSeq = seqs.at(-1)!;
  }
}
