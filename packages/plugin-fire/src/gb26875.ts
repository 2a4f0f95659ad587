// The codec of GB/T 26875.3-2011, the alarm transmission protocol of urban fire monitoring: pure functions over bytes, both ways.
export { analogTypes, analogValue, decodeAnalog, type AnalogType, type AnalogValue } from './gb26875/analog-types.ts';
export { FireCodecError, fireCodecErrorTable, type FireCodecErrorCode } from './gb26875/codec-error.ts';
export { command, commandNames, replyCommandOf, type Name } from './gb26875/commands.ts';
export { componentTypes } from './gb26875/component-types.ts';
export { decodeFrame, encodeFrame, type Frame, type FrameError, type FrameHead, type FrameInput, type RejectedFrame } from './gb26875/frame.ts';
export { Framer, type FramerOptions, type Piece, type PieceError } from './gb26875/framer.ts';
export { profiles, standardProfile, unitTypeOf, type Heartbeat, type Profile } from './gb26875/profile.ts';
export { replyTo, type Reply } from './gb26875/reply.ts';
export { deviceOperationFlags, facilityOperationFlags, flagsSet, literalStates, stateFlags, type Flag, type FlagTable, type StateKind } from './gb26875/state-flags.ts';
export { systemTypes } from './gb26875/system-types.ts';
export type { TimeCoding } from './gb26875/time-tag.ts';
export type { UnitObject } from './gb26875/unit-object.ts';
export { unitTypes, type FieldName, type Layout, type UnitType } from './gb26875/unit-types.ts';
export { decodeUnit, encodeUnit, type Unit, type UnitError, type UnitInput } from './gb26875/unit.ts';
