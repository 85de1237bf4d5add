import { lazy, type ReactNode, Suspense, useEffect, useEffectEvent, useRef, useState } from 'react';
import type { TaskModel } from '../connection/connection.tsx';
import { Button } from '../controls/button.tsx';
import { Icon } from '../controls/icon.tsx';
import type { Input, Sample } from '../views/view.ts';
import { iconOf, nounOf } from './input-kind.ts';
import microphone from '../sound/microphone.module.css';
import styles from './input-zone.module.css';

const Microphone = lazy(() => import('../sound/microphone.tsx'));
const CameraDialog = lazy(() => import('./camera-dialog.tsx'));

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
  const picker = useRef<HTMLInputElement>(null);
  const [dragging, setDragging] = useState(false);
  const [camera, setCamera] = useState(false);
  const noun = nounOf(task);

  const onPaste = useEffectEvent((event: ClipboardEvent): void => {
    const file = event.clipboardData?.files[0];
    if (file !== undefined) onFile(file);
  });
  useEffect(() => {
    document.addEventListener('paste', onPaste);
    return () => document.removeEventListener('paste', onPaste);
  }, []);

  const sources = (
    <div className={styles.sources}>
      <Button look={input === undefined ? 'primary' : 'plain'} onClick={() => picker.current?.click()}>
        <Icon name="upload" />
        Choose a {noun}
      </Button>
      {noun === 'picture' && hasDevices() && (
        <Button onClick={() => setCamera(true)}>
          <Icon name="camera" />
          Camera
        </Button>
      )}
      {noun === 'recording' && (
        <Suspense
          fallback={
            <Button disabled>
              <span className={microphone.dot} aria-hidden="true" />
              Record
            </Button>
          }
        >
          <Microphone onRecorded={onFile} />
        </Suspense>
      )}
    </div>
  );
  return (
    <section
      aria-label="Input"
      aria-busy={busy}
      className={styles.zone}
      data-dragging={dragging}
      onDragOver={(event) => {
        event.preventDefault();
        setDragging(true);
      }}
      onDragLeave={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget as Node | null)) setDragging(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setDragging(false);
        const { files, items } = event.dataTransfer;
        const [file] = files;
        if (file === undefined) return;
        // A browser passes a folder on as a file that cannot be read.
        if (items[0]?.webkitGetAsEntry()?.isDirectory === true) {
          onProblem(`${file.name} is a folder. Drop a ${noun}.`);
          return;
        }
        onFile(file);
        if (files.length > 1) onProblem(`${files.length} files were dropped. Only ${file.name} is used.`);
      }}
    >
      <input
        ref={picker}
        type="file"
        hidden
        accept={task.accepts.join(',')}
        aria-label={`Choose a ${noun}`}
        onChange={({ target }) => {
          const file = target.files?.[0];
          if (file !== undefined) onFile(file);
          target.value = '';
        }}
      />
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
        {sources}
        {input === undefined && samples.length > 0 && <p className={styles.types}>or try a sample</p>}
        <Samples samples={samples} onSample={onSample} />
        {input === undefined ? (
          <p className={styles.types}>{task.accepts.map((type) => type.split('/')[1]).join(', ')}</p>
        ) : (
          <FileFacts input={input} />
        )}
      </div>
      {input !== undefined && <div className={styles.stage}>{children}</div>}
      {dragging && <p className={styles.drop}>Drop the {noun}</p>}
      {camera && (
        <Suspense>
          <CameraDialog onPicture={onFile} onClose={() => setCamera(false)} />
        </Suspense>
      )}
    </section>
  );
}

/** A page without a secure origin has no camera. */
const hasDevices = (): boolean => typeof navigator !== 'undefined' && navigator.mediaDevices !== undefined;

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

function FileFacts({ input }: { input: Input }) {
  if (input.kind === 'json') return null;
  const { name, blob } = input;
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
