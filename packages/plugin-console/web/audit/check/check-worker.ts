// The worker in which the log is checked, so that the page stays quick while a hundred thousand hashes are computed.
import { VerifyError } from '@wanglou/verify/browser';
import { checkLog } from './check-log.ts';
import type { CheckInput, CheckMessage } from './check-messages.ts';

/** Progress is told at most this often. */
const tellMs = 80;
const scope = globalThis as unknown as { postMessage(message: CheckMessage): void; addEventListener(type: 'message', listener: (event: MessageEvent<CheckInput>) => void): void };

async function answer(input: CheckInput): Promise<CheckMessage> {
  let toldMs = 0;
  try {
    const found = await checkLog(input, {
      fetch: (...parts) => fetch(...parts),
      progress(done) {
        const nowMs = performance.now();
        if (nowMs - toldMs < tellMs) return;
        toldMs = nowMs;
        scope.postMessage({ kind: 'progress', ...done });
      },
    });
    return { kind: 'found', found };
  } catch (error) {
    if (error instanceof VerifyError) return { kind: 'failed', text: error.text };
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', text: { zh: `校验程序出错：${message}`, en: `The verifier failed: ${message}` } };
  }
}

scope.addEventListener('message', (event) => void answer(event.data).then((message) => scope.postMessage(message)));
