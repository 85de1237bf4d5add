import { useState } from 'react';
import styles from './media.module.css';

interface MediaProps {
  /** What the bytes are. */
  readonly mediaType: string;
  /** Where they are: an object URL or a data URL. */
  readonly url: string;
  readonly label: string;
}

/** A picture, or a recording or a video to play; nothing for anything else, and for what the browser cannot show. SVG is shown nowhere. */
export function Media({ mediaType, url, label }: MediaProps) {
  const [broken, setBroken] = useState('');
  const onError = (): void => setBroken(url);
  if (broken === url || mediaType.startsWith('image/svg')) return null;
  // The label of a recording names its controls.
  const common = { src: url, onError, 'aria-label': label };
  if (mediaType.startsWith('audio/')) return <audio {...common} controls className={styles.sound} />;
  if (mediaType.startsWith('video/')) return <video {...common} controls className={styles.picture} />;
  if (mediaType.startsWith('image/')) return <img src={url} alt={label} className={styles.picture} onError={onError} />;
  return null;
}
