// Reading the register, and taking it out. Article 11.
import { cameras, purposes, type Language, type PluginContext, type Purpose } from '@wanglou/core';
import { createHash } from 'node:crypto';
import { exportRegister, listRegister } from '../contract.ts';
import { RegisterCsv, type RegisterWords } from '../register/register-csv.ts';
import type { Books } from './books.ts';

/** Rows that leave in one file; more must be taken out in parts. */
const mostRows = 50_000;
const rowsAtOnce = 500;

/** Handles the operations of the register. */
export function handleRegister(ctx: PluginContext, { register, campus }: Books): void {
  ctx.handle(listRegister, async (query) => ({ rows: await register.list(query) }));
  ctx.handle(exportRegister, async ({ language, ...filters }, { note }) => {
    const writer = new RegisterCsv(wordsFor(ctx, campus.read(), language));
    const parts = [writer.head()];
    let rows = 0;
    let beforeSeq: number | undefined;
    for (;;) {
      const more = await register.list({ ...filters, limit: rowsAtOnce, ...(beforeSeq !== undefined && { beforeSeq }) });
      parts.push(writer.lines(more));
      rows += more.length;
      beforeSeq = more.at(-1)?.seq;
      if (more.length < rowsAtOnce || rows >= mostRows) break;
    }
    const csv = parts.join('');
    const sha256 = createHash('sha256').update(csv).digest('hex');
    // What left can be told from what is claimed to have left.
    note({ rows, sha256 });
    return { csv, rows, sha256, truncated: rows >= mostRows };
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
