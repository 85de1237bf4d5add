import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { Button } from '../controls/button.tsx';
import styles from './drawing-pad.module.css';
import type { PictureShape } from './pixels.ts';

/** Of the stroke, for a picture of 28 pixels; the digits of MNIST are as thick. */
const strokePixels = 2.4;
const strokeSide = 28;

interface DrawingPadProps {
  readonly size: PictureShape;
  /** With every piece of a stroke; undefined when the pad is cleared. */
  readonly onChange: (rgba: Uint8ClampedArray | undefined) => void;
}

/** A place as the middle of a pixel. */
interface Place {
  readonly x: number;
  readonly y: number;
}

/** White on black, by pointer; or by keys: arrows move, and draw while Shift is held. */
export function DrawingPad({ size: { width, height }, onChange }: DrawingPadProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const last = useRef<Place>(undefined);
  const [cursor, setCursor] = useState<Place>();

  // Another size is an empty canvas.
  useEffect(() => blacken(canvas.current!), [width, height]);

  const draw = (from: Place, to: Place): void => {
    const context = contextOf(canvas.current!);
    context.strokeStyle = '#fff';
    context.lineCap = 'round';
    context.lineWidth = Math.max(1, (strokePixels * width) / strokeSide);
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
    onChange(context.getImageData(0, 0, width, height).data);
  };
  const placeOf = ({ currentTarget, clientX, clientY }: PointerEvent): Place => {
    const box = currentTarget.getBoundingClientRect();
    return { x: ((clientX - box.left) / box.width) * width, y: ((clientY - box.top) / box.height) * height };
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    const move = Object.hasOwn(moves, event.key) ? moves[event.key] : undefined;
    if (move === undefined) return;
    event.preventDefault();
    const from = cursor ?? { x: width / 2, y: height / 2 };
    const to = { x: within(from.x + move[0], width), y: within(from.y + move[1], height) };
    setCursor(to);
    if (event.shiftKey) draw(from, to);
  };
  return (
    <div className={styles.drawing}>
      <div
        role="application"
        tabIndex={0}
        aria-label="Drawing. Draw with the pointer, or with Shift and the arrow keys."
        className={styles.pad}
        style={{ aspectRatio: `${width} / ${height}` }}
        onKeyDown={onKeyDown}
        onBlur={() => setCursor(undefined)}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          last.current = placeOf(event);
          draw(last.current, last.current);
        }}
        onPointerMove={(event) => {
          if (last.current === undefined) return;
          const place = placeOf(event);
          draw(last.current, place);
          last.current = place;
        }}
        onPointerUp={() => (last.current = undefined)}
        onPointerCancel={() => (last.current = undefined)}
      >
        <canvas ref={canvas} width={width} height={height} className={styles.canvas} />
        {cursor !== undefined && (
          <span
            className={styles.cursor}
            style={{ left: `${(100 * cursor.x) / width}%`, top: `${(100 * cursor.y) / height}%` }}
          />
        )}
      </div>
      <div className={styles.foot}>
        <span className={styles.hint}>
          Draw here: {width} × {height} pixels, white on black. The model runs with every stroke.
        </span>
        <Button
          onClick={() => {
            blacken(canvas.current!);
            onChange(undefined);
          }}
        >
          Clear
        </Button>
      </div>
    </div>
  );
}

const within = (value: number, length: number): number => Math.max(0.5, Math.min(length - 0.5, value));

/** It stays in memory: every piece of a stroke is read. */
const contextOf = (canvas: HTMLCanvasElement): CanvasRenderingContext2D =>
  canvas.getContext('2d', { willReadFrequently: true })!;

function blacken(canvas: HTMLCanvasElement): void {
  const context = contextOf(canvas);
  context.fillStyle = '#000';
  context.fillRect(0, 0, canvas.width, canvas.height);
}
