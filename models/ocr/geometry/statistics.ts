/** The value below which `share` of the values lie, 0 to 1; one of the values, and 0 where there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The median where each value counts as much as its weight; 0 where there are no values. */
export function weightedMedian(values: readonly { readonly value: number; readonly weight: number }[]): number {
  const sorted = values.toSorted((a, b) => a.value - b.value);
  const half = sorted.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let sum = 0;
  return sorted.find(({ weight }) => (sum += weight) >= half)?.value ?? 0;
}

/** The share of the items that satisfy the condition, 0 to 1; 0 where there are none. */
export const share = <Item>(items: readonly Item[], satisfies: (item: Item) => boolean): number =>
  items.length === 0 ? 0 : items.filter(satisfies).length / items.length;

/** The least and the greatest of the values, which may be more than one call can take as arguments. */
export const range = (values: readonly number[]): [least: number, greatest: number] => [
  values.reduce((a, b) => Math.min(a, b), Infinity),
  values.reduce((a, b) => Math.max(a, b), -Infinity),
];
