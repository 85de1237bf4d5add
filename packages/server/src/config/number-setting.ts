import { z } from 'zod';

/** A number in the environment: decimal text within bounds. */
export function numberSetting({
  minimum,
  maximum,
  whole = false,
}: {
  minimum: number;
  maximum: number;
  whole?: boolean;
}) {
  const allowed = `a ${whole ? 'whole ' : ''}number from ${minimum} to ${maximum}`;
  return z
    .string()
    .trim()
    .regex(/^\d+(\.\d+)?$/, { error: `use ${allowed}`, abort: true })
    .transform(Number)
    .refine((value) => value >= minimum && value <= maximum && (!whole || Number.isInteger(value)), {
      error: `use ${allowed}`,
    });
}
