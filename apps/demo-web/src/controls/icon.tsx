/** Strokes on a grid of 16 by 16. */
const paths = {
  add: 'M8 3v10M3 8h10',
  arrow: 'M3 8h9.5m-3-3 3 3-3 3',
  camera: 'M2 5.5h2.5l1-1.5h5l1 1.5H14v7H2zM8 11.2a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6',
  check: 'M3 8.5 6.5 12 13 4.5',
  chevron: 'm4 6 4 4 4-4',
  close: 'm4 4 8 8m0-8-8 8',
  copy: 'M5.5 5.5v-3h8v8h-3m-8-5h8v8h-8z',
  download: 'M8 2v8m-3.5-3.5L8 10l3.5-3.5M2.5 13.5h11',
  dark: 'M13 9.6A5.6 5.6 0 0 1 6.4 3 5.6 5.6 0 1 0 13 9.6',
  file: 'M3.5 1.5h6l3 3v10h-9zm6 0v3h3',
  image: 'M2 3h12v10H2zm0 8 3.5-3.5 3 3 2-2L14 12M10.5 6h.01',
  light: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6M8 1v1.5m0 11V15M1 8h1.5m11 0H15M3 3l1 1m8 8 1 1M3 13l1-1m8-8 1-1',
  pause: 'M5.5 3v10m5-10v10',
  play: 'M4.5 3v10l8.5-5z',
  retry: 'M13 8a5 5 0 1 1-1.5-3.5L13 6m0-3.5V6H9.5',
  settings: 'M2 4.5h6m4 0h2m-4-2v4M2 11.5h2m4 0h6m-8-2v4',
  sound: 'M2 6.5v3m3-6v9m3-7v5m3-8v11m3-7v3',
  stop: 'M4 4h8v8H4z',
  system: 'M2 3h12v8H2zm4 11h4m-2-3v3',
  text: 'M3 3.5h10m-10 3h7m-7 3h10m-10 3h5',
  upload: 'M8 10.5V2m-3.5 3.5L8 2l3.5 3.5M2.5 13.5h11',
  warning: 'M8 2 1.5 13.5h13zm0 4.5v3m0 2v.01',
} as const;

export type IconName = keyof typeof paths;

/** A small picture beside a word; or inside of a button whose `aria-label` says it. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.25"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      style={{ flex: 'none' }}
    >
      <path d={paths[name]} />
    </svg>
  );
}
