// What `wanglou-verify` and the page say of results. Lines in both languages.
import type { ClipResult, EvidenceResult } from '../evidence/verify-evidence.ts';
import type { LogResult } from '../log/log-result.ts';
import type { ReceiptResult } from '../receipt/verify-receipt.ts';
import { shown, type Text } from '../text.ts';
import { linesOfEntry, timeOf } from './entry-lines.ts';

/** A line, and whether it is good, worth a look, or bad. */
export interface Line extends Text {
  readonly mark: '✔' | '⚠' | '✖' | ' ';
}

const mostListed = 5;

/** What there is to say of a log. */
export function linesOfLog(result: LogResult): readonly Line[] {
  const { ok, size, origin, root, checked, problem, firstBroken, gaps, gapCount, clockSteps, clockStepCount, pruned, newestWitnessed, since } = result;
  const lines: Line[] = [];
  if (ok) {
    lines.push({ mark: '✔', zh: `日志 ${shown(origin)} 核验通过：${size} 条，根 ${root}`, en: `The log ${shown(origin)} verifies: ${size} entries, root ${root}` });
    if (since !== undefined) lines.push({ mark: '✔', zh: `延续此前保存的校验点（${since} 条），其间没有改动`, en: `It continues the saved checkpoint of ${since} entries; nothing before it was changed` });
  } else {
    lines.push({ mark: '✖', zh: `日志${origin ? ` ${shown(origin)}` : ''} 未通过核验：${problem!.text.zh}`, en: `The log${origin ? ` ${shown(origin)}` : ''} does not verify: ${problem!.text.en}` });
    if (firstBroken) lines.push(firstBroken.exact ? { mark: '✖', zh: `首个损坏的条目：第 ${firstBroken.index} 条（从 0 起）`, en: `The first broken entry is ${firstBroken.index} (counted from 0)` } : { mark: '✖', zh: `首个损坏的条目在第 ${firstBroken.index} 条或其后（从 0 起）`, en: `The first broken entry is ${firstBroken.index} or one after it (counted from 0)` });
  }
  lines.push(...linesOfWitnesses(result, newestWitnessed?.atMs, size));
  if (newestWitnessed && newestWitnessed.size < size) lines.push({ mark: '⚠', zh: `见证覆盖前 ${newestWitnessed.size} 条；最新 ${size - newestWitnessed.size} 条尚未见证`, en: `The witnesses vouch for the first ${newestWitnessed.size} entries; the newest ${size - newestWitnessed.size} are not witnessed yet` });
  if (pruned > 0) lines.push({ mark: '⚠', zh: `第 ${pruned} 条之前的内容已按记录清理；读取了 ${checked} 条，其余仅核对哈希`, en: `The entries below ${pruned} were pruned, as the log says; ${checked} entries were read, of the others the hashes` });
  for (const gap of gaps.slice(0, mostListed)) lines.push({ mark: '⚠', zh: `心跳中断：${timeOf(gap.fromMs)} 至 ${timeOf(gap.toMs)}（第 ${gap.fromIndex} 至 ${gap.toIndex} 条）`, en: `No heartbeat from ${timeOf(gap.fromMs)} to ${timeOf(gap.toMs)} (entries ${gap.fromIndex} to ${gap.toIndex})` });
  if (gapCount > mostListed) lines.push({ mark: '⚠', zh: `心跳中断共 ${gapCount} 处`, en: `There are ${gapCount} such gaps` });
  for (const step of clockSteps.slice(0, mostListed)) lines.push({ mark: '⚠', zh: `时钟倒退且无记录：第 ${step.index} 条，${timeOf(step.fromMs)} 之后为 ${timeOf(step.toMs)}`, en: `The clock went back and no entry says so: entry ${step.index}, ${timeOf(step.toMs)} after ${timeOf(step.fromMs)}` });
  if (clockStepCount > mostListed) lines.push({ mark: '⚠', zh: `时钟倒退共 ${clockStepCount} 处`, en: `There are ${clockStepCount} such steps` });
  return lines;
}

/** What there is to say of a receipt; the entry itself is in the last lines, which hold newlines. */
export function linesOfReceipt(result: ReceiptResult): readonly Line[] {
  const { ok, origin, index, size, code, entry, problem } = result;
  if (!ok) return [{ mark: '✖', zh: `回执未通过核验：${problem!.text.zh}`, en: `The receipt does not verify: ${problem!.text.en}` }, ...linesOfWitnesses(result, result.witnessedAtMs, size)];
  return [
    { mark: '✔', zh: `回执核验通过：条目为日志 ${shown(origin)} 第 ${index} 条（从 0 起，共 ${size} 条）`, en: `The receipt verifies: its entry is number ${index} (counted from 0, of ${size}) of the log ${shown(origin)}` },
    ...linesOfWitnesses(result, result.witnessedAtMs, size),
    { mark: ' ', zh: `编号：${code}`, en: `Code: ${code}` },
    ...linesOfEntry(entry!, result.private).map((text): Line => ({ mark: ' ', ...text })),
  ];
}

