// Disks, holds and archives of the mock server.
import type { Archive, Hold, RecordingDiskStatus, StorageStatus } from '@wanglou/core';
import { CodedAnswer, type Mock } from './mock-state.ts';

type Handler = (mock: Mock, input: any, nowMs: number) => unknown;

const dayMs = 86_400_000;

const room: StorageStatus = { state: 'tight', totalBytes: 8e12, freeBytes: 1.2e10, reserveBytes: 1e10, bytesPerDay: 2.4e11, daysLeft: 1.4, stopped: ['library'] };
const disks: readonly RecordingDiskStatus[] = [
  { id: '1', path: '/disks/1', state: 'healthy', freeBytes: 1.2e10, totalBytes: 4e12, cameras: ['east-gate', 'canteen'] },
  { id: '2', path: '/disks/2', state: 'missing', problem: { code: 'DISK_GONE', text: { zh: '录像磁盘不在其目录下，请检查是否被拔出或未挂载，并重新挂载', en: 'Disk 2 was at /disks/2 before and is not there now; mount it again' } }, cameras: [] },
];

const over = (nowMs: number): Hold => ({ id: 'h0', cameras: ['library'], fromMs: nowMs - 90 * dayMs, toMs: nowMs - 89 * dayMs, reason: '纠纷', placedBy: 'section-head', placedMs: nowMs - 88 * dayMs, state: 'lifted', lift: { proposedBy: 'section-head', reason: '双方和解', proposedMs: nowMs - 9 * dayMs, confirmedBy: 'office-head', confirmedMs: nowMs - 8 * dayMs } });

function change(mock: Mock, id: string, changes: (hold: Hold) => Hold): Hold {
  mock.holds = mock.holds.map((hold) => (hold.id === id ? changes(hold) : hold));
  return mock.holds.find((hold) => hold.id === id)!;
}

function changeArchive(mock: Mock, id: string, changes: Partial<Archive>): Archive {
  mock.archives = mock.archives.map((archive) => (archive.id === id ? { ...archive, ...changes } : archive));
  return mock.archives.find((archive) => archive.id === id)!;
}

/** Answers by operation. */
export const storageWorkflow: Readonly<Record<string, Handler>> = {
  'recording.archives': (mock, { text = '' }) => ({
    archives: mock.mode === 'empty' ? [] : mock.archives.filter(({ title, record, caseNumber = '' }) => `${title} ${record} ${caseNumber}`.includes(text)),
    targets: [{ id: 'vault', title: { zh: '档案室光盘库', en: 'Archive room' } }],
  }),
  'recording.archive': (mock, input, nowMs) => {
    const archive: Archive = { ...input, id: mock.id(), orderedBy: mock.person!.id, orderedMs: nowMs, state: 'waiting', doneBytes: 0, totalBytes: 0, files: 0, missingMs: 0 };
    mock.archives = [archive, ...mock.archives];
    return archive;
  },
  'recording.cancel-archive': (mock, { archive }) => changeArchive(mock, archive, { state: 'cancelled' }),
  'recording.verify-archive': (mock, { archive }) => changeArchive(mock, archive, { state: 'verifying', doneBytes: 0 }),
  'recording.adopt-archives': (mock, { target }, nowMs) => {
    const known = mock.archives.some(({ id }) => id === 'found');
    const adopted: Archive[] = known ? [] : [{ id: 'found', target, cameras: ['canteen'], fromMs: nowMs - 40 * dayMs, toMs: nowMs - 40 * dayMs + 600_000, title: '食堂打架', record: '旧机归档', orderedBy: 'section-head', orderedMs: nowMs - 39 * dayMs, state: 'waiting', doneBytes: 0, totalBytes: 0, files: 10, missingMs: 0 }];
    mock.archives = [...adopted, ...mock.archives];
    return { adopted, refused: ['w0G3kk2mJ9y5xQ1dZzAbCd'] };
  },
  'recording.restore': (_, { days }, nowMs) => ({ files: 3, present: 237, hold: 'h9', endsMs: nowMs + days * dayMs }),
  'recording.storage': () => ({ ...room, disks }),
  'recording.retention': (mock, _, nowMs) => ({ sweptMs: nowMs - 300_000, ...(mock.clockAhead && { pause: { reason: 'clock-ahead', sinceMs: nowMs - 60_000, believedMs: nowMs - 12 * dayMs } }) }),
  'recording.confirm-clock': (mock, { nowMs: said }, nowMs) => {
    if (Math.abs(said - nowMs) > 900_000) throw new CodedAnswer(409, 'CLOCK_DIFFERS', '录像主机时钟与您填写的时间不符', 'The clock of the recorder says something else');
    mock.clockAhead = false;
    return { confirmedMs: nowMs };
  },
  'recording.holds': (mock, { all }, nowMs) => ({ holds: mock.mode === 'empty' ? [] : [...mock.holds.filter(({ state }) => all || state === 'in-force'), ...(all ? [over(nowMs)] : [])] }),
  'recording.hold': (mock, input, nowMs) => {
    const hold: Hold = { ...input, id: mock.id(), placedBy: mock.person!.id, placedMs: nowMs, state: 'in-force' };
    mock.holds = [hold, ...mock.holds];
    return hold;
  },
  'recording.extend-hold': (mock, { hold, endsMs }) => change(mock, hold, ({ endsMs: _, ...rest }) => ({ ...rest, ...(endsMs !== undefined && { endsMs }) })),
  'recording.lift-hold': (mock, { hold, reason }, nowMs) => change(mock, hold, (one) => ({ ...one, lift: { proposedBy: mock.person!.id, reason, proposedMs: nowMs } })),
  'recording.keep-hold': (mock, { hold }) => change(mock, hold, ({ lift: _, ...rest }) => rest),
  'recording.confirm-lift': (mock, { hold }, nowMs) => change(mock, hold, (one) => ({ ...one, state: 'lifted', lift: { ...one.lift!, confirmedBy: mock.person!.id, confirmedMs: nowMs } })),
};
