import styles from './timing-bar.module.css';

/** The phases of `server-timing` in the order of a run, and what a person calls them. */
const phases = [
  ['queue', 'Queue'],
  ['decode', 'Decode'],
  ['inference', 'Inference'],
  ['postprocess', 'Postprocess'],
] as const;

interface TimingProps {
  /** Milliseconds on the server by phase. */
  readonly timing: Readonly<Record<string, number>>;
  /** From start to end, as this page measured it. */
  readonly durationMs: number;
  /**
   * Names the phases and their milliseconds below the bar.
   * @default false
   */
  readonly legend?: boolean;
}

/** Where the time of a call went: the phases on the server, and the way there and back. */
export function TimingBar({ timing, durationMs, legend = false }: TimingProps) {
  const parts = partsOf(timing, durationMs);
  return (
    <div className={styles.timing}>
      <div
        role="img"
        aria-label={parts.map(({ label, milliseconds }) => `${label} ${written(milliseconds)}`).join(', ')}
        className={styles.bar}
      >
        {parts.map(({ name, milliseconds }) => (
          <span key={name} data-phase={name} className={styles.part} style={{ flexGrow: milliseconds }} />
        ))}
      </div>
      {legend && (
        <dl className={styles.legend}>
          {parts.map(({ name, label, milliseconds }) => (
            <div key={name}>
              <dt>
                <span data-phase={name} className={`${styles.part} ${styles.swatch}`} />
                {label}
              </dt>
              <dd>{written(milliseconds)}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

interface Part {
  readonly name: string;
  readonly label: string;
  readonly milliseconds: number;
}

/** What is not the server's is the network's and the browser's; all of it, if the server names no phases. */
function partsOf(timing: Readonly<Record<string, number>>, durationMs: number): Part[] {
  const parts = phases.flatMap(([name, label]) => {
    const milliseconds = timing[name];
    return milliseconds === undefined ? [] : [{ name, label, milliseconds }];
  });
  const onServer = parts.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const label = parts.length === 0 ? 'Whole call' : 'Network and browser';
  return [...parts, { name: 'rest', label, milliseconds: Math.max(0, durationMs - onServer) }];
}

const written = (milliseconds: number): string => `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
