// The direction of dependence, as rules. See docs/design/architecture.md.
const typeOnly = { dependencyTypesNot: ['type-only'] };

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'the-verifier-imports-no-other-package', comment: 'it is written from the formats alone', severity: 'error', from: { path: '^packages/verify/(src|web)' }, to: { path: '^packages/(?!verify/)' } },
    { name: 'core-imports-no-other-package', severity: 'error', from: { path: '^packages/core/src' }, to: { path: '^packages/(?!core/)' } },
    {
      name: 'plugins-meet-only-at-contracts',
      severity: 'error',
      from: { path: '^packages/(plugin-[^/]+)/src' },
      to: { path: '^packages/plugin-', pathNot: ['^packages/$1/', '^packages/plugin-[^/]+/src/contract\\.ts$'] },
    },
    {
      name: 'no-deep-imports-of-other-packages',
      severity: 'error',
      from: { path: '^packages/([^/]+)/src' },
      to: { path: '^packages/[^/]+/src/', pathNot: ['^packages/$1/', '^packages/[^/]+/src/(index|testing|contract|proof|browser)\\.ts$'] },
    },
    {
      name: 'domain-folders-import-no-core',
      comment: 'folders of one noun stay free of the kernel; plugin.ts, operations and facts wire them. Types are welcome.',
      severity: 'error',
      from: { pathNot: '-thread\\.ts$', path: '^packages/plugin-[^/]+/src/(ingest|fmp4|segment|hls|live|edge|ffmpeg|retention|holds|storage|disks|fsck|archive|catalog|worker|soap|discovery|device|media|spool|tree|note|log|mirror|witness|receipt|search|verification|heartbeat|stamp|export|reconcile|ledger|seal|evidence|people|sessions|duty|grants|requests|register|delegations|documents|emergencies|oidc|packs|secrets|visits|workstations|gb26875|journal|server|signals|alarms)/' },
      to: { path: '^packages/core/', ...typeOnly },
    },
    {
      name: 'the-verifier-shares-no-code-with-the-writer',
      severity: 'error',
      from: { path: '^packages/plugin-audit/src/(tree|note|log|receipt|search|verification)/' },
      to: { path: '^packages/verify/' },
    },
    {
      name: 'the-page-imports-types-only',
      comment: 'save the verifier, which is made for browsers and trusts no server: the page checks the log with it.',
      severity: 'error',
      from: { path: '^packages/plugin-console/web/' },
      to: { path: '^packages/(?!plugin-console/)', pathNot: '^packages/verify/src/browser\\.ts$', ...typeOnly },
    },
    { name: 'packages-import-no-tests', severity: 'error', from: { path: '^packages/[^/]+/(src|web)/' }, to: { path: '/test/' } },
  ],
  options: { tsPreCompilationDeps: 'specify', tsConfig: { fileName: 'tsconfig.base.json' }, doNotFollow: { path: 'node_modules' }, enhancedResolveOptions: { conditionNames: ['@wanglou/source', 'types', 'import', 'node', 'default'], exportsFields: ['exports'] } },
};
