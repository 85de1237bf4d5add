import { useEffect, useState, useSyncExternalStore } from 'react';
import { Button } from '../../controls/button.tsx';
import { Icon } from '../../controls/icon.tsx';
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
        <Button className={styles.play} disabled>
          <Icon name="play" />
          Play<span className="visually-hidden"> recording</span>
        </Button>
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
    <Button className={styles.play} onClick={() => (playing ? player.pause() : player.play())}>
      <Icon name={playing ? 'pause' : 'play'} />
      {playing ? 'Pause' : 'Play'}
      <span className="visually-hidden"> recording</span>
    </Button>
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
