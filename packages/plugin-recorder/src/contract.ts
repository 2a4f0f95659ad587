/**
 * What other plugins may use of the recorder. The operations and events themselves are in core's recording contract.
 *
 * @packageDocumentation
 */
export { exportFootage, gapChanged, healthChanged, playBack, readHealth, readRecordingStatus, readTimeline, recordingChanged, renewReference, segmentSealed, watchLive } from '@wanglou/core';
export type { RecorderErrorCode, RecordingProblemCode } from './errors.ts';
