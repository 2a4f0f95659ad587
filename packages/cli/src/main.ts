// The `wanglou` command.
import { Command, CommanderError } from 'commander';
import { verifyAuditLog } from './commands/audit-verify.ts';
import { checkConfig } from './commands/check.ts';
import { examine } from './commands/doctor.ts';
import { diffPolicies } from './commands/policy-diff.ts';
import { verifyPolicy } from './commands/policy-verify.ts';
import { checkRecordings, type RecorderFsckOptions } from './commands/recorder-fsck.ts';
import { runCampus } from './commands/start.ts';
import { runWitness, type WitnessCommandOptions } from './commands/witness.ts';
import { loadConfig } from './load-config.ts';
import { loadPack } from './load-pack.ts';
import { languageOfEnvironment, sayFailure, type Terminal } from './terminal.ts';

const processTerminal: Terminal = {
  language: languageOfEnvironment(process.env),
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
};

/** Runs a command line; answers the exit code and never throws. */
export async function main(args: readonly string[], terminal: Terminal = processTerminal): Promise<number> {
  let exitCode = 0;
  const program = new Command('wanglou').description('Public-safety video for campuses').exitOverride().configureOutput({ writeOut: (text) => terminal.out(text.trimEnd()), writeErr: (text) => terminal.err(text.trimEnd()) });
  const dataFolder = process.env['DATA_DIR'] ?? './data';
  program
    .command('start')
    .description('run the campus of this folder until Ctrl-C')
    .option('-c, --config <file>', 'configuration, wanglou.config.ts unless said')
    .action(async ({ config }: { config?: string }) => void (exitCode = await runCampus(await loadConfig(config), { terminal, signal: stopSignal() })));
  program
    .command('check')
    .description('say everything that is wrong with the configuration')
    .option('-c, --config <file>', 'configuration, wanglou.config.ts unless said')
    .action(async ({ config }: { config?: string }) => void (exitCode = await checkConfig(await loadConfig(config), terminal)));
  program
    .command('audit')
    .description('the audit log')
    .command('verify')
    .description('check every entry, tile and signature in the data folder')
    .option('-d, --data <folder>', 'data folder', dataFolder)
    .option('-k, --key <vkey>', 'verifier key that must have signed the published checkpoint; that of audit-key.pem unless said')
    .option('-p, --policy <file>', 'witness policy that the published checkpoint must meet')
    .action(async ({ data, ...options }: { data: string; key?: string; policy?: string }) => void (exitCode = await verifyAuditLog(data, terminal, options)));
  program
    .command('recorder')
    .description('the recordings')
    .command('fsck')
    .description('find and explain every difference between the disks and the index of recordings, while the campus does not run')
    .option('-c, --config <file>', 'configuration, wanglou.config.ts unless said')
    .option('--repair', 'put right what can be: rows for files without one, gaps for time that nothing explains; makes a lost index anew')
    .option('--hashes', 'read every file and compare its hash')
    .option('--json', 'one JSON document a line')
    .action(async ({ config, ...options }: RecorderFsckOptions & { readonly config?: string }) => void (exitCode = await checkRecordings(await loadConfig(config), { terminal, signal: stopSignal() }, options)));
  const policy = program.command('policy').description('policy packs: an id such as upc-2013, or a file (.json, .ts, .js)');
  policy
    .command('verify <pack>')
    .description('prove a pack over every valuation of the facts')
    .action(async (pack: string) => void (exitCode = verifyPolicy(await loadPack(pack), terminal)));
  policy
    .command('diff <before> <after>')
    .description('say what another pack would open and close')
    .action(async (before: string, after: string) => void (exitCode = diffPolicies(await loadPack(before), await loadPack(after), terminal)));
  program
    .command('witness')
    .description('cosign audit logs of others that only ever grow, until Ctrl-C')
    .requiredOption('-d, --data <folder>', 'where the key and what was cosigned are kept; back it up')
    .requiredOption('-n, --name <name>', 'its name, such as office.example.edu/w1')
    .requiredOption('-l, --log <key...>', 'verifier key of a log, or a file that holds it; as often as there are logs')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on', '7380')
    .action(async (options: WitnessCommandOptions) => void (exitCode = await runWitness(options, { terminal, signal: stopSignal() })));
  program
    .command('doctor')
    .description('look at this machine and say what would go wrong')
    .option('-d, --data <folder>', 'data folder', dataFolder)
    .action(async ({ data }: { data: string }) => void (exitCode = await examine(data, terminal)));
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    sayFailure(terminal, error);
    return 1;
  }
  return exitCode;
}

/** Ctrl-C and SIGTERM. A second Ctrl-C ends at once. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return controller.signal;
}
