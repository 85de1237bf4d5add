/** How close two vectors are in direction, -1 to 1; 0 if one has no direction. */
export function cosine(a: readonly number[], b: readonly number[]): number {
  let product = 0;
  let squaresOfA = 0;
  let squaresOfB = 0;
  for (let index = 0; index < a.length; index += 1) {
    product += a[index]! * b[index]!;
    squaresOfA += a[index]! ** 2;
    squaresOfB += b[index]! ** 2;
  }
  const lengths = Math.sqrt(squaresOfA) * Math.sqrt(squaresOfB);
  return lengths === 0 ? 0 : product / lengths;
}

/** The two different vectors with the largest cosine; undefined if there is one vector only. */
export function closestPair(
  matrix: readonly (readonly number[])[],
): readonly [first: number, second: number] | undefined {
  let closest: readonly [number, number] | undefined;
  for (let first = 0; first < matrix.length; first += 1) {
    for (let second = first + 1; second < matrix.length; second += 1) {
      if (closest === undefined || matrix[first]![second]! > matrix[closest[0]]![closest[1]]!)
        closest = [first, second];
    }
  }
  return closest;
}
