// Reading the register, and taking it out. Article 11.
import { cameras, purposes, type Language, type PluginContext, type Purpose } from '@wanglou/core';
import { createHash } from 'node:crypto';
import { exportRegister, listRegister, type RegisterRow } from '../contract.ts';
import { registerCsv, type RegisterWords } from '../register/register-csv.ts';
import type { Books } from './books.ts';

/** Rows that leave in one file; more must be taken out in parts. */
const mostRows = 50_000;
const rowsAtOnce = 500;

/** Handles the operations of the register. */
export function handleRegister(ctx: PluginContext, { register, campus }: Books): void {
  ctx.handle(listRegister, async (query) => ({ rows: await register.list(query) }));
  ctx.handle(exportRegister, async ({ language, ...filters }, { note }) => {
    const rows: RegisterRow[] = [];
    let beforeSeq: number | undefined;
    for (;;) {
      const more = await register.list({ ...filters, limit: rowsAtOnce, ...(beforeSeq !== undefined && { beforeSeq }) });
      rows.push(...more);
      beforeSeq = more.at(-1)?.seq;
      if (more.length < rowsAtOnce || rows.length >= mostRows) break;
    }
    const csv = registerCsv(rows, wordsFor(ctx, campus.read(), language));
    const sha256 = createHash('sha256').update(csv).digest('hex');
    // What left can be told from what is claimed to have left.
    note({ rows: rows.length, sha256 });
    return { csv, rows: rows.length, sha256, truncated: rows.length >= mostRows };
  });
}

function wordsFor(ctx: PluginContext, { timeZone, units }: ReturnType<Books['campus']['read']>, language: Language): RegisterWords {
  const cameraNames = new Map(ctx.contributions(cameras).map(({ id, info }) => [id, info.name[language]]));
  const unitNames = new Map(units.map(({ id, name }) => [id, name[language]]));
  const titles = new Map(ctx.operations().map(({ operation }) => [operation.id, operation.title[language]]));
  return {
    language,
    timeZone,
    camera: (id) => cameraNames.get(id) ?? id,
    unit: (id) => unitNames.get(id) ?? id,
    purpose: (id) => purposes[id as Purpose]?.[language] ?? id,
    operation: (id) => titles.get(id) ?? id,
  };
}
