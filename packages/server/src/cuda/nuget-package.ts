import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { z } from 'zod';
import { discardBody, openResponse } from '../weights/download/response.ts';
import { redactUrl } from '../weights/weights-file.ts';

/** A package of the publisher's feed. */
export interface NugetPackage {
  readonly url: string;
  /** Of the whole package, in base64; undefined where the feed publishes none. */
  readonly sha512: string | undefined;
}

const timeoutMs = 30_000;

// https://learn.microsoft.com/nuget/api/overview
const ServiceIndex = z.object({ resources: z.array(z.object({ '@type': z.string(), '@id': z.string() })) });
const Registration = z.object({ catalogEntry: z.string() });
const CatalogEntry = z.object({ packageHash: z.string(), packageHashAlgorithm: z.literal('SHA512') });

/**
 * Finds a package in a NuGet feed (v3).
 * @throws if the feed cannot be read
 */
export async function findNugetPackage(feed: string, name: string, version: string): Promise<NugetPackage> {
  const client = new EnvHttpProxyAgent({
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: { timeout: timeoutMs },
  });
  try {
    const { resources } = ServiceIndex.parse(await readJson(feed, client));
    const resource = (type: string): string | undefined => {
      const address = resources.find((entry) => entry['@type'] === type)?.['@id'];
      return address?.replace(/\/?$/, '/');
    };
    const base = resource('PackageBaseAddress/3.0.0');
    if (base === undefined) throw new Error(`${redactUrl(feed)} is not a NuGet feed of version 3.`);
    const id = name.toLowerCase();
    const registrations = resource('RegistrationsBaseUrl');
    return {
      url: `${base}${id}/${version}/${id}.${version}.nupkg`,
      sha512: registrations && (await publishedHash(`${registrations}${id}/${version}.json`, client)),
    };
  } finally {
    await client.destroy();
  }
}

/** Mirrors need not have it. */
async function publishedHash(address: string, client: Dispatcher): Promise<string | undefined> {
  try {
    const { catalogEntry } = Registration.parse(await readJson(address, client));
    return CatalogEntry.parse(await readJson(catalogEntry, client)).packageHash;
  } catch {
    return undefined;
  }
}

async function readJson(address: string, client: Dispatcher): Promise<unknown> {
  const response = await openResponse(address, {}, client).catch((error: Error) => {
    throw new Error(`${redactUrl(address)} cannot be read: ${error.message}`, { cause: error });
  });
  if (response.statusCode === 200) return response.body.json();
  discardBody(response);
  throw new Error(`${redactUrl(address)} cannot be read: ${response.statusCode}`);
}

/** The SHA-512 of a file in base64, as feeds publish it. */
export async function sha512OfFile(path: string): Promise<string> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(path), hash);
  return hash.digest('base64');
}
