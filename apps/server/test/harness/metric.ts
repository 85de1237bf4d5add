import type { ServerProcess } from './server-process.ts';

/** The sum over the series of a metric that carry these labels; 0 when there is none yet. */
export async function metric(
  { url }: ServerProcess,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const values = text
    .split('\n')
    .filter((line) => new RegExp(`^${name}[ {]`).test(line) && wanted.every((label) => line.includes(label)))
    .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
  return values.reduce((sum, value) => sum + value, 0);
}
