// A PostgreSQL server of its own for a test or a benchmark: in a temporary folder, on a free port of the loopback address.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { appendFile, chown, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { findProgram, postgresServer } from '../../../scripts/peers.ts';

const run = promisify(execFile);
const startTimeoutMs = 30_000;

/** Where PostgreSQL's programs are; `undefined` when it is not installed. */
export const postgresFolder = ((file) => (file === undefined ? undefined : dirname(realpathSync(file))))(findProgram(postgresServer));

/** For the name of a suite that is left out. */
export const withoutPostgres = 'left out without PostgreSQL: apt-get install postgresql';

/** How {@link startCluster} starts. */
export interface ClusterOptions {
  /** Settings of the server beside our own, such as `{ fsync: 'off' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Variables of the server's process, such as `LD_PRELOAD`. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A running server. Its only user may do everything and has a password that no text can hold by chance. */
export interface Cluster extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Folder of the data files. */
  readonly data: string;
  url(database: string): string;
  /** Makes an empty database with a name of its own; answers the name. */
  createDatabase(): Promise<string>;
  /** One statement as an administrator. */
  query(database: string, sql: string): Promise<readonly Record<string, unknown>[]>;
  /** `kill -9` of the server; answers when it is gone. */
  kill(): Promise<void>;
  /** Starts the server again on the same data and port, with other settings if need be. */
  restart(options?: ClusterOptions): Promise<void>;
}

interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

/** PostgreSQL refuses to run as root: then it runs as its own user, or as nobody. */
async function findOwner(): Promise<Owner> {
  if (process.getuid?.() !== 0) return {};
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (!user) throw new Error('PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody');
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Starts a server. Takes one to two seconds; dispose it to end it and remove its files. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  if (postgresFolder === undefined) throw new Error('PostgreSQL is not installed: apt-get install postgresql');
  const owner = await findOwner();
  const folder = await mkdtemp(join(tmpdir(), 'wanglou-postgres-'));
  if (owner.uid !== undefined) await chown(folder, owner.uid, owner.gid!);
  const [data, logFile, passwordFile] = [join(folder, 'data'), join(folder, 'log'), join(folder, 'password')];
  const [host, port, user, password] = ['127.0.0.1', await freePort(), 'wanglou', 'p@ss:w/rd-七-5f1c'];
  await writeFile(passwordFile, password);
  if (owner.uid !== undefined) await chown(passwordFile, owner.uid, owner.gid!);
  await run(join(postgresFolder, 'initdb'), ['-D', data, '-U', user, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '--no-locale', '-E', 'UTF8', '--no-sync'], { ...owner, cwd: folder });
  await appendFile(join(data, 'postgresql.conf'), `\nlisten_addresses = '${host}'\nport = ${port}\nunix_socket_directories = ''\nshared_buffers = 32MB\nmax_connections = 100\n`);

  let server: ChildProcess | undefined;
  const tryStart = async ({ settings = {}, env = {} }: ClusterOptions): Promise<boolean> => {
    const log = await open(logFile, 'w');
    const child = spawn(join(postgresFolder, 'postgres'), ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])], { ...owner, cwd: folder, env: { ...process.env, ...env }, stdio: ['ignore', log.fd, log.fd] });
    await log.close();
    server = child;
    while (child.exitCode === null && child.signalCode === null) {
      if (/database system is ready to accept connections/.test(await readFile(logFile, 'utf8')) && (await answers(host, port))) return true;
      await pause(20);
    }
    return false;
  };
  const start = async (wanted: ClusterOptions): Promise<void> => {
    // What a killed server left behind needs a moment to go: its memory is in use until then.
    for (const deadlineMs = Date.now() + startTimeoutMs; ; await pause(100)) {
      if (await tryStart(wanted)) return;
      const log = await readFile(logFile, 'utf8');
      if (Date.now() > deadlineMs || !/lock file|shared memory block|Is another|Address already in use/.test(log)) throw new Error(`PostgreSQL did not start: ${log}`);
    }
  };
  const stop = async (signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): Promise<void> => {
    const child = server;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await exited;
  };
  const url = (database: string) => `postgres://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}`;
  const query = async (database: string, sql: string) => {
    const client = new Client({ connectionString: url(database) });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  // A test run that is interrupted leaves no server behind.
  const killAtExit = () => void server?.kill('SIGKILL');
  process.once('exit', killAtExit);
  let databases = 0;
  try {
    await start(options);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    host, port, user, password, data, url, query,
    async createDatabase() {
      const name = `campus_${++databases}`;
      await query('postgres', `CREATE DATABASE ${name}`);
      return name;
    },
    kill: () => stop('SIGKILL'),
    async restart(again = options) {
      await stop('SIGINT');
      await start(again);
    },
    async [Symbol.asyncDispose]() {
      // At once: its files are removed, nothing of them need be written first.
      await stop('SIGQUIT');
      process.off('exit', killAtExit);
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket(port, host, () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.end());
  });
}
