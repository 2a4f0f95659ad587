// Few passwords are checked at once: scrypt runs in the thread pool that reading and writing files needs too.
import { AccessError } from '../errors.ts';
import { checkPassword } from './password.ts';

/** How many checks may run and wait. */
export interface CheckLimits {
  readonly atOnce: number;
  readonly waiting: number;
}

/** Two of Node's four pool threads, and at most some seconds of waiting. */
const defaultLimits: CheckLimits = { atOnce: 2, waiting: 24 };

/** Checks passwords, a few at a time. */
export class PasswordChecks {
  readonly #limits: CheckLimits;
  readonly #check: typeof checkPassword;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limits = defaultLimits, check = checkPassword) {
    this.#limits = limits;
    this.#check = check;
  }

  /** As {@link checkPassword}. Throws `SIGN_IN_BUSY`, without a check, when too many wait already. */
  async check(password: string, hash: string | undefined): Promise<boolean> {
    await this.#enter();
    try {
      return await this.#check(password, hash);
    } finally {
      this.#leave();
    }
  }

  #enter(): Promise<void> | undefined {
    if (this.#running < this.#limits.atOnce) {
      this.#running++;
      return undefined;
    }
    if (this.#waiting.length >= this.#limits.waiting) throw new AccessError('SIGN_IN_BUSY');
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    return promise;
  }

  /** Hands the place on without setting it free, so that nobody slips in between. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running--;
  }
}
