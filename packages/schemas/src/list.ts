import { z } from 'zod';

export interface ListLength {
  /** @default 0 */
  readonly min?: number;
  readonly max: number;
}

/**
 * A list whose length is checked before its elements are. Zod's own `max` comes after them, so that a list of a million wrong
 * elements makes a million issues, which takes minutes.
 */
export function list<Element extends z.ZodType>(
  element: Element,
  { min = 0, max }: ListLength,
): z.ZodType<z.output<Element>[], z.input<Element>[]> {
  const checkLength = (value: unknown, context: z.RefinementCtx): unknown => {
    if (Array.isArray(value) && value.length > max)
      context.addIssue({ code: 'too_big', origin: 'array', maximum: max, inclusive: true, input: value });
    return value;
  };
  const checked = z.preprocess(checkLength, z.array(element).min(min).max(max));
  return checked as unknown as z.ZodType<z.output<Element>[], z.input<Element>[]>;
}
