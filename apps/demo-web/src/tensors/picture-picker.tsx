import { useEffect, useRef, useState } from 'react';
import { Button } from '../controls/button.tsx';
import { Icon } from '../controls/icon.tsx';
import styles from './picture-picker.module.css';
import type { PictureShape } from './pixels.ts';

interface PicturePickerProps {
  readonly size: PictureShape;
  readonly rgba: Uint8ClampedArray | undefined;
  readonly onChange: (rgba: Uint8ClampedArray) => void;
}

/** A picture by drop or from a picker, cut to the proportions of the tensor and reduced to its size. */
export function PicturePicker({ size, rgba, onChange }: PicturePickerProps) {
  const picker = useRef<HTMLInputElement>(null);
  const [dragging, setDragging] = useState(false);
  const [problem, setProblem] = useState<string>();

  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    try {
      onChange(await pixelsOf(file, size));
      setProblem(undefined);
    } catch {
      setProblem(`The browser cannot read ${file.name} as a picture. Choose a PNG, JPEG or WebP file.`);
    }
  };
  return (
    <div
      className={styles.picker}
      data-dragging={dragging}
      onDragOver={(event) => {
        event.preventDefault();
        setDragging(true);
      }}
      onDragLeave={() => setDragging(false)}
      onDrop={(event) => {
        event.preventDefault();
        setDragging(false);
        void take(event.dataTransfer.files[0]);
      }}
    >
      {rgba !== undefined && <Preview size={size} rgba={rgba} />}
      <div className={styles.choose}>
        <Button onClick={() => picker.current?.click()}>
          <Icon name="image" />
          Choose a picture
        </Button>
        <span className={styles.hint}>
          or drop one here. It is cropped and scaled to {size.width} × {size.height}.
        </span>
        {problem !== undefined && (
          <p role="alert" className={styles.problem}>
            {problem}
          </p>
        )}
      </div>
      <input
        ref={picker}
        type="file"
        hidden
        accept="image/*"
        aria-label="Choose a picture"
        onChange={({ target }) => {
          void take(target.files?.[0]);
          target.value = '';
        }}
      />
    </div>
  );
}

function Preview({
  size: { width, height },
  rgba,
}: Pick<PicturePickerProps, 'size'> & { readonly rgba: Uint8ClampedArray }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    canvas.current?.getContext('2d')?.putImageData(new ImageData(new Uint8ClampedArray(rgba), width, height), 0, 0);
  }, [rgba, width, height]);
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label="The picture as the model gets it"
      width={width}
      height={height}
      className={styles.preview}
    />
  );
}

/** The middle of a picture in the size of the tensor, on white. */
async function pixelsOf(file: Blob, { width, height }: PictureShape): Promise<Uint8ClampedArray> {
  const bitmap = await createImageBitmap(file);
  const context = new OffscreenCanvas(width, height).getContext('2d')!;
  const factor = Math.max(width / bitmap.width, height / bitmap.height);
  const [drawnWidth, drawnHeight] = [bitmap.width * factor, bitmap.height * factor];
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, (width - drawnWidth) / 2, (height - drawnHeight) / 2, drawnWidth, drawnHeight);
  bitmap.close();
  return context.getImageData(0, 0, width, height).data;
}
