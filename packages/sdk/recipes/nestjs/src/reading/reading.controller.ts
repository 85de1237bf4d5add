import {
  Controller,
  Headers,
  HttpCode,
  Inject,
  ParseFilePipe,
  Post,
  Res,
  UploadedFile,
  UseFilters,
  UseInterceptors,
} from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import type { Portico } from '@portico/sdk';
import type { Response } from 'express';
import { Closed, PORTICO, PorticoFilter } from './portico.js';

const upload = FileInterceptor('file', { limits: { fileSize: 20 * 2 ** 20 } });

interface Upload {
  readonly buffer: Uint8Array;
  readonly originalname: string;
}

@Controller()
@UseFilters(PorticoFilter)
export class ReadingController {
  constructor(@Inject(PORTICO) private readonly portico: Portico) {}

  /** Reads the text of the picture in a form. */
  @Post('text')
  @HttpCode(200)
  @UseInterceptors(upload)
  async text(
    @UploadedFile(new ParseFilePipe()) { buffer, originalname }: Upload,
    @Headers('traceparent') traceparent: string | undefined,
    @Closed() signal: AbortSignal,
  ): Promise<{ text: string }> {
    const { text } = await this.portico.ocr({ data: buffer, name: originalname }, {}, { signal, traceparent });
    return { text };
  }

  /** Sends each segment of speech as soon as it is found, as a line of JSON. */
  @Post('speech')
  @HttpCode(200)
  @UseInterceptors(upload)
  async speech(
    @UploadedFile(new ParseFilePipe()) { buffer, originalname }: Upload,
    @Closed() signal: AbortSignal,
    @Res() response: Response,
  ): Promise<void> {
    response.type('application/x-ndjson');
    for await (const segment of this.portico.vad.stream({ data: buffer, name: originalname }, {}, { signal })) {
      response.write(`${JSON.stringify(segment)}\n`);
    }
    response.end();
  }
}
