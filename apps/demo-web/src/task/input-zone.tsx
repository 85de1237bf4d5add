import type { ReactNode } from 'react';
import type { TaskModel } from '../connection/connection.tsx';
import { Button } from '../controls/button.tsx';
import { Icon } from '../controls/icon.tsx';
import type { Input, InputFile, Sample } from '../views/view.ts';
import { FileSources } from './file-sources.tsx';
import { iconOf, nounOf, typesText } from './input-kind.ts';
import styles from './input-zone.module.css';
import { useFileDrop } from './use-file-drop.ts';
import { usePaste } from './use-paste.ts';

interface InputZoneProps {
  readonly task: TaskModel;
  readonly samples: readonly Sample[];
  readonly input: Input | undefined;
  readonly onFile: (file: Blob) => void;
  /** What is dropped cannot be taken, or not all of it: why, in words. */
  readonly onProblem: (problem: string) => void;
  readonly onSample: (sample: Sample) => void;
  /** A call is under way. */
  readonly busy: boolean;
  /** What is shown once there is an input. */
  readonly children: ReactNode;
}

/** Takes a file by drop, by paste, from a picker, the camera, the microphone or the samples, and shows what has come of it. */
export function InputZone({ task, samples, input, onFile, onProblem, onSample, busy, children }: InputZoneProps) {
  const noun = nounOf(task);
  const { dragging, handlers } = useFileDrop({ noun, onFile, onProblem });
  usePaste(onFile);
  return (
    <section aria-label="Input" aria-busy={busy} className={styles.zone} data-dragging={dragging} {...handlers}>
      {/* The buttons are the same before and after, so that the one that was pressed keeps the focus. */}
      <div className={input === undefined ? styles.empty : styles.bar}>
        {input === undefined && (
          <>
            <span className={styles.kind}>
              <Icon name={iconOf(task)} />
            </span>
            <p className={styles.lead}>Drop a {noun} here, or paste one</p>
          </>
        )}
        <FileSources accepts={task.accepts} empty={input === undefined} onFile={onFile} />
        {input === undefined && samples.length > 0 && <p className={styles.types}>or try a sample</p>}
        <Samples samples={samples} onSample={onSample} />
        {input === undefined && <p className={styles.types}>{typesText(task)}</p>}
        {input?.kind === 'file' && <FileFacts file={input} />}
      </div>
      {input !== undefined && <div className={styles.stage}>{children}</div>}
      {dragging && <p className={styles.drop}>Drop the {noun}</p>}
    </section>
  );
}

interface SamplesProps {
  readonly samples: readonly Sample[];
  readonly onSample: (sample: Sample) => void;
}

function Samples({ samples, onSample }: SamplesProps) {
  return (
    <ul className={styles.samples} aria-label="Samples">
      {samples.map((sample) => (
        <li key={sample.name}>
          <Button onClick={() => onSample(sample)}>
            <Icon name="file" />
            {sample.name}
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** The name of a file and how large it is. */
export function FileFacts({ file: { name, blob } }: { file: InputFile }) {
  return (
    <p className={styles.facts}>
      <span className={styles.name}>{name}</span> {sizeText(blob.size)}
    </p>
  );
}

const sizeText = (bytes: number): string =>
  bytes < 1_000
    ? `${bytes} B`
    : bytes < 1_000_000
      ? `${(bytes / 1_000).toFixed(0)} kB`
      : `${(bytes / 1_000_000).toFixed(1)} MB`;
