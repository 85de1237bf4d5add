// Bundles the program with React Native's own classes, as its own module makes them global. What is native is the machine's.
const { readFileSync } = require('node:fs');
const paths = require('node:path');
const esbuild = require('esbuild');
const removeTypes = require('flow-remove-types');

const replacements = [
  [/TurboModuleRegistry$/, 'export const get = (name) => native.modules[name]; export const getEnforcing = get;'],
  [/RCTDeviceEventEmitter$/, 'export default native.events;'],
  [/vendor\/emitter\/EventEmitter$/, 'export default class {}'],
];

const reactNative = {
  name: 'react-native',
  setup(build) {
    for (const [filter, contents] of replacements) {
      build.onResolve({ filter }, ({ path }) => ({ path, namespace: 'native' }));
      build.onLoad({ filter, namespace: 'native' }, () => ({ contents }));
    }
    build.onLoad({ filter: /react-native\/package\/.*\.js$/ }, ({ path }) => ({
      contents: removeTypes(readFileSync(path, 'utf8'), { all: true }).toString(),
    }));
  },
};

esbuild
  .build({
    stdin: {
      contents: `
        import './react-native/package/Libraries/Core/setUpXHR.js';
        import './call-natively.ts';`,
      resolveDir: __dirname,
    },
    bundle: true,
    outfile: paths.join(__dirname, 'app.js'),
    format: 'iife',
    target: 'es2022',
    platform: 'neutral',
    mainFields: ['react-native', 'browser', 'module', 'main'],
    conditions: ['react-native'],
    resolveExtensions: ['.ios.js', '.native.js', '.ts', '.js'],
    define: { __DEV__: 'false', global: 'globalThis' },
    plugins: [reactNative],
    logLevel: 'error',
  })
  .catch(() => process.exit(1));
