/**
 * Sign-in, HTTP API, OpenAPI, server-sent events and media routes.
 *
 * @packageDocumentation
 */
export { HttpError, httpErrorTable, type HttpErrorCode } from './errors.ts';
export { http } from './plugin.ts';
export type { NextStep, Problem } from './problem/problem.ts';
