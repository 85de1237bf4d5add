// Publishes the packages of `packages/` that are not private, in the versions that are set; see docs/releasing.md.
// `--dry-run` packs and checks them and sends nothing; `--keep FOLDER` leaves the tarballs there.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { repositoryOf } from './release-repository.mjs';

const root = join(import.meta.dirname, '..');
const { values: options } = parseArgs({ options: { 'dry-run': { type: 'boolean' }, keep: { type: 'string' } } });
const place = mkdtempSync(join(tmpdir(), 'portico-release-'));

try {
  const origin = readyToRelease();
  const packages = published();
  build(packages);
  const tarballs = [];
  for (const one of packages) tarballs.push({ ...one, file: await packed(one, origin) });
  if (options['dry-run']) console.log('This was a dry run: nothing has been sent.');
  else publish(tarballs);
} catch (error) {
  console.error(`No release: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(place, { recursive: true, force: true });
}

/** Checks that what would be published is what is committed; answers with where it is published from. */
function readyToRelease() {
  const changed = git('status', '--porcelain');
  if (changed !== '') throw new Error(`these files are not committed:\n${changed}`);
  const pending = readdirSync(join(root, '.changeset')).filter((file) => file.endsWith('.md') && file !== 'README.md');
  if (pending.length > 0) throw new Error(`changesets wait for "npm run changeset version": ${pending.join(', ')}`);
  if (!git('remote').split('\n').includes('origin')) throw new Error('the clone has no remote origin');
  return git('remote', 'get-url', 'origin');
}

function published() {
  return readdirSync(join(root, 'packages'))
    .map((name) => ({ directory: `packages/${name}`, manifest: manifestIn(join(root, 'packages', name)) }))
    .filter(({ manifest }) => manifest.private !== true);
}

/** Builds from nothing: what a module that is gone has left in `dist` would be packed. */
function build(packages) {
  for (const { directory } of packages) rmSync(join(root, directory, 'dist'), { recursive: true, force: true });
  const filters = packages.map(({ manifest }) => `--filter=${manifest.name}`).join(' ');
  pnpm('install --frozen-lockfile --prefer-offline --silent');
  pnpm(`turbo run build ${filters} --output-logs=errors-only`);
}

/** Packs a package with its repository in the packed manifest, and checks the tarball. */
async function packed({ directory, manifest }, origin) {
  const folder = join(place, manifest.name.replace('/', '-'));
  mkdirSync(folder);
  pnpm(`--dir ${directory} pack --pack-destination ${folder}`);
  execFileSync('tar', ['-xzf', tarballIn(folder)], { cwd: folder });
  const unpacked = join(folder, 'package');
  const text = JSON.stringify({ ...manifestIn(unpacked), repository: repositoryOf(origin, directory) }, null, 2);
  writeFileSync(join(unpacked, 'package.json'), `${text}\n`);
  const destination = options.keep === undefined ? join(folder, 'packed') : resolve(options.keep, manifest.name);
  mkdirSync(destination, { recursive: true });
  npm(['pack', '--ignore-scripts', '--silent', '--pack-destination', destination], unpacked);
  const file = join(destination, tarballIn(destination));
  await check(file, manifest.name);
  console.log(`${manifest.name} ${manifest.version} is packed: ${readFileSync(file).length} bytes`);
  return file;
}

async function check(file, name) {
  const location = createRequire(join(root, 'packages/sdk/package.json')).resolve('publint');
  const { publint } = await import(pathToFileURL(location).href);
  const { messages } = await publint({ pack: { tarball: Uint8Array.from(readFileSync(file)).buffer }, strict: true });
  if (messages.length > 0) throw new Error(`publint on ${name}: ${JSON.stringify(messages)}`);
}

/** Publishes what the registry does not have yet, so that a release that broke off can be run again. */
function publish(tarballs) {
  for (const { manifest, file } of tarballs) {
    const tag = `${manifest.name}@${manifest.version}`;
    if (isPublished(tag)) console.log(`${tag} is published already.`);
    else npm(['publish', file, '--access', 'public', '--provenance'], root);
    if (git('tag', '--list', tag) === '') git('tag', tag);
  }
  console.log('Published. Now: npm run release:record, commit what it writes, git push --follow-tags.');
}

/** @throws {Error} when the registry does not answer. */
function isPublished(tag) {
  try {
    return npm(['view', tag, 'version'], root, 'pipe').trim() !== '';
  } catch (error) {
    if (/E404/.test(error.stderr)) return false;
    throw new Error(`the registry did not say whether it has ${tag}: ${error.stderr}`, { cause: error });
  }
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
