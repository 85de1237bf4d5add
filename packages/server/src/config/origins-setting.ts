import { z } from 'zod';
import { commaList } from './comma-list.ts';

/** `CORS_ORIGINS`: `*`, or a comma list of origins exactly as browsers send them. */
export const originsSetting = z
  .string()
  .default('*')
  .transform((text, context): '*' | readonly string[] => {
    if (text.trim() === '*') return '*';
    const origins = commaList(text);
    if (origins.length > 0 && origins.every(isOrigin)) return origins;
    context.addIssue({ code: 'custom', message: 'use *, or a comma list of origins like https://example.org' });
    return z.NEVER;
  });

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;
