// The supply chain: licences and NOTICE (third-party.mjs), and known vulnerabilities of what is installed to run, as the npm registry lists
// them. Mirrors often have no such list, and say so; any other failure to get it fails where CI=true. That an advisory is found is tried on a
// registry of this script's own.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const root = join(import.meta.dirname, '..');
/** What `pnpm audit` fails on. Advisories that do not concern Portico: auditConfig.ignoreGhsas in pnpm-workspace.yaml, with the reason. */
const level = 'moderate';
const auditTimeoutMs = 120_000;
/** How pnpm tells that the registry has no list: not found, method not allowed, not implemented. */
const noList = /responded with (404|405|501)/;

const failures = [];

const licences = spawnSync(process.execPath, [join(root, 'scripts', 'third-party.mjs')], { stdio: 'inherit' });
if (licences.status !== 0) failures.push('licences and NOTICE');

const control = await auditOfAFindableAdvisory();
if (control.findings > 0) console.log('a known vulnerability of a package that is installed is found');
else failures.push(`an advisory that is not found: ${control.output}`);

const { findings, output } = await audit();
if (findings === undefined) {
  const hasNoList = noList.test(output);
  console.log(
    `Not audited: ${hasNoList ? 'this registry lists no advisories' : 'the advisories did not come'}. ${output}`,
  );
  if (!hasNoList && process.env.CI === 'true') failures.push('no audit under CI=true');
} else if (findings > 0) {
  console.error(output);
  failures.push(`${findings} advisories of level ${level} or above`);
} else console.log(`no advisory of level ${level} or above`);

for (const failure of failures) console.error(`dependencies: ${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;

/** How many advisories concern what is installed to run; undefined where the registry gives none at all. */
async function audit(...options) {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devEngines.packageManager;
  const words = ['--yes', `${name}@${version}`, 'audit', '--prod', '--json', '--audit-level', level, ...options];
  const child = spawn('npx', words, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
    timeout: auditTimeoutMs,
  });
  const [written, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const output = `${errors.trim()}\n${written.trim()}`.trim();
  try {
    const { advisories, vulnerabilities = advisories } = JSON.parse(written);
    return { findings: Object.keys(vulnerabilities ?? {}).length, output };
  } catch {
    return { findings: undefined, output };
  }
}

/** The same audit, by a registry that has an advisory for every version of Fastify. */
async function auditOfAFindableAdvisory() {
  const server = createServer((request, response) => {
    request.resume();
    const advisory = {
      id: 1,
      url: 'https://github.com/advisories/GHSA-0000-0000-0000',
      title: 'Only for this test',
      severity: 'high',
      vulnerable_versions: '>=0',
      cwe: [],
      cvss: { score: 0, vectorString: null },
    };
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ fastify: [advisory] }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await audit('--registry', `http://127.0.0.1:${server.address().port}/`);
  } finally {
    server.close();
  }
}
