/** Levenshtein distance between two texts divided by the length of the expected one; runs of white space count as one space. */
export function characterErrorRate(actual: string, expected: string): number {
  const from = Array.from(normalise(actual));
  const to = Array.from(normalise(expected));
  let previous = to.map((_, index) => index + 1);
  previous.unshift(0);
  for (const [row, character] of from.entries()) {
    const current = [row + 1];
    for (const [column, other] of to.entries()) {
      const substituted = previous[column]! + (character === other ? 0 : 1);
      current.push(Math.min(substituted, previous[column + 1]! + 1, current[column]! + 1));
    }
    previous = current;
  }
  return previous[to.length]! / to.length;
}

const normalise = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
