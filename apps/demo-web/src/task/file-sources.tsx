import { lazy, Suspense, useRef, useState } from 'react';
import { Button } from '../controls/button.tsx';
import { Icon } from '../controls/icon.tsx';
import microphone from '../sound/microphone.module.css';
import { nounOf } from './input-kind.ts';
import styles from './input-zone.module.css';

const Microphone = lazy(() => import('../sound/microphone.tsx'));
const CameraDialog = lazy(() => import('./camera-dialog.tsx'));

interface FileSourcesProps {
  readonly accepts: string[];
  /** Of a form, which of its files. */
  readonly part?: string;
  /** There is no file yet. */
  readonly empty: boolean;
  readonly onFile: (file: Blob) => void;
}

/** Takes a file from a picker, the camera or the microphone. */
export function FileSources({ accepts, part, empty, onFile }: FileSourcesProps) {
  const picker = useRef<HTMLInputElement>(null);
  const [camera, setCamera] = useState(false);
  const noun = nounOf({ accepts });
  const which = part === undefined ? null : <span className="visually-hidden"> for {part}</span>;
  return (
    <div className={styles.sources}>
      <input
        ref={picker}
        type="file"
        hidden
        {...(accepts.includes('*/*') ? {} : { accept: accepts.join(',') })}
        aria-label={`Choose a ${noun}${part === undefined ? '' : ` for ${part}`}`}
        onChange={({ target }) => {
          const file = target.files?.[0];
          if (file !== undefined) onFile(file);
          target.value = '';
        }}
      />
      <Button look={empty ? 'primary' : 'plain'} onClick={() => picker.current?.click()}>
        <Icon name="upload" />
        Choose a {noun}
        {which}
      </Button>
      {noun === 'picture' && hasDevices() && (
        <Button onClick={() => setCamera(true)}>
          <Icon name="camera" />
          Camera
          {which}
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
      {camera && (
        <Suspense>
          <CameraDialog onPicture={onFile} onClose={() => setCamera(false)} />
        </Suspense>
      )}
    </div>
  );
}

/** A page without a secure origin has no camera. */
const hasDevices = (): boolean => typeof navigator !== 'undefined' && navigator.mediaDevices !== undefined;
