/** What a measurement found, ready to be printed. */
export interface Report {
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly notes?: readonly string[];
}

/** A figure with the bound that it must keep, as the last cells of a row. */
export function bounded(
  value: number,
  bound: { readonly most: number } | { readonly least: number },
  unit = '',
): string[] {
  const most = 'most' in bound;
  const limit = most ? bound.most : bound.least;
  const met = most ? value <= limit : value >= limit;
  return [`${short(value)}${unit}`, `${most ? '≤' : '≥'} ${limit}${unit}`, met ? 'yes' : 'NO'];
}

/** A number with about three digits that matter. */
export function short(value: number): string {
  const magnitude = Math.abs(value);
  return value.toFixed(magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : magnitude >= 1 ? 2 : 3);
}

const mebibyte = 1024 * 1024;
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
