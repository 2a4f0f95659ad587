// The public API of every entry point as a file under etc/, so that a change of it is seen in the diff.
// `npm run api-reports` writes them; the check fails when they are not what was committed.
import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Extractor, ExtractorConfig, type IConfigFile } from '@microsoft/api-extractor';
import { packages, root, type Package } from './lib.ts';

function configOf(one: Package, source: string): ExtractorConfig {
  const name = source.replace(/^\.\/src\//, '').replace(/\.ts$/, '');
  const reportFolder = join(one.folder, 'etc');
  mkdirSync(reportFolder, { recursive: true });
  const configObject: IConfigFile = {
    projectFolder: one.folder,
    mainEntryPointFilePath: join(one.folder, 'dist', `${name}.d.ts`),
    compiler: { overrideTsconfig: { extends: '../../tsconfig.base.json', compilerOptions: { customConditions: null, allowImportingTsExtensions: true, noEmit: true }, include: [join('dist', `${name}.d.ts`)] } },
    apiReport: { enabled: true, reportFileName: `${name}.api.md`, reportFolder, reportTempFolder: join(one.folder, 'dist', 'etc') },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    messages: {
      compilerMessageReporting: { default: { logLevel: 'error' as never } },
      extractorMessageReporting: {
        default: { logLevel: 'none' as never },
        'ae-forgotten-export': { logLevel: 'none' as never },
      },
      tsdocMessageReporting: { default: { logLevel: 'none' as never } },
    },
  };
  return ExtractorConfig.prepare({ configObject, configObjectFullPath: undefined, packageJsonFullPath: join(one.folder, 'package.json') });
}

/** Compares (or, with `update`, writes) every report; answers those that differ. Needs built packages. */
export function compareApiReports(update: boolean): readonly string[] {
  const differing: string[] = [];
  for (const one of packages()) {
    for (const source of one.entries.values()) {
      const config = configOf(one, source);
      const result = Extractor.invoke(config, { localBuild: update, showVerboseMessages: false, messageCallback: (message) => void (message.handled = message.logLevel !== ('error' as never)) });
      if (result.errorCount > 0 || (result.apiReportChanged && !update)) differing.push(relative(root, config.reportFilePath));
    }
  }
  return differing;
}

if (import.meta.main) {
  const update = process.argv.includes('--update');
  const differing = compareApiReports(update);
  for (const file of differing) process.stderr.write(`${file} is not the API of the sources; see \`npm run api-reports\` in CONTRIBUTING.md\n`);
  process.exitCode = differing.length > 0 ? 1 : 0;
}
