// What Portico installs and passes on, held against the licences that it may have and against NOTICE. Prints what is wrong and exits
// with 1. `--write` writes the list of packages at the end of NOTICE; `--notice FILE` reads another.
import { existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';

/** Licences that ask for no more than their text and a notice. */
const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Unlicense',
  'Zlib',
]);
/** Others, for one package each, and why it may have it. */
const exceptions = {
  '@img/sharp-libvips-*': ['LGPL-3.0-or-later', 'a shared library of its own, which can be replaced'],
  'codec-parser': ['LGPL-3.0-or-later', 'JavaScript in a package of its own, which can be replaced'],
  'caniuse-lite': ['CC-BY-4.0', 'data; NOTICE names where it is from'],
};
/** What is published, and what the images of the service and of the demo page are made of. */
const starts = [
  ...['schemas', 'api', 'media', 'server', 'sdk'].map((name) => `packages/${name}`),
  'models',
  'apps/server',
  'apps/demo-web',
];
/** Packages for one system each are one entry. */
const systems = /-(linux|linuxmusl|darwin|win32|freebsd|openbsd|wasm32)(-.*)?$/;
const listTitle = '(written by node scripts/third-party.mjs --write)\n';

const root = join(import.meta.dirname, '..');
/** What pnpm leaves out: `'package>dependency': '-'`. */
const leftOut = new Set(
  [...readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8').matchAll(/'([^'>]+>[^']+)': '-'/g)].map(
    ([, pair]) => pair,
  ),
);
const { values: options } = parseArgs({
  options: { write: { type: 'boolean', default: false }, notice: { type: 'string', default: join(root, 'NOTICE') } },
});

const installed = installedPackages();
const notice = readFileSync(options.notice, 'utf8');
const [text, list] = notice.split(listTitle);
if (list === undefined) throw new Error(`${options.notice} has no line "${listTitle.trim()}".`);
if (options.write) writeFileSync(options.notice, `${text}${listTitle}${packageList()}`);

const problems = options.write ? [] : [...licenceProblems(), ...listProblems(), ...missingEntries()];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else
  console.log(
    `${installed.size} packages, all with licences that Portico may pass on and with their entries in NOTICE`,
  );

/** Everything that `dependencies` and `optionalDependencies` lead to, by name, as it is installed here. */
function installedPackages() {
  const found = new Map();
  const seen = new Set();
  const visit = (folder, isOwn) => {
    if (seen.has(folder)) return;
    seen.add(folder);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    if (!isOwn) found.set(manifest.name.replace(systems, '-*'), { folder, licence: manifest.license });
    for (const [name, isOptional] of [
      ...Object.keys(manifest.dependencies ?? {}).map((name) => [name, false]),
      ...Object.keys(manifest.optionalDependencies ?? {}).map((name) => [name, true]),
    ]) {
      if (leftOut.has(`${manifest.name}>${name}`)) continue;
      const place = placeOf(name, folder);
      if (place === undefined && !isOptional && !(name in (manifest.optionalDependencies ?? {})))
        throw new Error(`${manifest.name} needs ${name}, which is not installed. Run npm test, or install everything.`);
      if (place !== undefined) visit(place, !relative(root, place).includes('node_modules'));
    }
  };
  for (const start of starts) visit(join(root, start), true);
  return found;
}

/** Where Node would find a package from this folder. */
function placeOf(name, folder) {
  for (let here = folder; ; here = dirname(here)) {
    const place = join(here, 'node_modules', name);
    if (existsSync(join(place, 'package.json'))) return realpathSync(place);
    if (here === dirname(here)) return undefined;
  }
}

function licenceProblems() {
  return [...installed].flatMap(([name, { licence }]) => {
    if (typeof licence === 'string' && (isAllowed(licence) || exceptions[name]?.[0] === licence)) return [];
    const remedy = 'Choose another package, or add the licence to scripts/third-party.mjs with the reason.';
    return [`${name} is licensed under ${JSON.stringify(licence)}, which Portico may not pass on as it is. ${remedy}`];
  });
}

