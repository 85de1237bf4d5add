/** The value below which `share` of the values lie, 0 to 1; one of the values, and 0 where there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** How many of the items fit, 0 to 1; 0 where there are none. */
export const share = <Item>(items: readonly Item[], fits: (item: Item) => boolean): number =>
  items.length === 0 ? 0 : items.filter(fits).length / items.length;

/** Of any number of values; more than can be arguments of one call. */
export const range = (values: readonly number[]): [least: number, greatest: number] => [
  values.reduce((a, b) => Math.min(a, b), Infinity),
  values.reduce((a, b) => Math.max(a, b), -Infinity),
];
