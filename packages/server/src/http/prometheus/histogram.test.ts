import { Histogram as TheirHistogram, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { Histogram } from './histogram.ts';

const buckets = [0.001, 0.5, 1, 60];
const values = [0, 0.001, 0.0011, 0.5, 0.75, 1, 59.9, 60, 60.1, 1e9];

it.each([[[]], [['model']], [['model', 'phase']]])(
  'with the labels %j it shows what one of prom-client shows',
  async (names) => {
    const [own, theirs] = [new Registry(), new Registry()];
    const about = { name: 'time', help: 'Time.', buckets, labelNames: names };
    const histogram = new Histogram({ ...about, registry: own });
    const reference = new TheirHistogram({ ...about, registers: [theirs] });
    for (const [index, value] of values.entries()) {
      const labels = [index < 5 ? 'ocr' : 'a "quoted" name', index % 5 < 3 ? 'decode' : 'inference'].slice(
        0,
        names.length,
      );
      histogram.observe(value, ...labels);
      reference.observe(Object.fromEntries(names.map((name, at) => [name, labels[at] ?? ''])), value);
    }
    expect(await own.metrics()).toBe(await theirs.metrics());
    expect(await own.getMetricsAsJSON()).toMatchObject([{ name: 'time', values: expect.anything() }]);
  },
);
