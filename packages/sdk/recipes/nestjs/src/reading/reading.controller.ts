import {
  Controller,
  Headers,
  HttpCode,
  Inject,
  ParseFilePipe,
  Post,
  UploadedFile,
  UseFilters,
  UseInterceptors,
} from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import type { Portico } from '@portico/sdk';
import { Closed, PORTICO, PorticoFilter } from './portico.js';

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
  @UseInterceptors(FileInterceptor('file', { limits: { fileSize: 20 * 2 ** 20 } }))
  async text(
    @UploadedFile(new ParseFilePipe()) { buffer, originalname }: Upload,
    @Headers('traceparent') traceparent: string | undefined,
    @Closed() signal: AbortSignal,
  ): Promise<{ text: string }> {
    const { text } = await this.portico.ocr({ data: buffer, name: originalname }, {}, { signal, traceparent });
    return { text };
  }
}
