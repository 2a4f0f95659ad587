// `wanglou recorder fsck`: every difference between the disks and the index of recordings, explained; with --repair, put right.
import { Kernel, storeService, type CampusConfig } from '@wanglou/core';
import { findingKinds, fsck, type CheckSummary, type Finding } from '@wanglou/plugin-recorder';
import { CliError } from '../errors.ts';
import { say, type Terminal } from '../terminal.ts';

/** What may be said beside the configuration. */
export interface RecorderFsckOptions {
  readonly repair?: boolean;
  readonly hashes?: boolean;
  /** One JSON document a line instead of sentences. */
  readonly json?: boolean;
}

/** Checks the recordings of a campus that is not running. 0 when disk and index are the same, or are now. */
export async function checkRecordings(config: CampusConfig, { terminal, signal }: { readonly terminal: Terminal; readonly signal: AbortSignal }, options: RecorderFsckOptions = {}): Promise<number> {
  const recorder = config.plugins.find(({ plugin }) => plugin.id === 'recorder');
  if (recorder === undefined) throw new CliError('RECORDER_MISSING');
  await using kernel = new Kernel({ pack: config.policy });
  await kernel.load([config.store]);
  const store = kernel.service(storeService);
  if (store === undefined) throw kernel.problems()[0]?.cause ?? new CliError('STORE_MISSING');
  const tell = options.json === true ? (finding: Finding) => terminal.out(JSON.stringify(finding)) : (finding: Finding) => sayFinding(terminal, finding);
  const summary = await fsck({ store, config: recorder.config, repair: options.repair === true, hashes: options.hashes === true, signal, found: tell, warning: (message) => terminal.err(`⚠ ${message}`) });
  if (options.json === true) terminal.out(JSON.stringify({ summary }));
  else saySummary(terminal, summary, options);
  return summary.findings === summary.repaired ? 0 : 1;
}

function sayFinding(terminal: Terminal, { kind, camera, path, root, startMs, endMs, detail, repaired }: Finding): void {
  const where = path === undefined ? `${camera ?? ''} ${isoOf(startMs)} – ${isoOf(endMs)}` : `${root}/${path}`;
  const { zh, en } = findingKinds[kind];
  const more = detail === undefined ? '' : ` (${detail})`;
  say(terminal, { zh: `${repaired ? '✔ 已修复' : '✖'} ${where}：${zh}${more}  [${kind}]`, en: `${repaired ? '✔ repaired:' : '✖'} ${where}: ${en}${more}  [${kind}]` });
}

function isoOf(atMs: number | undefined): string {
  return atMs === undefined ? '' : new Date(atMs).toISOString();
}

function saySummary(terminal: Terminal, { cameras, files, bytes, findings, repaired, away, recent }: CheckSummary, { hashes, repair }: RecorderFsckOptions): void {
  const gigabytes = (bytes / 1e9).toFixed(1);
  if (away > 0) say(terminal, { zh: `⚠ 索引中有 ${away} 个文件所在的磁盘未挂载，未检查`, en: `⚠ ${away} files of the index are on disks that are not mounted; they were not checked` });
  if (recent > 0) say(terminal, { zh: `⚠ ${recent} 个不在索引中的文件刚刚写入，未处理；录像程序下次启动时会自动补入索引`, en: `⚠ ${recent} files without a row were written a moment ago and left alone; the recorder takes them in at its next start` });
  say(terminal, { zh: `${findings === repaired ? '✔' : '✖'} ${cameras} 台摄像机，${files} 个文件，${gigabytes} GB${hashes === true ? '（已逐个核对哈希）' : ''}：${findings} 处不一致，已修复 ${repaired} 处`, en: `${findings === repaired ? '✔' : '✖'} ${cameras} cameras, ${files} files, ${gigabytes} GB${hashes === true ? ', every hash compared' : ''}: ${findings} differences, ${repaired} repaired` });
  if (findings > repaired && repair !== true) say(terminal, { zh: '  可修复的差异用 --repair 修复；录像文件不会被删除或覆盖', en: '  What can be put right is with --repair; no footage is removed or overwritten by it' });
}
