// `wanglou doctor`: looks at the machine and says what would go wrong, and the fix.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Text } from '@wanglou/core';
import { say, type Terminal } from '../terminal.ts';

const run = promisify(execFile);

/** What one look found. */
interface Finding {
  readonly verdict: 'ok' | 'warn' | 'fail';
  readonly text: Text;
}

const marks = { ok: '✔', warn: '⚠', fail: '✖' } as const;
const lowDiskBytes = 10 * 2 ** 30;
const gibibyte = 2 ** 30;

/** Looks at everything; 1 when something would stop a campus. */
export async function examine(dataFolder: string, terminal: Terminal): Promise<number> {
  const findings = await Promise.all([nodeVersion(), sqliteWorks(), folderWritable(dataFolder), diskSpace(dataFolder), ffmpegThere()]);
  for (const { verdict, text } of findings) say(terminal, { zh: `${marks[verdict]} ${text.zh}`, en: `${marks[verdict]} ${text.en}` });
  return findings.some((finding) => finding.verdict === 'fail') ? 1 : 0;
}

async function nodeVersion(): Promise<Finding> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const good = major >= 26 || (major === 24 && minor >= 11) || (major === 22 && minor >= 18);
  return {
    verdict: good ? 'ok' : 'fail',
    text: good
      ? { zh: `Node ${process.versions.node}`, en: `Node ${process.versions.node}` }
      : { zh: `Node ${process.versions.node} 不受支持，请安装 Node 24 LTS`, en: `Node ${process.versions.node} is not supported; install Node 24 LTS` },
  };
}

async function sqliteWorks(): Promise<Finding> {
  try {
    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync(':memory:');
    const version = String(database.prepare('SELECT sqlite_version() AS version').get()?.['version']);
    database.close();
    return { verdict: 'ok', text: { zh: `SQLite ${version}`, en: `SQLite ${version}` } };
  } catch (error) {
    const reason = (error as Error).message;
    return { verdict: 'fail', text: { zh: `SQLite 不可用：${reason}；请安装 Node 24 LTS`, en: `SQLite does not work: ${reason}; install Node 24 LTS` } };
  }
}

async function folderWritable(folder: string): Promise<Finding> {
  try {
    const probe = await mkdtemp(join(folder, '.doctor-'));
    await writeFile(join(probe, 'probe'), 'probe');
    await rm(probe, { recursive: true });
    return { verdict: 'ok', text: { zh: `数据目录 ${folder} 可写`, en: `The data folder ${folder} can be written` } };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { verdict: 'warn', text: { zh: `数据目录 ${folder} 尚不存在，首次启动时创建`, en: `The data folder ${folder} is not there yet; the first start makes it` } };
    const reason = (error as Error).message;
    return { verdict: 'fail', text: { zh: `数据目录 ${folder} 不可写：${reason}；请检查权限和磁盘`, en: `The data folder ${folder} cannot be written: ${reason}; check its permissions and its disk` } };
  }
}

async function diskSpace(folder: string): Promise<Finding> {
  const stats = await statfs(folder).catch(() => statfs('.'));
  const freeBytes = stats.bavail * stats.bsize;
  const free = `${(freeBytes / gibibyte).toFixed(1)} GiB`;
  return freeBytes >= lowDiskBytes
    ? { verdict: 'ok', text: { zh: `可用磁盘空间 ${free}`, en: `${free} of disk are free` } }
    : { verdict: 'warn', text: { zh: `可用磁盘空间仅 ${free}；一路 4 Mbit/s 摄像机每天约需 43 GB`, en: `Only ${free} of disk are free; one camera of 4 Mbit/s needs about 43 GB a day` } };
}

async function ffmpegThere(): Promise<Finding> {
  const file = process.env['FFMPEG_PATH'] ?? 'ffmpeg';
  try {
    const { stdout } = await run(file, ['-hide_banner', '-version'], { timeout: 5000 });
    const version = /version (\S+)/.exec(stdout)?.[1] ?? '?';
    return { verdict: 'ok', text: { zh: `ffmpeg ${version}（可选）`, en: `ffmpeg ${version} (optional)` } };
  } catch {
    // Absence is the finding.
    return { verdict: 'warn', text: { zh: '未找到 ffmpeg：H.264 摄像机录像不受影响；其他格式需要它（Debian：apt-get install ffmpeg）', en: 'ffmpeg was not found: H.264 cameras record without it, other formats need it (Debian: apt-get install ffmpeg)' } };
  }
}
