// What the ONVIF Export File Format adds to a film: who exported it, from which source, and when it begins by the wall clock.
import { box, fullBox, uint32, uint64 } from '../fmp4/box-writer.ts';

/** What the boxes tell. */
export interface ExportStamp {
  /** The campus. */
  readonly unit: string;
  /** When the export was started, UTC epoch milliseconds. */
  readonly exportedMs: number;
  /** Who carries it out. */
  readonly operator: string;
  /** Name of the camera. */
  readonly source: string;
  /** Id of the camera. */
  readonly line: string;
  /** Wall clock of the beginning of the film. */
  readonly startMs: number;
  readonly trackIds: readonly number[];
}

/** Seconds from 1904 to 1970 (ISO/IEC 14496-12, clause 8.2.2). */
const macEpochSeconds = 2_082_844_800;
/** Milliseconds from 1601 to 1970 (ONVIF Export File Format, StartTimeBox). */
const windowsEpochMs = 11_644_473_600_000n;

/** The meta box of the file: SurveillanceExportBox and StartTimeBox. */
export function surveillanceBoxes({ unit, exportedMs, operator, source, line, startMs, trackIds }: ExportStamp): Buffer {
  const exportBox = fullBox(
    'suep', 1, 0,
    text(unit), text(''), text(''), uint64(BigInt(Math.floor(exportedMs / 1000) + macEpochSeconds)), text(operator),
    uint32(trackIds.length), ...trackIds.flatMap((id) => [Buffer.from([id >> 8, id & 255]), text(source), text(''), text(''), text(line)]),
  );
  const startTime = uint64((BigInt(Math.round(startMs)) + windowsEpochMs) * 10_000n);
  const startBox = box('cstb', uint32(trackIds.length), ...trackIds.flatMap((id) => [uint32(id), startTime]));
  // A handler of type `null`: the box only holds things (ISO/IEC 14496-12, clause 8.11.1).
  const handler = fullBox('hdlr', 0, 0, uint32(0), Buffer.from('null'), uint32(0, 0, 0), Buffer.from([0]));
  return fullBox('meta', 0, 0, handler, exportBox, startBox);
}

/** Null-terminated UTF-8; a name with a null in it would end early. */
function text(value: string): Buffer {
  return Buffer.from(`${value.replaceAll('\0', '')}\0`, 'utf8');
}
