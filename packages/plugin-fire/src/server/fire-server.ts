// The monitoring centre's side of GB/T 26875.3: all devices, their links, and what is asked of them.
import type { Disposer } from '@wanglou/core';
import type { FireCommand, FireSignalSource, FireSourceContext, FireSourceHealth } from '../contract.ts';
import { FireError } from '../errors.ts';
import { command, type Piece, type UnitInput } from '../gb26875.ts';
import { LevelBook } from '../signals/level-book.ts';
import type { Channel } from './channel.ts';
import { Devices, type Device } from './devices.ts';
import { DutyChecks } from './duty-checks.ts';
import { Elapsed } from './elapsed.ts';
import type { ExchangeResult } from './exchanges.ts';
import { HandOn, linkKey } from './hand-on.ts';
import { toLocalTime } from './local-time.ts';
import { Receiver } from './receiver.ts';
import { Refusals } from './refusals.ts';
import { Resync } from './resync.ts';
import { Session } from './session.ts';
import { TcpListener, type TcpAddress } from './tcp-listener.ts';
import { UdpListener } from './udp-listener.ts';

/** What a {@link FireServer} is made of. */
export interface FireServerOptions {
  readonly devices: readonly Device[];
  readonly tcp?: TcpAddress;
  readonly udp?: { readonly host: string; readonly port: number };
  /** Of the devices' clocks, minutes east of UTC. */
  readonly offsetMinutes: number;
  /** How often each device is asked for its state. */
  readonly pollMinutes: number;
}

/** Everything that exists while the server runs. */
interface Running {
  readonly context: FireSourceContext;
  readonly sessions: ReadonlyMap<string, Session>;
  readonly receiver: Receiver;
  readonly dutyChecks: DutyChecks;
  readonly tcp: TcpListener | undefined;
  readonly udp: UdpListener | undefined;
  readonly timers: readonly Disposer[];
  readonly tcpPort: number | undefined;
  readonly udpPort: number | undefined;
}

const tickMs = 1000;
const dayMs = 86_400_000;
const duplicateWindowMs = 60_000;

/** Receives transmission devices (用户信息传输装置). Once it is stopped it can be started again. */
export class FireServer implements FireSignalSource {
  readonly kind = 'gb26875';
  readonly #options: FireServerOptions;
  #running: Running | undefined;

  constructor(options: FireServerOptions) {
    this.#options = options;
  }

  /** Port of the TCP listener while it listens. */
  get tcpPort(): number | undefined {
    return this.#running?.tcpPort;
  }

  /** Port of the UDP listener while it listens. */
  get udpPort(): number | undefined {
    return this.#running?.udpPort;
  }

  /** Open TCP links. */
  get links(): number {
    return this.#running?.tcp?.links ?? 0;
  }

