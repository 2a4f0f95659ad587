// A transmission device that a test plays: it sends what it is told to, and can answer by itself, late, or not at all.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { command, encodeFrame, Framer, standardProfile, type Frame, type FrameInput, type Profile, type UnitInput, type UnitObject } from '../../src/gb26875.ts';
import { until } from './until.ts';

/** What is usual of a simulated device. */
export interface SimulatedDeviceOptions {
  readonly address?: number;
  readonly profile?: Profile;
  /** Its clock; the one of the test clock at its beginning unless given. */
  readonly time?: () => string;
  /** Answers questions and orders by itself. */
  readonly answers?: (frame: Frame) => UnitInput | 'confirm' | 'deny' | undefined;
}

export const centreAddress = 88_888;

/** A component state, a fire unless said. */
export function component(componentAddress: number, statusWord = 2, description = ''): UnitInput {
  return { typeFlag: 2, objects: [{ systemType: 1, systemAddress: 3, componentType: 40, componentAddress, statusWord, description, at: '2026-11-23T15:59:58' }] };
}

/** A system state. */
export function system(statusWord: number, systemAddress = 3): UnitInput {
  return { typeFlag: 1, objects: [{ systemType: 1, systemAddress, statusWord, at: '2026-11-23T15:59:58' }] };
}

/** An operation at the transmission device. */
export function operation(operationByte: number, operatorId = 7): UnitInput {
  return { typeFlag: 24, objects: [{ operationByte, operatorId, at: '2026-11-23T15:59:58' }] };
}

/** The device's own state. */
export function deviceState(statusByte: number): UnitInput {
  return { typeFlag: 21, objects: [{ statusByte, at: '2026-11-23T15:59:58' }] };
}

/** One device on one link. */
export class SimulatedDevice {
  /** Everything that the centre sent, oldest first. */
  readonly received: Frame[] = [];
  isOpen = true;
  readonly #options: SimulatedDeviceOptions;
  readonly #write: (bytes: Uint8Array) => void;
  readonly #close: () => void;
  #nextSerial = 0;

  private constructor(options: SimulatedDeviceOptions, write: (bytes: Uint8Array) => void, close: () => void) {
    this.#options = options;
    this.#write = write;
    this.#close = close;
  }

  static async tcp(port: number, options: SimulatedDeviceOptions = {}, isTls = false): Promise<SimulatedDevice> {
    const socket: Socket = isTls ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }) : connect(port, '127.0.0.1');
    const device = new SimulatedDevice(options, (bytes) => void socket.write(bytes), () => socket.destroy());
    const framer = new Framer(options.profile === undefined ? {} : { profile: options.profile });
    socket.on('error', () => undefined);
    socket.on('close', () => (device.isOpen = false));
    socket.on('data', (bytes: Buffer) => {
      for (const piece of framer.push(bytes, 0)) if (piece.kind === 'frame') device.#take(piece.frame);
    });
    await once(socket, isTls ? 'secureConnect' : 'connect');
    return device;
  }

  static async udp(port: number, options: SimulatedDeviceOptions = {}): Promise<SimulatedDevice> {
    const socket = createSocket('udp4');
    const framer = new Framer();
    const device = new SimulatedDevice(options, (bytes) => socket.send(bytes, port, '127.0.0.1'), () => socket.close());
    socket.on('message', (bytes) => {
      for (const piece of framer.push(bytes, 0)) if (piece.kind === 'frame') device.#take(piece.frame);
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return device;
  }

  get profile(): Profile {
    return this.#options.profile ?? standardProfile;
  }

  /** Serial numbers that were confirmed, in the order of the confirmations. */
  get confirmed(): readonly number[] {
    return this.#serials(command.confirm);
  }

  get denied(): readonly number[] {
    return this.#serials(command.deny);
  }

  /** Orders and questions of the centre. */
  get asked(): readonly Frame[] {
    return this.received.filter((frame) => frame.command === command.control || frame.command === command.request);
  }

  /** A message of the device as bytes. */
  bytesOf(unit: UnitInput, head: Partial<FrameInput> = {}): Uint8Array {
    const { address = 889, time = () => '2026-11-23T16:00:00' } = this.#options;
    const serial = head.serial ?? this.#nextSerial++;
    return encodeFrame({ sentAt: time(), sourceDec: address, destinationDec: centreAddress, command: command.sendData, ...unit, ...head, serial }, this.profile);
  }

  /** Sends a message; its bytes, so that it can be sent again. */
  send(unit: UnitInput, head: Partial<FrameInput> = {}): Uint8Array {
    const bytes = this.bytesOf(unit, head);
    this.write(bytes);
    return bytes;
  }

  heartbeat(): void {
    const { command: byte, appHex } = this.profile.heartbeat;
    this.send({ appHex }, { command: byte });
  }

  /** Sends bytes as they are. */
  write(bytes: Uint8Array): void {
    this.#write(bytes);
  }

  /** Resolves when the message with this serial number is confirmed. */
  async confirmation(serial: number): Promise<void> {
    await until(() => this.confirmed.includes(serial), `the confirmation of ${serial}`);
  }

  /** Answers a question or order. */
  reply(to: Frame, answer: UnitInput | 'confirm' | 'deny'): void {
    if (answer === 'confirm' || answer === 'deny') this.send({}, { serial: to.serial, command: command[answer] });
    else this.send(answer, { serial: to.serial, command: command.answer });
  }

  close(): void {
    this.#close();
    this.isOpen = false;
  }

  #take(frame: Frame): void {
    this.received.push(frame);
    if (frame.command !== command.control && frame.command !== command.request) return;
    const answer = this.#options.answers?.(frame);
    if (answer !== undefined) this.reply(frame, answer);
  }

  #serials(byte: number): readonly number[] {
    return this.received.filter((frame) => frame.command === byte).map(({ serial }) => serial);
  }
}

/** Answers as a well-behaved device does, with these states of systems by their address. */
export function obedient(systems: Readonly<Record<number, number>> = {}): NonNullable<SimulatedDeviceOptions['answers']> {
  return (frame) => {
    if (frame.command === command.control) return 'confirm';
    if (frame.typeFlag === 81) return deviceState(1);
    const objects: readonly UnitObject[] = frame.objects ?? [];
    return frame.typeFlag === 61 ? system(systems[objects[0]?.systemAddress ?? -1] ?? 1, objects[0]?.systemAddress ?? 0) : 'deny';
  };
}
