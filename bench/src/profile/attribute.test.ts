import { expect, test } from 'vitest';
import { attribute, type CpuProfile, type ProfileNode } from './attribute.ts';

const server = 'file:///somewhere/packages/server/dist/';

/** Stacks as a profile has them: each frame is called by the previous one. */
function stacks(...all: readonly (readonly (readonly [functionName: string, url: string])[])[]): CpuProfile {
  const root = { id: 1, callFrame: { functionName: '(root)', url: '', lineNumber: -1 }, children: [] as number[] };
  const nodes: (ProfileNode & { children: number[] })[] = [root];
  const samples = all.map((stack) => {
    let parent = root;
    for (const [functionName, url] of stack) {
      const node = { id: nodes.length + 1, callFrame: { functionName, url, lineNumber: 9 }, children: [] as number[] };
      nodes.push(node);
      parent.children.push(node.id);
      parent = node;
    }
    return parent.id;
  });
  return { nodes, samples, timeDeltas: samples.map(() => 200) };
}

test('a sample belongs to the innermost frame of a stage', () => {
  const { shares } = attribute(
    stacks(
      [['parserOnHeadersComplete', 'node:_http_common']],
      [
        ['parserOnHeadersComplete', 'node:_http_common'],
        ['inferHandler', `${server}http/v2/routes.js`],
        ['submit', `${server}dispatch/dispatcher.js`],
        ['push', 'node:internal/priority_queue'],
      ],
      [
        ['submit', `${server}dispatch/dispatcher.js`],
        ['flush', `${server}wire/frame-writer.js`],
      ],
      [['observe', 'file:///x/node_modules/.pnpm/prom-client@15/node_modules/prom-client/lib/histogram.js']],
    ),
  );
  expect(Object.fromEntries([...shares].filter(([, share]) => share > 0))).toEqual({
    'HTTP parsing': 0.25,
    dispatch: 0.25,
    wire: 0.25,
    metrics: 0.25,
  });
});

test('waiting and the profiler itself are left out', () => {
  const { shares } = attribute(
    stacks([['(idle)', '']], [['(garbage collector)', '']], [['dispatch', '']], [['(program)', '']]),
  );
  expect(shares.get('garbage collection')).toBe(0.5);
  expect(shares.get('event loop and system')).toBe(0.5);
});

test('what Node does outside of any stage is its own; functions that no rule maps are named, the largest first', () => {
  const { shares, unmapped } = attribute(
    stacks(
      [['emit', 'node:events']],
      [['one', 'file:///x/one.js']],
      [['two', 'file:///x/lib/two.js']],
      [['two', 'file:///x/lib/two.js']],
    ),
  );
  expect(shares.get('event loop and system')).toBe(0.25);
  expect(shares.get('other')).toBe(0.75);
  expect(unmapped).toEqual([
    { frame: 'two lib/two.js:10', share: 0.5 },
    { frame: 'one x/one.js:10', share: 0.25 },
  ]);
});

test('an empty profile has no shares', () => {
  expect([...attribute(stacks()).shares.values()].every((share) => share === 0)).toBe(true);
});
