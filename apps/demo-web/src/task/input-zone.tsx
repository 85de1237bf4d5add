import { type ReactNode, useEffect, useEffectEvent, useRef, useState } from 'react';
import type { TaskModel } from '../connection/connection.tsx';
import { Microphone } from '../sound/microphone.tsx';
import type { Sample } from '../views/view.ts';
import styles from './input-zone.module.css';

interface InputZoneProps {
  readonly task: TaskModel;
  readonly samples: readonly Sample[];
  readonly onFile: (file: Blob) => void;
  readonly onSample: (sample: Sample) => void;
  /** What is shown once there is an input. */
  readonly children: ReactNode;
  readonly filled: boolean;
}

/** Takes a file by drop, by paste, from a picker or from the samples, and shows what has come of it. */
export function InputZone({ task, samples, onFile, onSample, children, filled }: InputZoneProps) {
  const picker = useRef<HTMLInputElement>(null);
  const [dragging, setDragging] = useState(false);
  const kind = kindOf(task);

  const onPaste = useEffectEvent((event: ClipboardEvent): void => {
    const file = event.clipboardData?.files[0];
    if (file !== undefined) onFile(file);
  });
  useEffect(() => {
    document.addEventListener('paste', onPaste);
    return () => document.removeEventListener('paste', onPaste);
  }, []);

  return (
    <section
      aria-label="Input"
      className={styles.zone}
      data-dragging={dragging}
      data-filled={filled}
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
        const file = event.dataTransfer.files[0];
        if (file !== undefined) onFile(file);
      }}
    >
      <div className={styles.bar}>
        <button type="button" className={styles.button} onClick={() => picker.current?.click()}>
          Choose a {kind}
        </button>
        {kind === 'recording' && <Microphone onRecorded={onFile} />}
        {samples.map((sample) => (
          <button key={sample.name} type="button" className={styles.quiet} onClick={() => onSample(sample)}>
            {sample.name}
          </button>
        ))}
        <input
          ref={picker}
          type="file"
          hidden
          accept={task.accepts.join(',')}
          aria-label={`Choose a ${kind}`}
          onChange={({ target }) => {
            const file = target.files?.[0];
            if (file !== undefined) onFile(file);
            target.value = '';
          }}
        />
      </div>
      <div className={styles.stage}>
        {filled ? children : <p className={styles.hint}>Drop a {kind} here, or paste one.</p>}
      </div>
    </section>
  );
}

/** What a person calls the files of a task. */
const kindOf = ({ accepts }: TaskModel): string => {
  if (accepts.every((type) => type.startsWith('image/'))) return 'picture';
  if (accepts.every((type) => type.startsWith('audio/'))) return 'recording';
  return 'file';
};
