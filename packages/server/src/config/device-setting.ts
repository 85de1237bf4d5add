import { Device } from '@portico/schemas';
import { z } from 'zod';

/** Apple's name for its GPU, as PyTorch users know it. */
const aliases: Readonly<Record<string, string>> = { mps: 'coreml' };

const names = ['auto', ...Device.options, ...Object.keys(aliases)];

/** `DEVICE`: `auto`, a device, or a device and which of several, as in `cuda:1`. */
export const deviceSetting = z
  .string()
  .default('auto')
  .transform((text, context) => {
    const [, name = '', index] = /^([a-z]+)(?::(\d{1,2}))?$/.exec(text.trim().toLowerCase()) ?? [];
    const device = z.enum(['auto', ...Device.options]).safeParse(aliases[name] ?? name);
    if (device.success && (index === undefined || device.data === 'cuda' || device.data === 'dml')) {
      return { name: device.data, index: Number(index ?? 0) };
    }
    context.addIssue({ code: 'custom', message: `use one of ${names.join(', ')}, or cuda:N` });
    return z.NEVER;
  });
