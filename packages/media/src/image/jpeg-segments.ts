import { Failure } from '@portico/schemas';

/** Twelve are usual, for every scan goes over all the coefficients of a picture, 3 ms in one of 50 megapixels. */
const maxScans = 100;
/** Of 64 KiB each, they would be more than an upload; libvips keeps a copy of every one, of all of 20 MB 400 MB. */
const maxHeadSegments = 2_000;

const startOfScan = 0xda;
const endOfImage = 0xd9;

/**
 * Refuses a JPEG whose head is in more pieces than any encoder writes. Other files pass.
 *
 * @throws {Failure} `BAD_INPUT`
 */
export function refuseCrowdedHead(file: Uint8Array): void {
  let segments = 0;
  for (const marker of jpegMarkers(file)) {
    segments += 1;
    if (marker === startOfScan) return;
    if (segments > maxHeadSegments)
      throw new Failure('BAD_INPUT', `The JPEG has more than ${maxHeadSegments} segments before its pixels.`);
  }
}

/**
 * Refuses a JPEG of several scans that has absurdly many.
 *
 * @throws {Failure} `BAD_INPUT`
 */
export function refuseManyScans(file: Uint8Array): void {
  let scans = 0;
  for (const marker of jpegMarkers(file)) {
    if (marker === startOfScan) scans += 1;
    if (scans > maxScans)
      throw new Failure('BAD_INPUT', `The JPEG has more than ${maxScans} scans. Save it as a baseline JPEG.`);
  }
}

/** The markers of a JPEG in order (ITU-T T.81, annex B), found as libjpeg finds them: it skips whatever is between them. */
function* jpegMarkers(file: Uint8Array): Generator<number> {
  if (file[0] !== 0xff || file[1] !== 0xd8) return;
  let at = file.indexOf(0xff, 2);
  while (at !== -1 && at + 1 < file.length) {
    const marker = file[at + 1]!;
    let next = at + 2;
    // A byte of the pixels, or one that fills.
    if (marker === 0) next = at + 2;
    else if (marker === 0xff) next = at + 1;
    else {
      if (marker === endOfImage) return;
      yield marker;
      const standsAlone = marker === 1 || (marker >= 0xd0 && marker <= 0xd8);
      if (!standsAlone) next += file[at + 2]! * 256 + file[at + 3]!;
    }
    at = file.indexOf(0xff, next);
  }
}
