// `wanglou start`: runs a campus until it is told to stop.
import { createCampus, isCodedError, type CampusConfig } from '@wanglou/core';
import { httpServerService } from '@wanglou/plugin-http/contract';
import { pino } from 'pino';
import type { Terminal } from '../terminal.ts';

/** What {@link runCampus} takes. */
export interface RunOptions {
  readonly terminal: Terminal;
  /** Ends the run; the process's own signals are the caller's business. */
  readonly signal: AbortSignal;
  /** Called when the campus serves, with its address, if it has one. */
  ready?(address: string | undefined): void;
}

/** Runs a campus until the signal. Prints one line `Ready: <address>` when it serves. */
export async function runCampus(config: CampusConfig, { terminal, signal, ready }: RunOptions): Promise<number> {
  // A failure that was foreseen needs no stack: its code and sentence say what, where and the fix.
  const err = (error: Error) => (isCodedError(error) ? { code: error.code, params: error.params } : pino.stdSerializers.err(error));
  const log = pino({ level: process.env['LOG_LEVEL'] ?? 'warn', base: null, serializers: { err } }, pino.destination(2));
  const failed = new AbortController();
  const campus = await createCampus(config, { log, onCriticalFailure: () => failed.abort() });
  // A promise nobody waited for harms one act, not the watch: it is reported, and the campus goes on. After an exception that
  // nobody caught nothing is known of the state any more: the campus stops in order, for whatever supervises it to start anew.
  const onRejection = (reason: unknown) => log.error({ err: reason }, 'a promise failed that nobody waited for');
  const onException = (error: Error) => {
    log.fatal({ err: error }, 'an exception that nobody caught; the campus stops');
    failed.abort();
  };
  process.on('unhandledRejection', onRejection);
  process.on('uncaughtException', onException);
  for (const problem of campus.kernel.problems()) terminal.err(`⚠ ${problem.text[terminal.language]}  [${problem.code}]`);
  const address = campus.kernel.service(httpServerService)?.address;
  terminal.out(`Ready: ${address ?? config.name[terminal.language]}`);
  ready?.(address);
  await ended(AbortSignal.any([signal, failed.signal]));
  await campus[Symbol.asyncDispose]();
  process.off('unhandledRejection', onRejection);
  process.off('uncaughtException', onException);
  return failed.signal.aborted ? 1 : 0;
}

function ended(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  // Timers of the campus do not keep the process alive; this one does until the signal comes.
  const keepAlive = setInterval(() => undefined, 2 ** 31 - 1);
  const stop = () => {
    clearInterval(keepAlive);
    resolve();
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return promise;
}
