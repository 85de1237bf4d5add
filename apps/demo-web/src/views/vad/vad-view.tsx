import type { TaskOutput, TaskParams } from '@portico/sdk';
import { useState, useSyncExternalStore } from 'react';
import type { Player, PlayerState } from '../../sound/player.ts';
import { type Sound, useSound } from '../../sound/use-sound.ts';
import type { Input, ViewProps } from '../view.ts';
import { SegmentList } from './segment-list.tsx';
import { Track } from './track.tsx';
import { Transport } from './transport.tsx';
import styles from './vad-view.module.css';
import type { Segment } from './waveform.tsx';

type Props = ViewProps<TaskParams<'vad'>, TaskOutput<'vad'>, Segment>;

/** A recording as a waveform, and the segments of speech on it as they are found. */
export default function VadView({ input, ...result }: Props) {
  return input.kind === 'file' ? <Recording input={input} {...result} /> : null;
}

interface RecordingProps extends Omit<Props, 'input'> {
  readonly input: Extract<Input, { kind: 'file' }>;
}

function Recording({ input, output, items, running }: RecordingProps) {
  const sound = useSound(input.blob, input.url);
  const player = sound.phase === 'decoded' ? sound.player : undefined;
  const { part } = usePlayerState(player);
  const [pointed, setPointed] = useState<number>();

  const segments = output === undefined || running ? items : output.segments;
  const duration = Math.max(player?.duration ?? 0, output?.durationSeconds ?? 0, items.at(-1)?.end ?? 0);
  const playing = part && segments.findIndex(({ start, end }) => start === part[0] && end === part[1]);
  const onPlay =
    player &&
    ((index: number, { start, end }: Segment) => (index === playing ? player.pause() : player.playPart(start, end)));
  const shared = { segments, playing, pointed, onPoint: setPointed, onPlay };
  return (
    <div className={styles.view}>
      <div className={styles.head}>
        <Transport player={player} duration={duration} />
        <p role="status" className={styles.summary}>
          {summaryOf(segments, running ? undefined : output?.durationSeconds)}
        </p>
      </div>
      <Track sound={sound} duration={duration} {...shared} />
      {sound.phase === 'undecoded' && <p className={styles.note}>{notes[sound.why]}</p>}
      <SegmentList {...shared} />
    </div>
  );
}

const notes: Readonly<Record<Extract<Sound, { phase: 'undecoded' }>['why'], string>> = {
  unreadable:
    'This browser cannot decode the recording, so there is no waveform and nothing to play. The server may read it all the same.',
  'too long': 'The recording is too long to be decoded in the page, so there is no waveform and nothing to play.',
};

const idle: PlayerState = { playing: false, part: undefined };
const noSubscription = (): (() => void) => () => {};

/** The state of a player that may not be there yet. */
const usePlayerState = (player: Player | undefined): PlayerState =>
  useSyncExternalStore(player?.subscribe ?? noSubscription, player?.state ?? (() => idle));

/** @param duration of the recording, once all of it has been processed. */
function summaryOf(segments: readonly Segment[], duration: number | undefined): string {
  const count = `${segments.length} segment${segments.length === 1 ? '' : 's'}`;
  if (duration === undefined) return segments.length === 0 ? '\u00a0' : `${count} so far`;
  if (segments.length === 0) return 'No speech found';
  const speech = segments.reduce((sum, { start, end }) => sum + end - start, 0);
  return `${count}, ${speech.toFixed(1)} s of speech (${Math.round((100 * speech) / duration)} %)`;
}
