import { Histogram, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { ModelHistogram } from './model-histogram.ts';

it('A histogram by model shows what one of prom-client shows', async () => {
  const buckets = [0.001, 0.5, 1, 60];
  const own = new Registry();
  const histogram = new ModelHistogram({ name: 'time', help: 'Time.', buckets, registry: own });
  const theirs = new Registry();
  const reference = new Histogram({ name: 'time', help: 'Time.', buckets, labelNames: ['model'], registers: [theirs] });
  const values = [0, 0.001, 0.0011, 0.5, 0.75, 1, 59.9, 60, 60.1, 1e9];
  for (const [index, value] of values.entries()) {
    const model = index % 3 === 0 ? 'ocr' : 'a "quoted" name';
    histogram.observe(model, value);
    reference.observe({ model }, value);
  }
  expect(await own.metrics()).toBe(await theirs.metrics());
  expect(await own.getMetricsAsJSON()).toMatchObject([{ name: 'time', values: expect.anything() }]);
});
