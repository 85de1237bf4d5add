import { afterAll, expect, it } from 'vitest';
import { explainSkip } from '../harness/measured.ts';
import { clientRows } from './rows/client-rows.ts';
import { engineRows } from './rows/engine-rows.ts';
import { gatewayRows } from './rows/gateway-rows.ts';
import { loadRows } from './rows/load-rows.ts';
import { machineRows } from './rows/machine-rows.ts';
import { memoryRows } from './rows/memory-rows.ts';
import type { Finding } from './support/row.ts';
import { table } from './support/table.ts';
import { underLoad } from './support/under-load.ts';

/** The promise is less; the bound allows for a machine that is busy with other things. */
const recoveryBound = 15_000;

const rows = [...engineRows, ...loadRows, ...memoryRows, ...machineRows, ...gatewayRows, ...clientRows];
const findings: Finding[] = [];
afterAll(() => {
  if (findings.length > 0) process.stderr.write(`\n${table(findings)}\n\n`);
});

it.for(rows)('$name', { timeout: 60_000 }, async (row, { skip }) => {
  if (row.skipped !== undefined) explainSkip(`${row.name}: ${row.skipped}`);
  skip(row.skipped !== undefined, row.skipped);
  const finding = await underLoad(row);
  findings.push(finding);
  const expected = ['200', ...(row.allowed ?? [])];
  expect(expected).toEqual(expect.arrayContaining(Object.keys(finding.clients)));
  expect(row.shared === true ? expected : ['200']).toEqual(expect.arrayContaining(Object.keys(finding.other)));
  expect(Object.keys(finding.culprit)).toEqual(row.culprit ?? []);
  expect(finding.clients['200']).toBeGreaterThan(0);
  expect(finding.recoveryMs).toBeLessThan(recoveryBound);
});
