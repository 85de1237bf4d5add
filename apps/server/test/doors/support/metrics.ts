export interface FoundMetrics {
  readonly text: string;
  /** Families by name with their types. */
  readonly families: ReadonlyMap<string, string>;
  /** The value of a sample with exactly these labels. */
  value(name: string, labels?: Readonly<Record<string, string>>): number | undefined;
}

/** Asks for `/metrics` and takes Prometheus' text apart. */
export async function metricsOf(url: string): Promise<FoundMetrics> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const families = new Map(
    [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = '', type = '']) => [name, type]),
  );
  const samples = new Map(
    [...text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name = '', labels = '', value = '']) => [
      keyOf(
        name,
        Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = '', of = '']) => [label, of])),
      ),
      Number(value),
    ]),
  );
  return { text, families, value: (name, labels = {}) => samples.get(keyOf(name, labels)) };
}

const keyOf = (name: string, labels: Readonly<Record<string, string>>): string =>
  [
    name,
    ...Object.entries(labels)
      .map(([label, of]) => `${label}=${of}`)
      .sort(),
  ].join(' ');
