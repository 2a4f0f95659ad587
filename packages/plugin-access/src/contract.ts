/**
 * What other plugins and the console may use of plugin-access: its operations.
 *
 * @packageDocumentation
 */
export * from './contract/sessions.ts';
export * from './contract/people.ts';
export * from './contract/requests.ts';
export * from './contract/register.ts';
export * from './contract/policy.ts';
