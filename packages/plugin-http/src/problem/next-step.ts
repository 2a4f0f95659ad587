// From a refusal to the way forward: what is missing says which operation comes next.
import { submitRequest, beginDuty } from '@wanglou/plugin-access/contract';
import type { Decision, Operation } from '@wanglou/core';
import type { NextStep } from './problem.ts';

/** Live view is asked for one shift unless the person says otherwise. */
const liveMs = 8 * 3_600_000;

/** The next step after a denial; nothing where no step helps, as for article 14. */
export function nextStep(decision: Decision, operation: Operation, input: unknown, nowMs: number): NextStep | undefined {
  const missing = decision.denials.map((denial) => denial.missing);
  // A denial that nothing can help makes every other step pointless.
  if (missing.some((list) => list.length === 0)) return undefined;
  const kinds = missing.flat().map((item) => item.kind);
  if (kinds.includes('duty')) return { operation: beginDuty.id, input: {} };
  if (!kinds.includes('approval')) return undefined;
  const { cameras = [], range, destination } = operation.resource(input);
  return { operation: submitRequest.id, input: { cameras, fromMs: range?.fromMs ?? nowMs, toMs: range?.toMs ?? nowMs + liveMs, actions: [operation.action], ...(destination !== undefined && { destination }) } };
}
