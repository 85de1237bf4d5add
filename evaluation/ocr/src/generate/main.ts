import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { committedSet } from '../read-set.ts';
import { columnSamples, receiptSamples, screenshots, tableSamples } from './categories/layouts.ts';
import { perspective, skew, turned } from './categories/turned.ts';
import { degraded, upright } from './categories/upright.ts';
import { useInstalledFonts } from './drawing/fonts.ts';
import { writeSample } from './sample.ts';

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
