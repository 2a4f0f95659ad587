// `npm test`: every check and every test, cheapest first. The last line is `N passed, N failed`.
// With --checks, everything but the tests. With --quick, type check, lint, boundaries and unit tests.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPackages } from './build.ts';
import { compareApiReports } from './api-reports.ts';
import { buildDocs } from './docs.ts';
import { packages, pool, root, run } from './lib.ts';
import { examinePackages } from './packaging.ts';
import { missingPeers } from './peers.ts';

/** What a step found: how many of its parts were good, and what was wrong with the others. */
interface Result {
  readonly passed: number;
  readonly failures: readonly string[];
  readonly leftOut?: number;
}

interface Step {
  readonly name: string;
  readonly when: readonly ('checks' | 'quick' | 'all')[];
  run(): Promise<Result>;
}

const fromOutput = ({ code, output }: { code: number; output: string }): Result => (code === 0 ? { passed: 1, failures: [] } : { passed: 0, failures: [output] });
const fromProblems = (problems: readonly string[]): Result => ({ passed: problems.length === 0 ? 1 : 0, failures: problems });

async function checkTypes(): Promise<Result> {
  const projects = [...packages().map((one) => one.folder), ...['scripts', 'tests', 'bench', 'examples/campus', 'examples/embed', 'examples/plugin', 'packages/plugin-console/web'].map((folder) => join(root, folder))];
  const failures: string[] = [];
  await pool(projects, async (project) => {
    const { code, output } = await run('tsc', ['-p', project]);
    if (code !== 0) failures.push(`${project}\n${output}`);
  });
  return { passed: projects.length - failures.length, failures };
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly { readonly name: string; readonly status: string; readonly message: string; readonly assertionResults: readonly { readonly status: string; readonly fullName: string; readonly failureMessages: readonly string[] }[] }[];
}

async function runTests(project: string): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'wanglou-test-'));
  const report = join(folder, 'report.json');
  try {
    const { code } = await run('vitest', ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`], { show: true });
    const { numPassedTests, numPendingTests, testResults } = JSON.parse(await readFile(report, 'utf8')) as VitestReport;
    const failures = testResults.flatMap((file) => [
      ...(file.status === 'failed' && file.assertionResults.every((one) => one.status !== 'failed') ? [`${file.name}: ${file.message}`] : []),
      ...file.assertionResults.filter((one) => one.status === 'failed').map((one) => `${one.fullName}\n${one.failureMessages.join('\n')}`),
    ]);
    if (code !== 0 && failures.length === 0) failures.push(`vitest ended with ${code}; its output above says why`);
    return { passed: numPassedTests, failures, leftOut: numPendingTests };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const steps: readonly Step[] = [
  { name: 'type check', when: ['checks', 'quick', 'all'], run: checkTypes },
  { name: 'lint', when: ['checks', 'quick', 'all'], run: async () => fromOutput(await run('oxlint', ['--deny-warnings', '.'])) },
  { name: 'boundaries', when: ['checks', 'quick', 'all'], run: async () => fromOutput(await run('depcruise', ['packages', '--include-only', '^packages/[^/]+/(src|web|test)'])) },
  { name: 'build', when: ['checks', 'all'], run: async () => fromProblems(await buildPackages()) },
  { name: 'API reports', when: ['checks', 'all'], run: async () => fromProblems(compareApiReports(false)) },
  { name: 'packaging', when: ['checks', 'all'], run: async () => fromProblems(await examinePackages()) },
  { name: 'reference docs', when: ['checks', 'all'], run: async () => fromOutput(await buildDocs()) },
  { name: 'unit tests', when: ['quick', 'all'], run: () => runTests('unit') },
  { name: 'end-to-end tests', when: ['all'], run: () => runTests('e2e') },
];

const mode = process.argv.includes('--checks') ? 'checks' : process.argv.includes('--quick') ? 'quick' : 'all';
let passed = 0;
let leftOut = 0;
const failed: string[] = [];
for (const step of steps.filter((one) => one.when.includes(mode))) {
  const startedMs = Date.now();
  const result = await step.run();
  passed += result.passed;
  leftOut += result.leftOut ?? 0;
  failed.push(...result.failures.map((failure) => `${step.name}: ${failure}`));
  process.stdout.write(`${result.failures.length === 0 ? '✔' : '✖'} ${step.name} (${((Date.now() - startedMs) / 1000).toFixed(1)} s)\n`);
}
for (const failure of failed) process.stdout.write(`\n✖ ${failure}\n`);
if (leftOut > 0) {
  process.stdout.write(`\n${leftOut} tests were left out.\n`);
  for (const { name, install } of await missingPeers()) process.stdout.write(`  ${name} is missing: ${install}\n`);
}
process.stdout.write(`\n${passed} passed, ${failed.length} failed\n`);
process.exitCode = failed.length > 0 ? 1 : 0;
