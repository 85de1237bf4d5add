// A device: the language, timers, and what React Native's classes ask of the native side, written after its RCTNetworking.mm.
const { EventEmitter } = require('node:events');
const { readFileSync } = require('node:fs');
const { readFile } = require('node:fs/promises');
const { fileURLToPath } = require('node:url');
const { createContext, runInContext } = require('node:vm');

const blobs = new Map();
const emitter = new EventEmitter();
const emit = (event, ...words) => emitter.emit(event, words);
const bytesOfBlob = ({ blobId, offset, size }) => blobs.get(blobId).subarray(offset, offset + size);

/** The body as the native side makes it; for a form it writes the content type too. */
async function bodyOf({ string, base64, blob, formData }, headers) {
  if (string !== undefined) return string;
  if (base64 !== undefined) return Buffer.from(base64, 'base64');
  if (blob !== undefined) return bytesOfBlob(blob);
  if (formData === undefined) return undefined;
  const boundary = 'the-boundary-of-the-device';
  headers['content-type'] = `multipart/form-data; boundary="${boundary}"`;
  const pieces = [];
  for (const part of formData) {
    const lines = Object.entries(part.headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const content = part.string ?? (await readFile(fileURLToPath(part.uri)));
    pieces.push(Buffer.from(`--${boundary}\r\n${lines.join('')}\r\n`), Buffer.from(content), Buffer.from('\r\n'));
  }
  return Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]);
}

const running = new Map();
let count = 0;

async function send(id, { method, url, data, headers, responseType }) {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    if (url.startsWith('file:'))
      return respond(id, { status: 200, headers: {}, url }, readFileSync(new URL(url)), responseType);
    const sent = { ...headers };
    const body = await bodyOf(data, sent);
    const response = await fetch(url, { method, headers: sent, body, signal: controller.signal });
    if (body !== undefined) emit('didSendNetworkData', id, body.length, body.length);
    const content = Buffer.from(await response.arrayBuffer());
    respond(id, { status: response.status, headers: Object.fromEntries(response.headers), url }, content, responseType);
  } catch (error) {
    if (!controller.signal.aborted) emit('didCompleteNetworkResponse', id, error.message, false);
  }
}

function respond(id, { status, headers, url }, content, responseType) {
  emit('didReceiveNetworkResponse', id, status, headers, url);
  const blobId = `blob-${id}`;
  blobs.set(blobId, content);
  const blob = { blobId, offset: 0, size: content.length, type: headers['content-type'] ?? '' };
  const values = { blob, base64: content.toString('base64'), text: content.toString() };
  emit('didReceiveNetworkData', id, values[responseType]);
  emit('didCompleteNetworkResponse', id, '', false);
}

const modules = {
  Networking: {
    sendRequest(request, callback) {
      const id = (count += 1);
      callback(id);
      void send(id, request);
    },
    abortRequest: (id) => running.get(id)?.abort(),
  },
  BlobModule: {
    getConstants: () => ({ BLOB_URI_SCHEME: 'blob', BLOB_URI_HOST: null }),
    addNetworkingHandler() {},
    createFromParts(parts, id) {
      const pieces = parts.map(({ type, data }) => (type === 'blob' ? bytesOfBlob(data) : Buffer.from(data)));
      blobs.set(id, Buffer.concat(pieces));
    },
    release() {},
  },
  FileReaderModule: {
    readAsText: async (blob) => bytesOfBlob(blob).toString(),
    readAsDataURL: async (blob) => `data:${blob.type};base64,${bytesOfBlob(blob).toString('base64')}`,
  },
};

const events = {
  addListener(name, listen) {
    const call = (words) => listen(words);
    emitter.on(name, call);
    return { remove: () => emitter.off(name, call) };
  },
};
emitter.setMaxListeners(0);

const app = createContext({
  native: { modules, events },
  console,
  setTimeout,
  clearTimeout,
  performance,
  atob,
  btoa,
  TextEncoder,
});
Object.assign(app, { navigator: { product: 'ReactNative' }, process: { env: { NODE_ENV: 'production' } } });
runInContext(readFileSync('app.js', 'utf8'), app, { filename: 'app.js' });
app.callNatively(JSON.parse(process.argv[2])).then((results) => process.stdout.write(JSON.stringify(results)));
