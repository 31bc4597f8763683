/**
 * Imports point one way: domain <- contracts <- plan <- {ops, engine, singan, imaging, storage, database, queue, webhooks, config} <- apps.
 * Each rule names what a room may import; everything else of ours is refused.
 */
const TESTS = '(\\.(test|fixture|contract)\\.ts$|/testing/)';

const room = (name, allowed) => ({
  name: `${name.replaceAll(/[^a-z]+/g, '-')}-imports`,
  comment: `${name} may import only: ${allowed.join(', ') || 'nothing of ours'}`,
  severity: 'error',
  from: { path: `^${name}/src/`, pathNot: TESTS },
  to: { path: '^(packages|apps|bench|test)/', pathNot: [name, ...allowed].map((dir) => `^${dir}/`) },
});
const pkg = (...names) => names.map((name) => `packages/${name}`);
const apiPackages = pkg('config', 'contracts', 'database', 'domain', 'imaging', 'plan', 'queue', 'storage', 'webhooks');

module.exports = {
  forbidden: [
    room('packages/domain', []),
    room('packages/contracts', pkg('domain')),
    room('packages/plan', pkg('contracts', 'domain')),
    room('packages/config', pkg('contracts', 'domain')),
    room('packages/ops', []),
    room('packages/engine', pkg('domain', 'ops')),
    room('packages/singan', pkg('contracts', 'domain', 'ops', 'plan')),
    room('packages/imaging', pkg('contracts', 'domain')),
    room('packages/storage', pkg('domain')),
    room('packages/database', pkg('contracts', 'domain')),
    room('packages/queue', pkg('contracts', 'domain')),
    room('packages/webhooks', pkg('contracts', 'domain')),
    room('packages/evaluation', pkg('contracts', 'domain', 'ops', 'plan', 'singan')),
    room('packages/testkit', pkg('contracts', 'domain', 'storage')),
    room('apps/api', apiPackages),
    room('apps/worker', [...apiPackages, ...pkg('engine', 'evaluation', 'singan')]),
    room('apps/local', pkg('config', 'contracts', 'database', 'domain', 'imaging')),
    room('bench', pkg('config', 'contracts', 'domain', 'engine', 'evaluation', 'imaging', 'plan', 'singan')),
    {
      name: 'no-tensorflow-in-the-api',
      comment: 'The api process must not reach TensorFlow.js by any path',
      severity: 'error',
      from: { path: '^apps/api/src/' },
      to: { path: '(node_modules/@tensorflow/|^packages/(ops|engine|singan)/)', reachable: true },
    },
    {
      name: 'no-engine-in-the-worker-host',
      comment: 'Only the trainer child loads an engine: the host must not reach one',
      severity: 'error',
      from: { path: '^apps/worker/src/main\\.ts$' },
      to: { path: '(node_modules/@tensorflow/|^packages/engine/)', reachable: true },
    },
    {
      name: 'no-testkit-in-the-product',
      severity: 'error',
      from: { path: '^(apps|packages)/', pathNot: [TESTS, '^packages/testkit/'] },
      to: { path: '^packages/testkit/' },
    },
    {
      name: 'no-deep-imports',
      comment: 'A package is entered by its index.ts alone',
      severity: 'error',
      from: { path: '^(packages/[^/]+|apps/[^/]+|bench|test)/' },
      to: { path: '^packages/([^/]+)/', pathNot: ['^packages/[^/]+/src/index\\.ts$', '^$1/'] },
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: { path: '^(packages|apps|bench)/', pathNot: '/generated/' },
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '/src/', pathNot: ['/page/', '\\.d\\.ts$'] },
      to: {},
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '\\.node$' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(\\.types|generated)/' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
