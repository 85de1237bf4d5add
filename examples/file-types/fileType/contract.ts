import { defineTask, file } from '@portico/schemas';
import { z } from 'zod';

export const FileTypeParams = z.object({
  mode: z
    .enum(['high-confidence', 'medium-confidence', 'best-guess'])
    .default('high-confidence')
    .describe('How sure the network must be of a type; a less certain file is only "txt" or "unknown".'),
});

export const FileTypeResult = z
  .object({
    label: z.string().describe('The type, such as "python" or "jpeg".'),
    description: z.string().describe('The type in words.'),
    mediaType: z.string().nullable().describe('Its media type, such as "image/jpeg".'),
    group: z.string().nullable().describe('The family: "code", "image", "archive" …'),
    isText: z.boolean(),
    score: z.number().min(0).max(1).describe('Probability of the type that the network predicted.'),
    predicted: z.string().nullable().describe('What the network predicted; null if the file is too short for it.'),
  })
  .meta({ id: 'FileTypeResult' });

/** Tell the type of a file by its content. */
export const fileTypeTask = defineTask({
  name: 'fileType',
  summary: 'Tell the type of a file by its content.',
  accepts: file(),
  params: FileTypeParams,
  output: FileTypeResult,
});
