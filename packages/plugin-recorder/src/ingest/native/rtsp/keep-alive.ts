// Keeps an RTSP session alive. Any request should do (ONVIF Streaming Specification), but some cameras understand only one:
// what the camera offers in `Public` is tried first, and refusals are remembered.
import type { RtspConnection } from './rtsp-connection.ts';

const methods = ['GET_PARAMETER', 'OPTIONS', 'SET_PARAMETER'] as const;
/** Firewalls forget connections that are silent for longer, whatever the camera allows. */
const longestMs = 30_000;

/** What a keep-alive works with. */
export interface KeepAliveOptions {
  readonly connection: Pick<RtspConnection, 'request'>;
  readonly url: string;
  /** Methods that the camera offers. */
  readonly offered: ReadonlySet<string>;
  /** Methods that it refused, now or earlier. */
  readonly refused: Set<string>;
  readonly sessionSeconds: number;
}

/** Asks at half the session's time-out. */
export class KeepAlive {
  readonly #options: KeepAliveOptions;
  readonly #timer: NodeJS.Timeout;

  constructor(options: KeepAliveOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#ask(), Math.min(longestMs, (options.sessionSeconds * 1000) / 2));
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Asks until one method is not refused, each at most once. */
  async #ask(): Promise<void> {
    const { connection, url, refused } = this.#options;
    try {
      for (const method of this.#candidates()) {
        const { status } = await connection.request(method, url);
        if (status < 400) return;
        refused.add(method);
      }
    } catch {
      // Media may flow without answers to keep-alives; the silence watchdog decides whether the camera is gone.
    }
  }

  #candidates(): readonly string[] {
    const { offered, refused } = this.#options;
    const left = methods.filter((method) => !refused.has(method));
    // A camera that refused everything (some answer 454 to all) may have been rebooting: begin anew.
    if (left.length === 0) refused.clear();
    const order = left.length === 0 ? [...methods] : left;
    // OPTIONS needs no offer.
    const rank = (method: string): number => (offered.has(method) ? 0 : method === 'OPTIONS' ? 1 : 2);
    return order.sort((one, other) => rank(one) - rank(other));
  }
}
