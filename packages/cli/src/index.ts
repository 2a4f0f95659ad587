/**
 * The `wanglou` command, also for programs.
 *
 * @packageDocumentation
 */
export { runCampus, type RunOptions } from './commands/start.ts';
export { CliError, cliErrorTable, type CliErrorCode } from './errors.ts';
export { main, stopSignal } from './main.ts';
export { languageOfEnvironment, type Terminal } from './terminal.ts';
