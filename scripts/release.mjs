// Publishes the packages of `packages/` that are not private, in the versions that are set; see docs/releasing.md.
// `--dry-run` packs and checks them and sends nothing; `--keep FOLDER` leaves the tarballs there.
// `--rehearse URL` publishes what is built, committed or not, to a registry of a test: without provenance and tags.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { repositoryOf } from './release-repository.mjs';

const root = join(import.meta.dirname, '..');
const { values: options } = parseArgs({
  options: { 'dry-run': { type: 'boolean' }, keep: { type: 'string' }, rehearse: { type: 'string' } },
});
const place = mkdtempSync(join(tmpdir(), 'portico-release-'));

try {
  const packages = inDependencyOrder(publicPackages());
  const origin = options.rehearse === undefined ? readyToRelease() : undefined;
  if (options.rehearse === undefined) build(packages);
  const tarballs = [];
  for (const one of packages) tarballs.push({ ...one, file: await pack(one, origin) });
  if (options['dry-run']) console.log('This was a dry run: nothing has been sent.');
  else publish(tarballs);
} catch (error) {
  console.error(`No release: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(place, { recursive: true, force: true });
}

/** Checks that what would be published is what is committed; returns where it is published from. */
function readyToRelease() {
  const changed = git('status', '--porcelain');
  if (changed !== '') throw new Error(`these files are not committed:\n${changed}`);
  const pending = readdirSync(join(root, '.changeset')).filter((file) => file.endsWith('.md') && file !== 'README.md');
  if (pending.length > 0) throw new Error(`changesets wait for "npm run changeset version": ${pending.join(', ')}`);
  if (!git('remote').split('\n').includes('origin')) throw new Error('the clone has no remote origin');
  return git('remote', 'get-url', 'origin');
}

function publicPackages() {
  return readdirSync(join(root, 'packages'))
    .map((name) => ({ directory: `packages/${name}`, manifest: manifestIn(join(root, 'packages', name)) }))
    .filter(({ manifest }) => manifest.private !== true);
}

/** Dependencies come first, so that no published package has one that is missing. */
function inDependencyOrder(packages) {
  const ordered = new Set();
  const add = (one) => {
    for (const other of packages) if (one.manifest.dependencies?.[other.manifest.name] !== undefined) add(other);
    ordered.add(one);
  };
  for (const one of packages) add(one);
  return [...ordered];
}

/** Builds from nothing: what a module that is gone has left in `dist`, or in the cache of a build, would be packed. */
function build(packages) {
  for (const { directory } of packages) rmSync(join(root, directory, 'dist'), { recursive: true, force: true });
  const filters = packages.map(({ manifest }) => `--filter=${manifest.name}`).join(' ');
  pnpm('install --frozen-lockfile --prefer-offline --silent');
  pnpm(`turbo run build ${filters} --force --output-logs=errors-only`);
}

/** Packs a package with its repository in the packed manifest, and checks the tarball. */
async function pack({ directory, manifest }, origin) {
  const folder = join(place, manifest.name.replace('/', '-'));
  mkdirSync(folder);
  pnpm(`--dir ${directory} pack --pack-destination ${folder}`);
  execFileSync('tar', ['-xzf', tarballIn(folder)], { cwd: folder });
  const unpacked = join(folder, 'package');
  const repository = origin === undefined ? {} : { repository: repositoryOf(origin, directory) };
  const text = JSON.stringify({ ...manifestIn(unpacked), ...repository }, null, 2);
  writeFileSync(join(unpacked, 'package.json'), `${text}\n`);
  const destination = options.keep === undefined ? join(folder, 'packed') : resolve(options.keep, manifest.name);
  mkdirSync(destination, { recursive: true });
  npm(['pack', '--ignore-scripts', '--silent', '--pack-destination', destination], unpacked);
  const file = join(destination, tarballIn(destination));
  const tarball = Uint8Array.from(readFileSync(file));
  await check(tarball, manifest.name);
  console.log(`${manifest.name} ${manifest.version} is packed: ${tarball.length} bytes`);
  return file;
}

/** @throws {Error} when an entry cannot be imported, or its types cannot be found, wherever ES modules are understood. */
async function check(tarball, name) {
  const [{ publint }, { checkPackage, createPackageFromTarballData }] = await Promise.all([
    importTool('publint'),
    importTool('@arethetypeswrong/core'),
  ]);
  const { messages } = await publint({ pack: { tarball: tarball.buffer }, strict: true });
  if (messages.length > 0) throw new Error(`publint on ${name}: ${JSON.stringify(messages)}`);
  const { types, problems } = await checkPackage(createPackageFromTarballData(tarball));
  if (!types) throw new Error(`${name} has no types`);
  const found = problems.filter(
    ({ kind, resolutionKind }) =>
      kind !== 'CJSResolvesToESM' && resolutionKind !== 'node10' && resolutionKind !== 'node16-cjs',
  );
  if (found.length > 0) throw new Error(`the types of ${name}: ${JSON.stringify(found)}`);
}

/** Publishes what the registry does not have yet, so that a release that broke off can be run again. */
function publish(tarballs) {
  const { rehearse } = options;
  for (const { manifest, file } of tarballs) {
    const tag = `${manifest.name}@${manifest.version}`;
    const registry = rehearse === undefined ? [] : [`--${manifest.name.split('/')[0]}:registry=${rehearse}`];
    const provenance = rehearse === undefined ? '--provenance' : '--no-provenance';
    if (isPublished(tag, registry)) console.log(`${tag} is published already.`);
    else npm(['publish', file, '--access', 'public', provenance, ...registry], root);
    if (rehearse === undefined && git('tag', '--list', tag) === '') git('tag', tag);
  }
  if (rehearse === undefined) {
    console.log('Published. Now: npm run release:record, commit what it writes, git push --follow-tags.');
  }
}

/** @throws {Error} when the registry does not answer. */
function isPublished(tag, registry) {
  try {
    // Whatever level npm runs this script with: the reason is read from its words.
    return npm(['view', tag, 'version', '--loglevel=error', ...registry], root, 'pipe').trim() !== '';
  } catch (error) {
    if (/E404/.test(error.stderr)) return false;
    throw new Error(`the registry did not say whether it has ${tag}: ${error.stderr}`, { cause: error });
  }
}

/** The tools are dependencies of the packages' tests. */
async function importTool(name) {
  const { resolve: find } = createRequire(join(root, 'packages/schemas/package.json'));
  return import(pathToFileURL(find(name)).href);
}

function manifestIn(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

function tarballIn(folder) {
  const [file, ...others] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  if (file === undefined || others.length > 0) throw new Error(`there must be one tarball in ${folder}`);
  return file;
}

function git(...words) {
  return execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim();
}

function npm(words, cwd, stdio = ['ignore', 'ignore', 'inherit']) {
  return execFileSync('npm', words, { cwd, encoding: 'utf8', stdio, shell: process.platform === 'win32' });
}

function pnpm(command) {
  const script = join(import.meta.dirname, 'pnpm.mjs');
  execFileSync(process.execPath, [script, command], { stdio: ['ignore', 'ignore', 'inherit'] });
}
