/**
 * The web control room: prebuilt static files, given to the HTTP server.
 *
 * @packageDocumentation
 */
export { ConsoleError, consoleErrorTable, type ConsoleErrorCode } from './console-error.ts';
export { consoleSite, consoleSite as console } from './plugin.ts';
