// The log's own thread: what waits together shares one commit, and the event loop of the campus pays for none of it.
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { isCodedError, type Connect } from '@wanglou/core';
import { loadNoteKey } from '../note/note-key.ts';
import { saltBytes, type EncodedEntry } from './entry-codec.ts';
import { LogWriter } from './log-writer.ts';
import type { AppendReply, AppendRequest, ErrorReply, LogGreeting, LogReply, LogRequest, LogThreadOptions, QueryRequest } from './protocol.ts';

/** Entries in one commit; more wait for the next. */
const entriesPerCommit = 4096;

const port = parentPort!;
const { store, keyFile, origin } = workerData as LogThreadOptions;

function describe(error: unknown): ErrorReply {
  if (isCodedError(error)) return { message: error.message, code: error.code, params: error.params, status: error.status, text: error.text };
  return { message: error instanceof Error ? error.message : String(error) };
}

/** Groups that wait for a commit, as they came. */
interface Waiting {
  readonly id: number;
  readonly entries: readonly EncodedEntry[];
}

function unpack({ groups, bodies, hidden, salts }: AppendRequest): readonly Waiting[] {
  let at = 0;
  return groups.map(({ id, count }) => {
    const entries: EncodedEntry[] = [];
    for (let end = at + count; at < end; at++) {
      const part = hidden[at]!;
      entries.push(part === '' ? { body: bodies[at]! } : { body: bodies[at]!, privatePart: { salt: salts.subarray(at * saltBytes, (at + 1) * saltBytes), body: part } });
    }
    return { id, entries };
  });
}

function serve(writer: LogWriter): void {
  const send = (reply: LogReply) => port.postMessage(reply);
  const groups: Waiting[] = [];
  const queries: QueryRequest[] = [];
  let isWorking = false;
  let isClosing = false;

  const take = (request: LogRequest): void => {
    if (request === 'close') isClosing = true;
    else if ('groups' in request) {
      writer.introduce(request.persons);
      groups.push(...unpack(request));
    } else queries.push(request);
  };
  const nextBatch = (): readonly Waiting[] => {
    let count = 0;
    const fitting = groups.findIndex(({ entries }) => (count += entries.length) > entriesPerCommit);
    return groups.splice(0, fitting < 0 ? groups.length : Math.max(1, fitting));
  };
  const append = async (batch: readonly Waiting[]): Promise<AppendReply> => {
    const ids = batch.map(({ id }) => id);
    try {
      return { appended: ids, ...(await writer.append(batch.flatMap(({ entries }) => entries))) };
    } catch (error) {
      return { refused: ids, error: describe(error) };
    }
  };
  const answer = async ({ id, query, args }: QueryRequest): Promise<LogReply> => {
    try {
      return { id, value: await (writer[query] as (...args: unknown[]) => unknown).apply(writer, [...args]) };
    } catch (error) {
      return { id, error: describe(error) };
    }
  };
  const work = async (): Promise<void> => {
    isWorking = true;
    while (groups.length > 0 || queries.length > 0) {
      // What came while the last commit was on its way shares the next one.
      for (let more = receiveMessageOnPort(port); more; more = receiveMessageOnPort(port)) take(more.message as LogRequest);
      if (groups.length > 0) send(await append(nextBatch()));
      // One question between two commits: proofs must not hold up the acts of people.
      const question = queries.shift();
      if (question) send(await answer(question));
    }
    isWorking = false;
    if (isClosing) {
      await writer.close();
      port.close();
    }
  };
  port.on('message', (request: LogRequest) => {
    take(request);
    if (!isWorking) void work();
  });
}

try {
  const key = await loadNoteKey(keyFile, origin);
  const { connect } = (await import(store.module)) as { connect: Connect };
  const writer = await LogWriter.open({ connect: () => connect(store.options), key });
  serve(writer);
  port.postMessage({ ready: true, vkey: key.vkey, origin: key.name, head: await writer.head() } satisfies LogGreeting);
} catch (error) {
  port.postMessage({ ready: false, error: describe(error) } satisfies LogGreeting);
  port.close();
}
