// Documents that are made from the code: errors, operations, articles. `npm run docs` writes them; a test holds them to the code.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as core from '../packages/core/src/index.ts';
import { alarmErrorTable } from '../packages/plugin-alarm/src/index.ts';
import { accessErrorTable } from '../packages/plugin-access/src/index.ts';
import * as accessContract from '../packages/plugin-access/src/contract.ts';
import { auditErrorTable } from '../packages/plugin-audit/src/index.ts';
import * as auditContract from '../packages/plugin-audit/src/contract.ts';
import { fireCodecErrorTable } from '../packages/plugin-fire/src/gb26875.ts';
import { fireErrorTable } from '../packages/plugin-fire/src/index.ts';
import { cliErrorTable } from '../packages/cli/src/index.ts';
import { httpErrorTable } from '../packages/plugin-http/src/index.ts';
import { storeErrorTable as postgresErrorTable } from '../packages/store-postgres/src/index.ts';
import { storeErrorTable } from '../packages/store-sqlite/src/index.ts';
import { upc2013 } from '../packages/policies/src/index.ts';
import { verifyErrorTable } from '../packages/verify/src/index.ts';
import { witnessErrorTable } from '../packages/witness/src/index.ts';
import { root } from './lib.ts';

const tables: readonly (readonly [string, Readonly<Record<string, core.ErrorEntry>>])[] = [
  ['core: kernel', core.kernelErrorTable],
  ['core: cameras', core.cameraErrorTable],
  ['core: recording', core.recordingErrorTable],
  ['store-postgres', postgresErrorTable],
  ['store-sqlite', storeErrorTable],
  ['plugin-access', accessErrorTable],
  ['plugin-alarm', alarmErrorTable],
  ['plugin-audit', auditErrorTable],
  ['plugin-fire', fireErrorTable],
  ['plugin-fire: GB/T 26875.3', fireCodecErrorTable],
  ['plugin-http', httpErrorTable],
  ['cli', cliErrorTable],
  ['verify', verifyErrorTable],
  ['witness', witnessErrorTable],
];

const cell = (text: string) => text.replaceAll('|', '\\|');

function errors(): string {
  const sections = tables.map(([name, table]) => {
    const rows = Object.entries(table).map(([code, { status, en, zh }]) => `| \`${code}\` | ${status} | ${cell(en)} | ${cell(zh)} |`);
    return `## ${name}\n\n| code | status | English | 中文 |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return `# Errors\n\nEvery error that people and programs can meet. Compare codes, never sentences. Over HTTP they are problem documents (RFC 9457).\nThis page is made from the tables in the code.\n\n${sections.join('\n')}`;
}

/** Every operation that a contract declares. */
export function allOperations(): readonly core.Operation<any, any>[] {
  const exported = [core, accessContract, auditContract].flatMap((module) => Object.values(module) as unknown[]);
  return exported.filter((value): value is core.Operation<any, any> => typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'operation').sort((a, b) => a.id.localeCompare(b.id));
}

function operations(): string {
  const rows = allOperations().map(({ id, title, action, articles }) => `| \`${id}\` | ${title.en} | ${title.zh} | \`${action}\` | ${(articles ?? []).join(', ')} |`);
  return `# Operations\n\nEverything a person can do, with the action that the policy judges and the articles it executes.\nOver HTTP: \`POST /api/v1/operations/<id>\`; \`GET /api/v1/openapi.json\` describes the inputs. This page is made from the contracts.\n\n| operation | English | 中文 | action | articles |\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}\n`;
}

/** `13(2)` belongs to article 13. */
const articleNumber = (article: string) => Number.parseInt(article, 10);

function articles(): string {
  const pack = upc2013();
  const rows = Array.from({ length: 31 }, (_, index) => index + 1).map((number) => {
    const rules = pack.rules.filter((rule) => articleNumber(rule.article) === number).map((rule) => `\`${rule.id}\``);
    const executed = allOperations()
      .filter((operation) => operation.articles?.some((article) => articleNumber(article) === number))
      .map((operation) => `\`${operation.id}\``);
    return `| ${number} | ${rules.join(' ') || '—'} | ${executed.join(' ') || '—'} |`;
  });
  return `# The 31 articles\n\nWhich rules of \`${pack.id}\` execute an article, and which operations carry it out. A dash means that nothing executes it yet.\nThe worked examples of the pack, and the proof over every valuation of its facts, are in \`packages/policies\`.\nThis page is made from the pack and the contracts.\n\n| article | rules | operations |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
}

/** The documents, by their path. */
export function referenceDocuments(): ReadonlyMap<string, string> {
  return new Map([
    ['docs/reference/errors.md', errors()],
    ['docs/reference/operations.md', operations()],
    ['docs/articles/README.md', articles()],
  ]);
}

if (import.meta.main) await Promise.all([...referenceDocuments()].map(([path, text]) => writeFile(join(root, path), text)));