  /** Hands on what an earlier run stored, then listens. @throws FireError `FIRE_PORT_UNAVAILABLE`, `FIRE_CERTIFICATE_UNREADABLE` */
  async start(context: FireSourceContext): Promise<void> {
    const { devices: configured, offsetMinutes } = this.#options;
    const { journal, clock, log } = context;
    const elapsed = new Elapsed(() => clock.now(), tickMs);
    const elapsedMs = (): number => elapsed.ms;
    const devices = new Devices(configured);
    const refusals = new Refusals(log, elapsedMs);
    const book = new LevelBook(await journal.levels());
    const dutyChecks = new DutyChecks({ clock, ended: (end) => context.dutyCheckEnded(end) });
    const handOn = new HandOn({ context, devices: new Map(configured.map((device) => [device.id, device])), book, dutyChecks });
    const resyncs = new Map<string, Resync>();
    const sessions = new Map(
      configured.map((device) => {
        const session = new Session({
          device, clock, elapsedMs, offsetMinutes,
          wasLost: book.flagsOf(linkKey(device.id)).includes('linkFault'),
          linkChanged: (isLost) => handOn.link(device.id, isLost),
          returned: () => resyncs.get(device.id)?.request(),
          clockDiffers: (active, seconds) => this.#clockDiffers(context, device, active, seconds),
        });
        resyncs.set(device.id, new Resync({ session, elapsedMs, systems: () => book.systemsOf(device.id), syncClock: () => this.#syncClock(context, session), log }));
        return [device.id, session] as const;
      }),
    );
    const receiver = new Receiver({ context, devices, sessions, handOn, refusals, elapsedMs, offsetMinutes });
    receiver.remember(await journal.since(clock.now() - duplicateWindowMs));
    handOn.replay(await journal.unsettled());
    const listeners = await this.#listen({ devices, refusals, elapsedMs, piece: (channel, piece) => receiver.piece(channel, piece) });
    const all = (task: (session: Session) => void) => (): void => sessions.forEach(task);
    const timers = [
      clock.every(tickMs, () => {
        elapsed.tick();
        listeners.tcp?.tick();
        for (const session of sessions.values()) session.tick();
        for (const resync of resyncs.values()) resync.tick();
      }),
      clock.every(this.#options.pollMinutes * 60_000, all((session) => session.isUp && void poll(session))),
      clock.every(dayMs, all((session) => session.isUp && void this.#syncClock(context, session))),
    ];
    this.#running = { context, sessions, receiver, dutyChecks, timers, ...listeners };
  }

  async stop(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    for (const cancel of running.timers) cancel();
    running.dutyChecks.close();
    for (const session of running.sessions.values()) session.exchanges.close();
    await Promise.all([running.tcp?.close(), running.udp?.close()]);
    await running.receiver.idle();
  }

  health(): readonly FireSourceHealth[] {
    return [...(this.#running?.sessions.values() ?? [])].map(({ device, isUp, lastSeenMs, rejected }) => ({ source: device.id, isUp, lastSeenMs, rejected }));
  }

  /**
   * Asks a device for its state, sets its clock, or checks whether somebody is on duty there. `confirmed` of a duty check only says that the device has
   * it: its end is told by `dutyCheckEnded`.
   * @throws FireError `FIRE_DEVICE_UNKNOWN`, `FIRE_DUTY_CHECK_OPEN`, `FIRE_STOPPED`; FireCodecError for minutes that are not 0 to 255
   */
  async command(source: string, order: FireCommand): Promise<'confirmed' | 'denied' | 'timeout'> {
    const { context, session, dutyChecks } = this.#find(source);
    if (order.type === 'poll') return resultOf(await poll(session));
    if (order.type === 'syncClock') return resultOf(await this.#syncClock(context, session));
    dutyChecks.open(source, order.minutes);
    try {
      const result = resultOf(await session.exchanges.begin({ command: command.control, unit: () => ({ typeFlag: 91, objects: [{ answerTimeoutMinutes: order.minutes }] }) }));
      if (result !== 'confirmed') dutyChecks.failed(source, result);
      return result;
    } catch (error) {
      dutyChecks.withdraw(source);
      throw error;
    }
  }

  /** Puts a question (types 61 to 88) to a device. @throws FireError `FIRE_DEVICE_UNKNOWN`, `FIRE_STOPPED` */
  ask(source: string, question: UnitInput): Promise<ExchangeResult> {
    return this.#find(source).session.exchanges.begin({ command: command.request, unit: () => question });
  }

  #find(source: string): Running & { readonly session: Session } {
    const running = this.#running;
    if (running === undefined) throw new FireError('FIRE_STOPPED', {});
    const session = running.sessions.get(source);
    if (session === undefined) throw new FireError('FIRE_DEVICE_UNKNOWN', { device: source });
    return { ...running, session };
  }

  async #listen(parts: { readonly devices: Devices; readonly refusals: Refusals; readonly elapsedMs: () => number; piece(channel: Channel, piece: Piece): void }): Promise<Pick<Running, 'tcp' | 'udp' | 'tcpPort' | 'udpPort'>> {
    const { tcp: address, udp: datagrams } = this.#options;
    const tcp = address && new TcpListener({ ...parts, address });
    const udp = datagrams && new UdpListener({ ...parts, ...datagrams });
    const tcpPort = await tcp?.listen();
    try {
      return { tcp, udp, tcpPort, udpPort: await udp?.listen() };
    } catch (error) {
      await tcp?.close();
      throw error;
    }
  }

  #syncClock({ clock }: FireSourceContext, session: Session): Promise<ExchangeResult> {
    return session.exchanges.begin({ command: command.control, unit: () => ({ typeFlag: 90, objects: [{ time: toLocalTime(clock.now(), this.#options.offsetMinutes) }] }) });
  }

  #clockDiffers({ log, problem }: FireSourceContext, { id: source }: Device, active: boolean, seconds: number): void {
    if (active) log.warn({ source, seconds }, 'the clock of a fire device is wrong; what it sends is ordered by the time of reception');
    problem({ source, kind: 'clock', active, amount: seconds });
  }
}

/** The state of the transmission device itself. */
function poll(session: Session): Promise<ExchangeResult> {
  return session.exchanges.begin({ command: command.request, unit: () => ({ typeFlag: 81, objects: [{ reserved: 0 }] }) });
}

function resultOf({ result }: ExchangeResult): 'confirmed' | 'denied' | 'timeout' {
  return result === 'answered' ? 'confirmed' : result;
}
