import { z } from 'zod';

/** A picture that a task makes: its media type, and the field of the output that holds it as a data URL. */
export interface Picture<Field extends string = string> {
  readonly mediaType: 'image/png';
  readonly field: Field;
}

/** The task makes a PNG, in this field of its output. */
export const png = <const Field extends string>(field: Field): Picture<Field> => ({ mediaType: 'image/png', field });

/** A PNG as a data URL, as it stands in JSON. */
export const PngDataUrl = z
  .string()
  .startsWith('data:image/png;base64,')
  .describe('The picture as a PNG in a data URL.');
