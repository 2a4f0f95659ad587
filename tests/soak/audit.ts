// `npm run soak -- audit [kills]`: kill -9 during appends from sixteen callers, on SQLite and on PostgreSQL.
import { run } from '../../scripts/lib.ts';

const kills = process.argv[2] ?? '200';
const { code } = await run('vitest', ['run', '--project', 'unit', 'packages/plugin-audit/test/crash.test.ts'], { show: true, env: { CRASH_KILLS: kills } });
process.exitCode = code;
