import { z } from 'zod';
import { commaList } from './comma-list.ts';

/** `API_KEYS`: a comma list; off when it is not set. Set without a key in it would be a door left open by mistake. */
export const apiKeysSetting = z
  .string()
  .transform(commaList)
  .refine((keys) => keys.length > 0, { error: 'use a comma list of keys, or leave it out for none' })
  .default([]);
