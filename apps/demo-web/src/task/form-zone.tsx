import type { ReactNode } from 'react';
import type { TaskModel } from '../connection/connection.tsx';
import { Icon } from '../controls/icon.tsx';
import { Media } from '../views/media.tsx';
import type { InputFile } from '../views/view.ts';
import { FileSources } from './file-sources.tsx';
import styles from './form-zone.module.css';
import { iconOf, nounOf, typesText } from './input-kind.ts';
import { FileFacts } from './input-zone.tsx';
import { useFileDrop } from './use-file-drop.ts';
import { usePaste } from './use-paste.ts';

type Part = NonNullable<TaskModel['parts']>[number];

interface FormZoneProps {
  readonly parts: readonly Part[];
  /** As far as they are there. */
  readonly files: Readonly<Record<string, InputFile>>;
  readonly onFile: (part: string, file: Blob) => void;
  readonly onProblem: (problem: string) => void;
  /** A call is under way. */
  readonly busy: boolean;
  /** What is shown once all files are there. */
  readonly children: ReactNode;
}

/** Takes several files, each in a place of its own. */
export default function FormZone({ parts, files, onFile, onProblem, busy, children }: FormZoneProps) {
  const missing = parts.filter(({ name }) => files[name] === undefined).map(({ name }) => name);
  // What is pasted goes where there is no file yet.
  usePaste((file) => onFile(missing[0] ?? parts[0]?.name ?? '', file));
  return (
    <section aria-label="Input" aria-busy={busy} className={styles.zone}>
      <ul className={styles.slots}>
        {parts.map((part) => (
          <Slot
            key={part.name}
            part={part}
            file={files[part.name]}
            onFile={(file) => onFile(part.name, file)}
            onProblem={onProblem}
          />
        ))}
      </ul>
      <p role="status" className={styles.missing}>
        {missing.length > 0 && `Still needed: ${missing.join(', ')}.`}
      </p>
      {children !== undefined && <div className={styles.stage}>{children}</div>}
    </section>
  );
}

interface SlotProps {
  readonly part: Part;
  readonly file: InputFile | undefined;
  readonly onFile: (file: Blob) => void;
  readonly onProblem: (problem: string) => void;
}

/** The place of one file. */
function Slot({ part, file, onFile, onProblem }: SlotProps) {
  const noun = nounOf(part);
  const { dragging, handlers } = useFileDrop({ noun, onFile, onProblem });
  return (
    <li className={styles.slot} data-dragging={dragging} {...handlers}>
      <h2 className={styles.name}>{part.name}</h2>
      {file === undefined ? (
        <>
          <span className={styles.kind}>
            <Icon name={iconOf(part)} />
          </span>
          <p className={styles.types}>{typesText(part)}</p>
        </>
      ) : (
        <>
          <Media mediaType={file.blob.type} url={file.url} label={part.name} />
          <FileFacts file={file} />
        </>
      )}
      <FileSources accepts={part.accepts} part={part.name} empty={file === undefined} onFile={onFile} />
    </li>
  );
}
