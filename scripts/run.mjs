// The way in for people and for CI: works on the machine's Node (20.19 or later), installs what is missing, and runs
// the rest on the Node 24 that comes with the dependencies.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, 'node_modules', '.bin');
const node24 = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const environment = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };

/** Runs a program to its end and answers its exit code; signals are handed on, so that Ctrl-C stops it cleanly. */
function run(file, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: root, stdio: 'inherit', env: environment, shell: process.platform === 'win32' && !file.endsWith('.exe'), ...options });
    const handOn = (signal) => child.kill(signal);
    process.on('SIGTERM', handOn);
    // The terminal sends Ctrl-C to the child as well; here it only must not end us before it.
    const wait = () => undefined;
    process.on('SIGINT', wait);
    // npm runs us through a shell, and a shell that is told to end hands nothing on: its end is the signal.
    const before = parents();
    const watch = setInterval(() => parents() !== before && child.kill('SIGTERM'), 200);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearInterval(watch);
      process.off('SIGTERM', handOn);
      process.off('SIGINT', wait);
      resolve(code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1));
    });
  });
}

/** Our parent; with its own parent, where it is the shell script that stands for `node` in node_modules/.bin and outlives npm. */
function parents() {
  const { ppid } = process;
  try {
    if (!readFileSync(`/proc/${ppid}/cmdline`, 'utf8').includes(join('.bin', 'node'))) return String(ppid);
    return `${ppid} ${/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${ppid}/status`, 'utf8'))?.[1]}`;
  } catch {
    // Not Linux, or the parent has just ended.
    return String(ppid);
  }
}

function sha256(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

/** Runs `make` unless `stamp` already holds `key`. */
async function once(stamp, key, title, make) {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return;
  process.stderr.write(`${title} …\n`);
  const startedMs = Date.now();
  const code = await make();
  if (code !== 0) {
    process.stderr.write(`${title}: failed (exit code ${code}). The lines above say why.\n`);
    process.exit(code);
  }
  mkdirSync(join(stamp, '..'), { recursive: true });
  writeFileSync(stamp, key);
  process.stderr.write(`${title}: ${((Date.now() - startedMs) / 1000).toFixed(1)} s\n`);
}

async function install() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const key = sha256(readFileSync(join(root, 'pnpm-lock.yaml')), process.version);
  const stamp = join(root, 'node_modules', '.wanglou-installed');
  if (!existsSync(node24)) rmSync(stamp, { force: true });
  await once(stamp, key, 'Installing', () => run('npx', ['--yes', packageManager, 'install', '--frozen-lockfile', '--prefer-offline', '--reporter=silent']));
}

/** Builds the pages that run in browsers: the packages themselves run from their sources. */
async function buildPages() {
  const verify = join(root, 'packages', 'verify');
  await oncePerSources(verify, ['package.json', 'src', 'web'], '.page-built', 'Building the verifier’s page', () => run(node24, [join(root, 'node_modules', 'tsup', 'dist', 'cli-default.js'), '--silent', '--config', join('web', 'tsup.config.ts')], { cwd: verify }));
  const console = join(root, 'packages', 'plugin-console');
  await oncePerSources(console, ['package.json', 'vite.config.ts', 'web', join('..', 'verify', 'src')], '.site-built', 'Building the console', () => run(node24, [join(console, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn'], { cwd: console }));
}

/** Runs `make` unless it ran for the same sources before. */
function oncePerSources(folder, names, stamp, title, make) {
  const sources = names.map((name) => join(folder, name)).flatMap((path) => (statSync(path).isDirectory() ? filesBelow(path) : [path]));
  return once(join(folder, 'dist', stamp), sha256(...sources.map((file) => readFileSync(file))), title, make);
}

/** Runs a script on Node 24, from the sources of the packages. Threads strip types by WebAssembly, and V8 may abort when it frees such code in one of several (nodejs/node 64500). */
function script(file, args) {
  return run(node24, ['--conditions=@wanglou/source', '--no-wasm-code-gc', '--disable-warning=ExperimentalWarning', join(root, file), ...args]);
}

const [command = 'help', ...args] = process.argv.slice(2);
const [name = '', ...rest] = args;
const commands = {
  start: async () => (await buildPages(), script('examples/campus/start.ts', args)),
  test: async () => (await buildPages(), script('scripts/test.ts', args)),
  check: () => script('scripts/test.ts', ['--checks', ...args]),
  build: async () => (await buildPages(), script('scripts/build.ts', args)),
  'api-reports': async () => (await script('scripts/build.ts', [])) || script('scripts/api-reports.ts', ['--update']),
  docs: () => script('scripts/docs.ts', args),
  wanglou: () => script('scripts/wanglou.ts', args),
  bench: async () => (await buildPages(), script(`bench/${name}/main.ts`, rest)),
  soak: () => script(`tests/soak/${name}.ts`, rest),
};

const chosen = commands[command];
if (!chosen) {
  process.stderr.write(`Unknown command ${command}; there are ${Object.keys(commands).join(', ')}\n`);
  process.exit(2);
}
await install();
process.exitCode = await chosen();