/** What there is to say of an evidence package. */
export function linesOfEvidence(result: EvidenceResult): readonly Line[] {
  const { ok, files, seals, receipts, listed, problem, unlisted, missing } = result;
  const good = files.filter((file) => file.ok);
  const bad = [...files, ...seals, ...receipts, ...listed].flatMap((part) => (part.problem ? [part.problem.text] : []));
  const distinct = [...new Map(bad.map((text) => [text.en, text])).values()];
  return [
    ok
      ? { mark: '✔', zh: `证据包核验通过：${files.length} 个文件均为原始录像，${receipts.length} 份回执有效`, en: `The evidence verifies: all ${files.length} files are original footage, ${receipts.length} receipts hold` }
      : { mark: '✖', zh: `证据包未通过核验：${good.length}/${files.length} 个文件为原始录像。${problem!.text.zh}`, en: `The evidence does not verify: ${good.length} of ${files.length} files are original footage. ${problem!.text.en}` },
    ...distinct.filter((text) => text.en !== problem?.text.en).slice(0, 50).map((text): Line => ({ mark: '✖', ...text })),
    ...[...seals, ...receipts].slice(0, 1).flatMap((receipt) => linesOfWitnesses(receipt, receipt.witnessedAtMs, receipt.size)),
    ...good.map((file): Line => same('✔', `${shown(file.name)}  ${shown(file.segment.camera)}  ${timeOf(file.segment.fromMs)} – ${timeOf(file.segment.toMs)}`)),
    ...listed.filter((file) => file.ok).map((file): Line => ({ mark: '✔', zh: `${shown(file.name)}  与制作时一致`, en: `${shown(file.name)}  as it was made` })),
    ...missing.map((gap): Line => ({ mark: '⚠', zh: `申请范围内的缺口：${shown(gap.camera)} ${timeOf(gap.fromMs)} – ${timeOf(gap.toMs)}（${shown(gap.cause)}）`, en: `Asked for and not there: ${shown(gap.camera)} ${timeOf(gap.fromMs)} – ${timeOf(gap.toMs)} (${shown(gap.cause)})` })),
    ...unlisted.slice(0, 50).map((name): Line => ({ mark: '⚠', zh: `清单外的文件，未核验：${shown(name)}`, en: `Not in the list, so nothing is known of it: ${shown(name)}` })),
  ];
}

/** What there is to say of a single clip. */
export function linesOfClip(result: ClipResult): readonly Line[] {
  const { ok, file, seal, problem, sha256 } = result;
  if (!ok) return [{ mark: '✖', zh: `录像未通过核验：${problem!.text.zh}`, en: `The clip does not verify: ${problem!.text.en}` }];
  const { camera, fromMs, toMs } = file!.segment;
  return [
    { mark: '✔', zh: `录像核验通过，为原始文件：${shown(camera)}，${timeOf(fromMs)} – ${timeOf(toMs)}`, en: `The clip verifies, it is the original: ${shown(camera)}, ${timeOf(fromMs)} – ${timeOf(toMs)}` },
    { mark: ' ', zh: `SHA-256 ${sha256}，封存于日志第 ${seal!.index} 条`, en: `SHA-256 ${sha256}, sealed by entry ${seal!.index} of the log` },
    ...linesOfWitnesses(seal!, seal!.witnessedAtMs, seal!.size),
  ];
}

/** Who vouches. */
function linesOfWitnesses({ cosigned, quorum, missing, witnessesAsked }: Pick<LogResult, 'cosigned' | 'quorum' | 'missing' | 'witnessesAsked'>, atMs: number | undefined, size: number): readonly Line[] {
  const names = cosigned.map(shown).join(', ');
  if (!witnessesAsked) return [{ mark: '⚠', zh: '只核对了日志自己的签名，没有见证方：持有日志密钥的人可以重写全部内容', en: 'Only the log’s own key was checked, no witness: whoever has that key can rewrite everything' }];
  if (quorum) return [{ mark: '✔', zh: `已由 ${names} 见证${atMs === undefined ? '' : `，${timeOf(atMs)}`}`, en: `Witnessed by ${names}${atMs === undefined ? '' : `, ${timeOf(atMs)}`}` }];
  if (size === 0 && missing.length === 0) return [];
  return [{ mark: '✖', zh: `见证不足：已签 ${names || '无'}，缺少 ${missing.map(shown).join(', ')}`, en: `Too few witnesses: ${names || 'none'} signed, missing ${missing.map(shown).join(', ')}` }];
}

function same(mark: Line['mark'], text: string): Line {
  return { mark, zh: text, en: text };
}
