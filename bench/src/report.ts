export const mebibyte = 1024 * 1024;

/** What a measurement found, ready to be printed. */
export interface Report {
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly notes?: readonly string[];
  /** It checks whether something holds, and it does not. */
  readonly isFailure?: boolean;
}

/** A figure with the bound that it must keep, as the last cells of a row. */
export function bounded(
  value: number,
  bound: { readonly max: number } | { readonly min: number },
  unit = '',
): string[] {
  const isMax = 'max' in bound;
  const limit = isMax ? bound.max : bound.min;
  const met = isMax ? value <= limit : value >= limit;
  return [`${short(value)}${unit}`, `${isMax ? '≤' : '≥'} ${limit}${unit}`, met ? 'yes' : 'NO'];
}

/** A number with about three digits that matter. */
export function short(value: number): string {
  const magnitude = Math.abs(value);
  return value.toFixed(magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : magnitude >= 1 ? 2 : 3);
}

export const megabytes = (bytes: number): string => short(bytes / mebibyte);

/** A report as a Markdown table under its title. */
export function formatReport({ title, header, rows, notes = [] }: Report): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    `## ${title}`,
    '',
    line(header),
    line(header.map(() => '---')),
    ...rows.map(line),
    '',
    ...notes.flatMap((note) => [note, '']),
  ].join('\n');
}

/** The value below which a share of the values lies, nearest rank; 0 for none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? 0;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
