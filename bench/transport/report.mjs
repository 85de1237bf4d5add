import { payloads, transports } from './settings.mjs';
import { median, quantile, short } from './statistics.mjs';

/** @import { Block } from './block.mjs' */
/** @typedef {Block & { transport: string, label: string, depth: number }} LabelledBlock */

/** @param {LabelledBlock[]} blocks @param {string} transport @param {string} label @param {number} depth */
function select(blocks, transport, label, depth) {
  return blocks.filter((block) => block.transport === transport && block.label === label && block.depth === depth);
}

/** @param {LabelledBlock[]} blocks @param {(first: LabelledBlock[], second: LabelledBlock[]) => unknown[]} cells */
function printRows(blocks, cells) {
  for (const { label } of payloads) {
    for (const transport of transports) {
      if (select(blocks, transport, label, 1).length === 0) continue;
      const columns = cells(select(blocks, transport, label, 1), select(blocks, transport, label, 2));
      console.log(`| ${[label, transport, ...columns].join(' | ')} |`);
    }
  }
}

/** @param {LabelledBlock[]} blocks @param {'perSecond' | 'gatewayCpu' | 'engineCpu'} key */
const medianOf = (blocks, key) => short(median(blocks.map((block) => block[key])));

/** @param {LabelledBlock[]} blocks */
export function printBare(blocks) {
  console.log(
    '| payload | transport | calls | min ms | p10 | p50 | p99 | per s, depth 1 | depth 2 | CPU ms gateway | engine |',
  );
  console.log(`|${' --- |'.repeat(11)}`);
  printRows(blocks, (first, second) => {
    const latencies = first.flatMap((block) => block.latencies);
    return [
      latencies.length,
      ...[0, 0.1, 0.5, 0.99].map((fraction) => short(quantile(latencies, fraction))),
      medianOf(first, 'perSecond'),
      medianOf(second, 'perSecond'),
      medianOf(first, 'gatewayCpu'),
      medianOf(first, 'engineCpu'),
    ];
  });
}

/** @param {LabelledBlock[]} blocks */
export function printBusy(blocks) {
  console.log(
    '| payload | transport | calls | transport ms p10 | p50 | share of request | engine idle ms, depth 1 | depth 2 | per s, depth 1 | depth 2 |',
  );
  console.log(`|${' --- |'.repeat(10)}`);
  printRows(blocks, (first, second) => {
    const latencies = first.flatMap((block) => block.latencies);
    const overheads = first.flatMap((block) => block.overheads);
    const idle = (/** @type {LabelledBlock[]} */ selected) => median(selected.flatMap((block) => block.idles));
    return [
      latencies.length,
      short(quantile(overheads, 0.1)),
      short(median(overheads)),
      `${((median(overheads) / median(latencies)) * 100).toFixed(1)} %`,
      short(idle(first)),
      short(idle(second)),
      medianOf(first, 'perSecond'),
      medianOf(second, 'perSecond'),
    ];
  });
}

/** @param {Awaited<ReturnType<typeof import('./kill.mjs').measureKills>>} kills */
export function printKills({ trials, running, receiving, delivered }) {
  console.log(
    '| engine was | trials | error after ms p50 | max | code | close p50 | max | exit p50 | max | unsent MB | answers | sent again, intact |',
  );
  console.log(`|${' --- |'.repeat(12)}`);
  for (const [label, seen] of /** @type {const} */ ([
    ['running the batch before', running],
    ['receiving', receiving],
  ])) {
    const pair = (/** @type {'error' | 'close' | 'exit'} */ key) => {
      const values = seen.map((trial) => trial[key]).filter((value) => !Number.isNaN(value));
      return [short(median(values)), short(quantile(values, 1))];
    };
    const columns = [
      label,
      trials,
      ...pair('error'),
      [...new Set(seen.map(({ code }) => code))].join(' '),
      ...pair('close'),
      ...pair('exit'),
      short(median(seen.map(({ unsentBytes }) => unsentBytes / 1024 / 1024))),
      seen.reduce((sum, { answered }) => sum + answered, 0),
      seen.filter(({ intact }) => intact).length,
    ];
    console.log(`| ${columns.join(' | ')} |`);
  }
  console.log(
    `\nDied in the run after an answer, with the next 20 MB frame being written: answer delivered ${delivered} of ${trials} times.\n`,
  );
}

/** @param {Awaited<ReturnType<typeof import('./orphan.mjs').measureOrphans>>} results */
export function printOrphans(results) {
  console.log('| transport | trials | engine gone | after ms p50 | max |');
  console.log(`|${' --- |'.repeat(5)}`);
  for (const { transport, outlived } of results) {
    const gone = outlived.filter((value) => Number.isFinite(value));
    const columns = [transport, outlived.length, gone.length, short(median(gone)), short(quantile(gone, 1))];
    console.log(`| ${columns.join(' | ')} |`);
  }
  console.log();
}
