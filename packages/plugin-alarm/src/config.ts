// Configuration of plugin-alarm. The defaults are those of the field: EN 50518 counts fires acknowledged within 30 and 60 s, NFPA 72 verifies within 90 s.
import { alarmPriorities } from '@wanglou/core';
import { z } from 'zod';

/** Configuration of plugin-alarm. */
export const alarmConfig = z.strictObject({
  remindAfterSeconds: z.int().min(1).max(3600).default(15).describe('The room is reminded of an alarm that nobody acknowledged after this long'),
  nextPersonAfterSeconds: z.int().min(1).max(3600).default(60).describe('The next person is told after this long'),
  headAfterSeconds: z.int().min(1).max(86_400).default(90).describe('The head of the Section is told after this long'),
  verifyWithinSeconds: z.int().min(1).max(86_400).default(90).describe('An alarm that was acknowledged is decided within this long, or treated as real'),
  escalates: z.array(z.enum(alarmPriorities)).default(['fire', 'high']).describe('Priorities whose clocks run'),
});

/** Configuration as the plugin has it. */
export type AlarmConfig = z.output<typeof alarmConfig>;
