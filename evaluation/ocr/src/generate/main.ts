import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { degraded } from './categories/degraded.ts';
import { columnSamples, receiptSamples, screenshots, tableSamples } from './categories/layouts.ts';
import { perspective } from './categories/perspective.ts';
import { skew } from './categories/skew.ts';
import { turned } from './categories/turned.ts';
import { upright } from './categories/upright.ts';
import { useInstalledFonts } from './drawing/fonts.ts';
import { committedSet } from '../read-set/committed-set.ts';
import { writeSample } from './write-sample.ts';

const categories = {
  upright,
  skew,
  turned,
  perspective,
  degraded,
  receipts: receiptSamples,
  screenshots,
  tables: tableSamples,
  columns: columnSamples,
};

useInstalledFonts();
for (const [category, samples] of Object.entries(categories)) {
  const folder = join(committedSet, category);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const sample of samples) await writeSample(folder, sample);
}
