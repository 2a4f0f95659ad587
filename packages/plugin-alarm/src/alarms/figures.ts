// How the alarms of a time were met. Articles 24 and 26.
import type { Alarm, AlarmFigures, FalseAlarmCause } from '@wanglou/core';

const tenMinutesMs = 600_000;
const sourcesListed = 50;

/** Counts; `nowMs` decides which of those that nobody acknowledged should have been by now. */
export function figuresOf(alarms: readonly Alarm[], fromMs: number, toMs: number, nowMs: number): AlarmFigures {
  const times = alarms.flatMap((alarm) => acknowledgementOf(alarm) ?? []);
  const waiting = alarms.filter((alarm) => acknowledgementOf(alarm) === undefined);
  const share = (limitMs: number): number => {
    const late = waiting.filter(({ receivedMs }) => nowMs - receivedMs > limitMs).length;
    const all = times.length + late;
    return all === 0 ? 1 : times.filter(({ afterMs }) => afterMs <= limitMs).length / all;
  };
  const falseOnes = alarms.filter(({ verdict }) => verdict === 'false');
  const windows = countBy(alarms, ({ receivedMs }) => String(Math.floor((receivedMs - fromMs) / tenMinutesMs)));
  return {
    alarms: alarms.length,
    perTenMinutes: (alarms.length * tenMinutesMs) / (toMs - fromMs),
    mostInTenMinutes: Math.max(0, ...windows.values()),
    within30Seconds: share(30_000),
    within60Seconds: share(60_000),
    unacknowledged: waiting.length,
    falseAlarms: falseOnes.length,
    causes: Object.fromEntries(countBy(falseOnes.flatMap((alarm) => causeOf(alarm) ?? []), (cause) => cause)),
    persons: [...Map.groupBy(times, ({ person }) => person)]
      .map(([person, own]) => {
        const sorted = own.map(({ afterMs }) => afterMs).toSorted((left, right) => left - right);
        return { person, acknowledged: own.length, medianMs: sorted[Math.floor(sorted.length / 2)] ?? 0, slowestMs: sorted.at(-1) ?? 0 };
      })
      .toSorted((left, right) => right.acknowledged - left.acknowledged || left.medianMs - right.medianMs),
    sources: [...Map.groupBy(alarms, ({ source }) => source)]
      .map(([source, own]) => ({ source, alarms: own.length, falseAlarms: own.filter(({ verdict }) => verdict === 'false').length }))
      .toSorted((left, right) => right.falseAlarms - left.falseAlarms || right.alarms - left.alarms)
      .slice(0, sourcesListed),
  };
}

function acknowledgementOf({ steps, receivedMs }: Alarm): { readonly person: string; readonly afterMs: number } | undefined {
  const step = steps.find(({ kind }) => kind === 'acknowledged');
  return step && { person: step.person ?? '', afterMs: step.atMs - receivedMs };
}

function causeOf({ steps }: Alarm): FalseAlarmCause | undefined {
  return steps.findLast(({ cause }) => cause !== undefined)?.cause;
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}
