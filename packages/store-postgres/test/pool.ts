// The driver itself, for a benchmark that compares with it.
export { Pool } from 'pg';
