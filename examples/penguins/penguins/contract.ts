import { defineTask, json, list, type Output } from '@portico/schemas';
import { z } from 'zod';

/** The classes, in the order of the network's probabilities. */
export const penguinsSpecies = ['Adelie', 'Chinstrap', 'Gentoo'] as const;

/** What was measured of a penguin: a column of the pipeline each. */
export const PenguinsRow = z
  .strictObject({
    bill_length_mm: z.number().min(0).max(200),
    bill_depth_mm: z.number().min(0).max(200),
    flipper_length_mm: z.number().min(0).max(1000),
    body_mass_g: z.number().min(0).max(50_000),
    island: z.enum(['Biscoe', 'Dream', 'Torgersen']),
    sex: z.enum(['female', 'male']),
  })
  .meta({ id: 'PenguinsRow' });

/** Penguins to tell apart. */
export const PenguinsInput = z
  .strictObject({ rows: list(PenguinsRow, { min: 1, max: 1000 }).describe('1 to 1000 penguins.') })
  .meta({ id: 'PenguinsInput' });

/** The species of a penguin. */
export const PenguinsPrediction = z
  .object({
    species: z.enum(penguinsSpecies),
    probabilities: z.record(z.enum(penguinsSpecies), z.number().min(0).max(1)),
  })
  .meta({ id: 'PenguinsPrediction' });

/** A prediction for each penguin. */
export const PenguinsResult = z
  .object({ rows: z.array(PenguinsPrediction).describe('One for each row, in their order.') })
  .meta({ id: 'PenguinsResult' });

/** Tell the species of penguins by their measurements. */
export const penguinsTask = defineTask({
  name: 'penguins',
  summary: 'Tell the species of penguins by their measurements.',
  accepts: json(PenguinsInput),
  params: z.object({}),
  output: PenguinsResult,
});

export type PenguinsRow = z.output<typeof PenguinsRow>;
export type PenguinsPrediction = z.output<typeof PenguinsPrediction>;
export type PenguinsResult = Output<typeof penguinsTask>;
