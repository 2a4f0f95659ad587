/**
 * Fire alarms: received, stored, confirmed and told.
 *
 * @packageDocumentation
 */
export { fire } from './plugin.ts';
export type { FireConfig } from './config.ts';
export { FireError, fireErrorTable, type FireErrorCode } from './errors.ts';
export { Journal, type JournalOptions } from './journal/journal.ts';
export { fireMigrations, type FireTables, type FrameTable, type LevelTable, type UnsettledTable } from './journal/tables.ts';
export type { Device } from './server/devices.ts';
export type { ExchangeResult } from './server/exchanges.ts';
export { FireServer, type FireServerOptions } from './server/fire-server.ts';
export type { TcpAddress } from './server/tcp-listener.ts';
