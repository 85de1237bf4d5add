import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Player } from '../../sound/player.ts';
import { clockText } from '../../sound/time.ts';
import styles from './transport.module.css';

interface TransportProps {
  readonly player: Player | undefined;
  readonly duration: number;
}

/** Plays and pauses the whole recording, and says where it is. */
export function Transport({ player, duration }: TransportProps) {
  return (
    <div className={styles.transport}>
      {player === undefined ? (
        <button type="button" className={styles.play} disabled>
          <PlayIcon />
          Play<span className="visually-hidden"> recording</span>
        </button>
      ) : (
        <Playing player={player} />
      )}
      <span className={styles.time}>
        {player === undefined ? clockText(0, 1) : <Clock player={player} />}
        <span className={styles.total}> / {clockText(duration, 1)}</span>
      </span>
    </div>
  );
}

function Playing({ player }: { readonly player: Player }) {
  const { playing } = useSyncExternalStore(player.subscribe, player.state);
  return (
    <button type="button" className={styles.play} onClick={() => (playing ? player.pause() : player.play())}>
      {playing ? <PauseIcon /> : <PlayIcon />}
      {playing ? 'Pause' : 'Play'}
      <span className="visually-hidden"> recording</span>
    </button>
  );
}

function Clock({ player }: { readonly player: Player }) {
  return clockText(usePosition(player), 1);
}

/** Where a player is, with every frame while it plays. */
export function usePosition(player: Player): number {
  const state = useSyncExternalStore(player.subscribe, player.state);
  const [, setFrame] = useState(0);
  useEffect(() => {
    if (!state.playing) return undefined;
    let frame = requestAnimationFrame(function next(time) {
      setFrame(time);
      frame = requestAnimationFrame(next);
    });
    return () => cancelAnimationFrame(frame);
  }, [state]);
  return player.position;
}

export function PlayIcon() {
  return (
    <svg viewBox="0 0 12 12" width="12" height="12" fill="currentColor" aria-hidden="true">
      <path d="M2.5 1v10l8-5z" />
    </svg>
  );
}

export function PauseIcon() {
  return (
    <svg viewBox="0 0 12 12" width="12" height="12" fill="currentColor" aria-hidden="true">
      <path d="M2 1h3v10H2zm5 0h3v10H7z" />
    </svg>
  );
}
