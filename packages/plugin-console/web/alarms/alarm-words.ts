// What the colours of alarms mean: red is for fire, and for what nobody has taken on.
import type { Alarm, AlarmStep } from '@wanglou/core';
import type { MessageKey, Words } from '../i18n/language.ts';
import type { Tone } from '../kit/status.tsx';
import { isWaiting } from './urgency.ts';

/** The tone of an alarm. */
export function toneOf(alarm: Alarm): Tone {
  if (alarm.priority === 'fire' || isWaiting(alarm)) return 'alarm';
  return alarm.verdict === undefined ? 'waiting' : 'plain';
}

/** What happened in a step, in words. */
export function stepText(step: AlarmStep, words: Words): string {
  const more: MessageKey[] = [];
  if (step.cause) more.push(`alarm-cause.${step.cause}`);
  if (step.means) more.push(`alarm-means.${step.means}`);
  if (step.measure) more.push(`alarm-measure.${step.measure}`);
  if (step.escalation) more.push(`alarm-escalation.${step.escalation}`);
  return [words.t(`alarm-step.${step.kind}`), ...more.map((key) => words.t(key))].join(' · ');
}
