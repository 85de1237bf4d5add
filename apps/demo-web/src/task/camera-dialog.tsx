import { useEffect, useRef, useState } from 'react';
import { Button } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import styles from './camera-dialog.module.css';

interface CameraDialogProps {
  readonly onPicture: (picture: Blob) => void;
  readonly onClose: () => void;
}

/** Shows what the camera sees and takes a picture of it. The camera is on while the dialog is open. */
export default function CameraDialog({ onPicture, onClose }: CameraDialogProps) {
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<'starting' | 'on' | 'failed'>('starting');
  const [problem, setProblem] = useState('');

  useEffect(() => {
    let left = false;
    let stream: MediaStream | undefined;
    const stop = (): void => stream?.getTracks().forEach((track) => track.stop());
    const start = async (): Promise<void> => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
      if (left || video.current === null) {
        stop();
        return;
      }
      video.current.srcObject = stream;
      await video.current.play();
      setState('on');
    };
    start().catch((error: unknown) => {
      if (left) return;
      setProblem(problemOf(error));
      setState('failed');
    });
    return () => {
      left = true;
      stop();
    };
  }, []);

  const take = async (): Promise<void> => {
    const picture = video.current === null ? null : await frameOf(video.current);
    if (picture === null) return;
    onPicture(picture);
    onClose();
  };
  return (
    <Dialog title="Camera" onClose={onClose}>
      <div className={styles.frame}>
        <video ref={video} muted playsInline className={styles.video} />
        {state !== 'on' && <p className={styles.note}>{state === 'failed' ? problem : 'Opening the camera…'}</p>}
      </div>
      <Button look="primary" disabled={state !== 'on'} onClick={() => void take()}>
        Take a picture
      </Button>
    </Dialog>
  );
}

/** The picture that a video shows. */
function frameOf(video: HTMLVideoElement): Promise<File | null> {
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  return new Promise((resolve) =>
    canvas.toBlob(
      (blob) => resolve(blob === null ? null : new File([blob], 'camera.jpg', { type: blob.type })),
      'image/jpeg',
      0.92,
    ),
  );
}

function problemOf(error: unknown): string {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError')
    return 'This page is not allowed to use the camera. Allow it in the browser’s settings for this site, then try again.';
  if (name === 'NotFoundError')
    return 'The browser finds no camera. Connect one, then try again, or choose a picture instead.';
  return 'The camera cannot be opened. Close other programs that use it, then try again.';
}
