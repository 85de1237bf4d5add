/** The item at a place, which must be there. */
export function itemAt<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new RangeError(`There is no item ${index} among ${items.length}.`);
  return item;
}

/** The one item there is. */
export function only<Item>(items: readonly Item[]): Item {
  if (items.length !== 1) throw new RangeError(`There are ${items.length} items instead of one.`);
  return itemAt(items, 0);
}
