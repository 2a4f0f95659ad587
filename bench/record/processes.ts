// Processor time and memory of process trees, from /proc.
import { readdir, readFile } from 'node:fs/promises';

/** What one process has used. */
export interface ProcessTime {
  readonly userSeconds: number;
  readonly systemSeconds: number;
}

/** What a tree of processes has used. */
export interface Usage {
  readonly times: ReadonlyMap<number, ProcessTime>;
  readonly cpuSeconds: number;
  /** Proportional set size: shared pages are divided among those who share them. */
  readonly pssMegabytes: number;
  readonly processes: number;
}

const ticksPerSecond = 100;

/** Usage of these processes and all their descendants now. */
export async function usageOf(roots: readonly number[]): Promise<Usage> {
  const times = new Map<number, ProcessTime>();
  let pssKilobytes = 0;
  const tree = await withDescendants(roots);
  for (const pid of tree) {
    // A process may end while it is looked at.
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    times.set(pid, { userSeconds: Number(fields[11] ?? 0) / ticksPerSecond, systemSeconds: Number(fields[12] ?? 0) / ticksPerSecond });
    const memory = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
    pssKilobytes += Number(/^Pss:\s+(\d+)/m.exec(memory)?.[1] ?? 0);
  }
  const cpuSeconds = [...times.values()].reduce((sum, { userSeconds, systemSeconds }) => sum + userSeconds + systemSeconds, 0);
  return { times, cpuSeconds, pssMegabytes: pssKilobytes / 1024, processes: tree.length };
}

async function withDescendants(roots: readonly number[]): Promise<number[]> {
  const parents = await parentTable();
  const tree = new Set(roots);
  for (let size = -1; size !== tree.size; ) {
    size = tree.size;
    for (const [child, parent] of parents) if (tree.has(parent)) tree.add(child);
  }
  return [...tree];
}

async function parentTable(): Promise<Map<number, number>> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    if (stat !== '') parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  return parents;
}
