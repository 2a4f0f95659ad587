/**
 * What other plugins may use of the recorder. The operations and events themselves are in core's recording contract.
 *
 * @packageDocumentation
 */
export { exportFootage, gapChanged, playBack, readRecordingStatus, readTimeline, recordingChanged, segmentSealed, watchLive } from '@wanglou/core';
export type { RecorderErrorCode, RecordingProblemCode } from './errors.ts';
