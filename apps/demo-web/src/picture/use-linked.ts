import {
  type FocusEvent,
  type HTMLAttributes,
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
  useRef,
  useState,
} from 'react';

/** The two sides that show the same things: a list of them, and an overlay on the picture. */
type Side = 'list' | 'overlay';

/** Things that are shown twice: what is pointed at or focused on one side stands out on the other. */
export interface Linked {
  /** Stands out on both sides. */
  readonly active: number | undefined;
  /** The one that Tab reaches on each side; arrow keys move on from there. */
  readonly current: number;
  /** For the element around one side; each thing in it has a `data-index` and can be focused. */
  readonly sideProps: (side: Side) => HTMLAttributes<Element>;
  readonly listRef: RefObject<HTMLOListElement | null>;
  readonly overlayRef: RefObject<SVGSVGElement | null>;
}

/** Where each key leads from the thing at `index`. */
const steps: Readonly<Record<string, (index: number, count: number) => number>> = {
  ArrowDown: (index) => index + 1,
  ArrowUp: (index) => index - 1,
  PageDown: (index) => index + 10,
  PageUp: (index) => index - 10,
  Home: () => 0,
  End: (_, count) => count - 1,
};

export function useLinked(count: number): Linked {
  const [pointed, setPointed] = useState<number>();
  const [focused, setFocused] = useState<number>();
  const [last, setLast] = useState(0);
  const listRef = useRef<HTMLOListElement>(null);
  const overlayRef = useRef<SVGSVGElement>(null);
  const current = Math.max(0, Math.min(last, count - 1));
  const known = (index: number | undefined): number | undefined =>
    index !== undefined && index < count ? index : undefined;

  const find = (side: Side, index: number): HTMLElement | SVGElement | null | undefined =>
    (side === 'list' ? listRef : overlayRef).current?.querySelector<HTMLElement>(`[data-index="${index}"]`);
  const focus = (side: Side, index: number): void => {
    const element = find(side, Math.max(0, Math.min(index, count - 1)));
    element?.focus({ preventScroll: true });
    reveal(element);
  };

  const sideProps = (side: Side): HTMLAttributes<Element> => {
    const other = side === 'list' ? 'overlay' : 'list';
    return {
      onPointerMove: (event: PointerEvent) => {
        // Without a movement it is the page that has moved, as the list does under the pointer when keys scroll it.
        if (event.movementX === 0 && event.movementY === 0) return;
        const index = indexOf(event);
        if (index === pointed) return;
        setPointed(index);
        if (index !== undefined && side === 'overlay') reveal(find('list', index));
      },
      onPointerLeave: () => setPointed(undefined),
      onFocus: (event: FocusEvent) => {
        const index = indexOf(event);
        if (index === undefined) return;
        setPointed(undefined);
        setFocused(index);
        setLast(index);
        reveal(find(other, index));
      },
      onBlur: () => setFocused(undefined),
      onClick: (event) => {
        const index = indexOf(event);
        if (index !== undefined) focus('list', index);
      },
      onKeyDown: (event: KeyboardEvent) => {
        const index = indexOf(event);
        if (index === undefined) return;
        const step = steps[event.key];
        if (step !== undefined) focus(side, step(index, count));
        // What is drawn on the picture is no button of the browser's.
        else if (side === 'overlay' && (event.key === 'Enter' || event.key === ' ')) focus('list', index);
        else return;
        event.preventDefault();
      },
    };
  };

  return { active: known(pointed) ?? known(focused), current, sideProps, listRef, overlayRef };
}

function indexOf({ target }: { target: EventTarget }): number | undefined {
  const index = (target as Element).closest('[data-index]')?.getAttribute('data-index');
  return index === null || index === undefined ? undefined : Number(index);
}

/** What is brought into view has this much around it, in CSS pixels. */
const revealMargin = 24;

/** Scrolls the nearest element that scrolls, never the page: what somebody points at must not move away. */
function reveal(element: Element | null | undefined): void {
  const scroller = element?.closest('[data-scroller]');
  if (element === null || element === undefined || scroller === null || scroller === undefined) return;
  const inner = element.getBoundingClientRect();
  const outer = scroller.getBoundingClientRect();
  scroller.scrollBy({
    left: overshoot(inner.left - revealMargin, inner.right + revealMargin, outer.left, outer.right),
    top: overshoot(inner.top - revealMargin, inner.bottom + revealMargin, outer.top, outer.bottom),
  });
}

/** How far a range is outside another; its start counts more if it is the longer one. */
const overshoot = (start: number, end: number, outerStart: number, outerEnd: number): number =>
  start < outerStart || end - start > outerEnd - outerStart ? start - outerStart : Math.max(0, end - outerEnd);