/** An SPDX expression: one side of an OR suffices. */
function isAllowed(expression) {
  const bare = expression.replaceAll(/[()]/g, '');
  return bare.split(' OR ').some((side) => side.split(' AND ').every((licence) => allowed.has(licence)));
}

function packageList() {
  const byLicence = new Map();
  for (const [name, { licence }] of installed) byLicence.set(licence, [...(byLicence.get(licence) ?? []), name]);
  return [...byLicence]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([licence, names]) => `\n${licence}\n${indented(names.toSorted().join(', '))}\n`)
    .join('');
}

/** In lines of a readable length. */
function indented(words) {
  const lines = [''];
  for (const word of words.split(' ')) {
    if (lines.at(-1).length + word.length > 130) lines.push('');
    lines.push(`${lines.pop()} ${word}`);
  }
  return lines.map((line) => ` ${line}`).join('\n');
}

function listProblems() {
  // Other systems install other packages, under licences of their own.
  const names = new Set(list.split(/[\s,]+/));
  const isRight =
    process.platform === 'linux' ? list === packageList() : [...installed.keys()].every((name) => names.has(name));
  if (isRight) return [];
  const missing = [...installed.keys()].filter((name) => !names.has(name));
  const which = missing.length === 0 ? '' : `: ${missing.join(', ')}`;
  return [`The list of packages in NOTICE is not what is installed${which}. Run node scripts/third-party.mjs --write.`];
}

/** What needs an entry in words: weights, samples, fonts, native libraries, and packages without a licence text. */
function missingEntries() {
  const wanted = [];
  for (const model of readdirSync(join(root, 'models'))) {
    const registration = join(root, 'models', model, 'index.ts');
    if (!existsSync(registration)) continue;
    const source = readFileSync(registration, 'utf8');
    for (const [, name] of source.matchAll(/(?:npmFile\(|[pP]ackage = )\s*'([^']+)'/g))
      wanted.push([name, 'has weights']);
    const weights = join(root, 'models', model, 'weights');
    if (existsSync(weights))
      for (const file of readdirSync(weights)) wanted.push([`models/${model}/weights/${file}`, 'is a file of weights']);
  }
  for (const file of readdirSync(join(root, 'samples')))
    if (file !== 'README.md') wanted.push([`samples/${file}`, 'is passed on']);
  for (const folder of ['models', 'evaluation/ocr']) {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    for (const name of Object.keys({ ...dependencies, ...devDependencies }))
      if (/font/.test(name)) wanted.push([name, 'has fonts']);
  }
  for (const [name, { folder }] of installed) {
    const files = readdirSync(folder);
    if (!files.some((file) => /^(licen[cs]e|copying)/i.test(file))) wanted.push([name, 'comes without a licence text']);
    if (files.includes('versions.json') && /libvips/.test(name))
      for (const library of Object.keys(JSON.parse(readFileSync(join(folder, 'versions.json'), 'utf8'))))
        wanted.push([library, `is in ${name}`]);
    if (holdsBinaries(folder)) wanted.push([name, 'has native code or WebAssembly']);
  }
  const words = new Set(text.split(/[\s,():;]+/).map((word) => word.replace(/\.$/, '')));
  return wanted
    .filter(([name]) => !words.has(name))
    .map(([name, why]) => `NOTICE has no entry for ${name}, which ${why}. Say whose it is, and under which licence.`);
}

/** Libraries that a process loads, in the folder or below. */
function holdsBinaries(folder) {
  return readdirSync(folder, { withFileTypes: true }).some((entry) => {
    if (entry.isDirectory()) return entry.name !== 'node_modules' && holdsBinaries(join(folder, entry.name));
    return /\.(node|wasm|dylib|dll|so(\.[\d.]+)?)$/.test(entry.name);
  });
}
