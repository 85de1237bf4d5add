import { useEffect, useRef, useState } from 'react';
import { Button } from '../controls/button.tsx';
import styles from './microphone.module.css';
import { type Recording, type RecordingProgress, startRecording } from './recorder.ts';
import { clockText } from './time.ts';

type State =
  | { readonly phase: 'idle' | 'opening' }
  | { readonly phase: 'failed'; readonly message: string }
  | { readonly phase: 'recording'; readonly progress: RecordingProgress };

/** Records the microphone, and passes the recording on as a WAV file when it is stopped. */
export default function Microphone({ onRecorded }: { readonly onRecorded: (recording: File) => void }) {
  const [state, setState] = useState<State>({ phase: 'idle' });
  const recording = useRef<Recording>(undefined);
  const left = useRef(false);

  useEffect(() => {
    left.current = false;
    return () => {
      left.current = true;
      recording.current?.discard();
    };
  }, []);

  const start = async (): Promise<void> => {
    setState({ phase: 'opening' });
    try {
      const opened = await startRecording(
        (progress) => {
          if (recording.current !== undefined) setState({ phase: 'recording', progress });
        },
        () => latestStop.current(),
      );
      recording.current = opened;
      if (left.current) opened.discard();
      else setState({ phase: 'recording', progress: { seconds: 0, level: 0 } });
    } catch (error) {
      setState({ phase: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  };
  const end = (): Recording | undefined => {
    const ended = recording.current;
    recording.current = undefined;
    setState({ phase: 'idle' });
    return ended;
  };
  const stop = (): void => {
    const file = end()?.stop();
    if (file !== undefined) onRecorded(file);
  };
  // A recording that ends by itself does so long after the render that started it.
  const latestStop = useRef(stop);
  useEffect(() => {
    latestStop.current = stop;
  });

  if (state.phase !== 'recording') {
    return (
      <>
        <Button disabled={state.phase === 'opening'} onClick={() => void start()}>
          <span className={styles.dot} aria-hidden="true" />
          {state.phase === 'opening' ? 'Opening the microphone…' : 'Record'}
        </Button>
        {state.phase === 'failed' && (
          <p role="alert" className={styles.problem}>
            {state.message}
          </p>
        )}
      </>
    );
  }
  const { seconds, level } = state.progress;
  return (
    <div role="group" aria-label="Recording" className={styles.recording}>
      <Button className={styles.stop} onClick={stop}>
        <span className={styles.square} aria-hidden="true" />
        Stop and send
      </Button>
      <span className={styles.meter} aria-hidden="true">
        <span className={styles.level} style={{ scale: `${Math.sqrt(level)} 1` }} />
      </span>
      <span role="timer" className={styles.time}>
        {clockText(seconds)}
      </span>
      <Button look="quiet" onClick={() => end()?.discard()}>
        Discard
      </Button>
    </div>
  );
}
