import { z } from 'zod';

/** Python's names are understood too. */
const levels: Readonly<Record<string, string>> = {
  trace: 'trace',
  debug: 'debug',
  info: 'info',
  warn: 'warn',
  warning: 'warn',
  error: 'error',
  critical: 'fatal',
  fatal: 'fatal',
  silent: 'silent',
};

export const logLevelSetting = z
  .string()
  .default('INFO')
  .transform((text, context) => {
    const level = levels[text.trim().toLowerCase()];
    if (level !== undefined) return level;
    context.addIssue({ code: 'custom', message: `use one of ${Object.keys(levels).join(', ').toUpperCase()}` });
    return z.NEVER;
  });
