import { writeWav } from './wav.ts';

/** Recording ends by itself after this long: 29 MB at 48 kHz. */
const maxRecordingSeconds = 300;

/** What passes samples to the page, 2048 at a time: some 43 ms. Less than that is lost at the end. */
const captureProcessor = `
registerProcessor('capture', class extends AudioWorkletProcessor {
  piece = new Float32Array(2048);
  filled = 0;
  process([[channel]]) {
    if (channel === undefined) return true;
    this.piece.set(channel, this.filled);
    this.filled += channel.length;
    if (this.filled === this.piece.length) {
      this.port.postMessage(this.piece);
      this.filled = 0;
    }
    return true;
  }
});`;

/** What has been recorded so far. */
export interface RecordingProgress {
  readonly seconds: number;
  /** The largest sample of the last moment, 0 to 1. */
  readonly level: number;
}

/** A recording under way. */
export interface Recording {
  /** Ends it; the samples as a WAV file, because servers need not read what browsers' own recorders write. */
  stop(): File;
  /** Ends it and drops the samples. */
  discard(): void;
}

/**
 * Records the microphone.
 *
 * @param onEnd the recording has to be stopped: it is as long as it may be, or the microphone is gone.
 * @throws {MicrophoneError}
 */
export async function startRecording(
  onProgress: (progress: RecordingProgress) => void,
  onEnd: () => void,
): Promise<Recording> {
  const stream = await openMicrophone();
  const context = new AudioContext();
  const pieces: Float32Array[] = [];
  const end = (): void => {
    for (const track of stream.getTracks()) track.stop();
    void context.close();
  };
  try {
    const module = URL.createObjectURL(new Blob([captureProcessor], { type: 'text/javascript' }));
    await context.audioWorklet.addModule(module).finally(() => URL.revokeObjectURL(module));
    const capture = new AudioWorkletNode(context, 'capture', { channelCount: 1, channelCountMode: 'explicit' });
    let samples = 0;
    capture.port.addEventListener('message', ({ data }: MessageEvent<Float32Array>) => {
      pieces.push(data);
      samples += data.length;
      const seconds = samples / context.sampleRate;
      onProgress({ seconds, level: data.reduce((largest, sample) => Math.max(largest, Math.abs(sample)), 0) });
      if (seconds >= maxRecordingSeconds) onEnd();
    });
    capture.port.start();
    for (const track of stream.getTracks()) track.addEventListener('ended', onEnd);
    // A node is processed only where it leads to the destination; this one adds silence there.
    context.createMediaStreamSource(stream).connect(capture).connect(context.destination);
    await context.resume();
  } catch (cause) {
    end();
    throw new MicrophoneError('This browser cannot record. Choose a recorded file instead.', { cause });
  }
  return {
    stop() {
      end();
      return new File([writeWav(pieces, context.sampleRate)], 'recording.wav', { type: 'audio/wav' });
    },
    discard: end,
  };
}

/** Why nothing can be recorded, in words for the person who wants to. */
class MicrophoneError extends Error {
  override readonly name = 'MicrophoneError';
}

async function openMicrophone(): Promise<MediaStream> {
  if (!window.isSecureContext) {
    throw new MicrophoneError(
      'Browsers offer the microphone only to pages served over HTTPS or from localhost. Open this page that way to record.',
    );
  }
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
  } catch (cause) {
    throw new MicrophoneError(whyClosed(cause instanceof DOMException ? cause.name : ''), { cause });
  }
}

/** @param name of the exception of `getUserMedia`. */
function whyClosed(name: string): string {
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'This page is not allowed to use the microphone. Allow it in the browser’s settings for this site, then record again.';
    case 'NotFoundError':
      return 'The browser finds no microphone. Connect one, then record again.';
    case 'NotReadableError':
    case 'AbortError':
      return 'The microphone cannot be opened. Close other programs that use it, then record again.';
    default:
      return 'The microphone cannot be opened. Choose a recorded file instead.';
  }
}
