import { z } from 'zod';
import { defineTask, type Output } from '../define-task.ts';
import { Box, Point } from '../geometry.ts';
import { firstPageWarning, image } from '../media.ts';

/** Six points of a face. Left and right are the person's own: their left eye is on the right side of the picture. */
export const FaceLandmarks = z
  .object({ leftEye: Point, rightEye: Point, nose: Point, mouth: Point, leftEar: Point, rightEar: Point })
  .meta({ id: 'FaceLandmarks' });

/** One face. What the edge of the picture cuts off is estimated, so box and landmarks may reach beyond it. */
export const Face = z
  .object({
    box: Box.describe('From the forehead to the chin, as wide as it is high.'),
    confidence: z.number().min(0).max(1).describe('Probability that this is a face, 0 to 1.'),
    landmarks: FaceLandmarks,
  })
  .meta({ id: 'Face' });

const result = z
  .object({
    width: z.int().positive().describe('Width of the upright original in pixels.'),
    height: z.int().positive().describe('Height of the upright original in pixels.'),
    faces: z.array(Face).describe('The most confident first.'),
  })
  .meta({
    id: 'FacesResult',
    examples: [
      {
        width: 640,
        height: 480,
        faces: [
          {
            box: { x: 250, y: 120, width: 140, height: 140 },
            confidence: 0.97,
            landmarks: {
              leftEye: { x: 350, y: 165 },
              rightEye: { x: 295, y: 165 },
              nose: { x: 322, y: 200 },
              mouth: { x: 322, y: 228 },
              leftEar: { x: 385, y: 178 },
              rightEar: { x: 258, y: 178 },
            },
          },
        ],
      },
    ],
  });

/** Which faces to return; every parameter has a default. */
export const FacesParams = z.object({
  minConfidence: z.number().min(0).max(1).default(0.5).describe('Faces below this confidence are left out, 0 to 1.'),
  maxFaces: z.int().min(1).max(200).default(50).describe('Maximum number of faces; the most confident are returned.'),
});

/** Find the faces in an image: a box, a confidence, and the positions of eyes, nose, mouth and ears. */
export const faces = defineTask({
  name: 'faces',
  summary: 'Find the faces in an image.',
  accepts: image(),
  params: FacesParams,
  output: result,
  warnings: {
    ...firstPageWarning,
    scaledDown: 'The picture is so long that small faces are lost when it is scaled down. Send parts of it.',
  },
});

/** The faces in an image. */
export const FacesResult = faces.output;

export type FacesResult = Output<typeof faces>;
export type Face = z.infer<typeof Face>;
export type FaceLandmarks = z.infer<typeof FaceLandmarks>;
