import { TRPCClientError, createTRPCClient, getUntypedClient, httpBatchStreamLink, httpLink, splitLink } from "@trpc/client";
import { SuperJSON } from "superjson";
//#region dist/index.js
/** Every error of every door. `CANCELLED` is counted and logged, never sent: its caller has left. */
const errorTable = {
	BAD_INPUT: {
		status: 400,
		title: "The input cannot be used",
		retryable: false
	},
	UNAUTHORIZED: {
		status: 401,
		title: "An API key is needed",
		retryable: false
	},
	NOT_FOUND: {
		status: 404,
		title: "No such route or model",
		retryable: false
	},
	METHOD_NOT_ALLOWED: {
		status: 405,
		title: "This route has other methods",
		retryable: false
	},
	NOT_ACCEPTABLE: {
		status: 406,
		title: "The answer cannot take the form asked for",
		retryable: false
	},
	REQUEST_TIMEOUT: {
		status: 408,
		title: "The request arrived too slowly",
		retryable: true
	},
	TOO_LARGE: {
		status: 413,
		title: "The input is too large",
		retryable: false
	},
	UNSUPPORTED_MEDIA_TYPE: {
		status: 415,
		title: "This media type is not accepted",
		retryable: false
	},
	INVALID_PARAMETERS: {
		status: 422,
		title: "The parameters are not valid",
		retryable: false
	},
	RATE_LIMITED: {
		status: 429,
		title: "Too many requests",
		retryable: true
	},
	HEADERS_TOO_LARGE: {
		status: 431,
		title: "The request headers are too large",
		retryable: false
	},
	CANCELLED: {
		status: 499,
		title: "The caller left",
		retryable: false
	},
	INTERNAL: {
		status: 500,
		title: "A defect in the server",
		retryable: false
	},
	NOT_READY: {
		status: 503,
		title: "The model is not ready",
		retryable: true
	},
	OVERLOADED: {
		status: 503,
		title: "The server is overloaded",
		retryable: true
	},
	OUT_OF_MEMORY: {
		status: 503,
		title: "Out of memory",
		retryable: true
	},
	ENGINE_CRASHED: {
		status: 503,
		title: "The engine crashed under this input",
		retryable: false
	},
	TIMEOUT: {
		status: 504,
		title: "The deadline passed",
		retryable: false
	}
};
/**
* Every failed call rejects with this.
*
* @example
* try {
*   await portico.ocr(file);
* } catch (error) {
*   if (isPorticoError(error, 'OVERLOADED')) await pause(error.retryAfterSeconds);
*   else throw error;
* }
*/
var PorticoError = class extends Error {
	name = "PorticoError";
	/** The kind of error, for programs. */
	code;
	/** The HTTP status; undefined when no answer came. */
	status;
	/** Finds the request in the server's logs; undefined when no answer came. */
	requestId;
	/** What is wrong with the parameters, for `INVALID_PARAMETERS`. */
	issues;
	/** How long the server asks to wait before trying again. */
	retryAfterSeconds;
	/** Whether the same call may succeed later. */
	retryable;
	constructor(code, message, details = {}) {
		super(message, details.cause === void 0 ? void 0 : { cause: details.cause });
		this.code = code;
		this.status = details.status;
		this.requestId = details.requestId;
		this.issues = details.issues ?? [];
		this.retryAfterSeconds = details.retryAfterSeconds;
		this.retryable = details.retryable ?? isRetryable(code);
	}
};
function isRetryable(code) {
	if (code === "NETWORK") return true;
	return code !== "ABORTED" && errorTable[code].retryable;
}
/** Whether this is a `PorticoError`, of that code if one is given; one from another copy of this package counts too. */
function isPorticoError(error, code) {
	if (!(error instanceof Error) || error.name !== "PorticoError" || !("code" in error)) return false;
	return code === void 0 || error.code === code;
}
/** The seconds to wait that a `Retry-After` header asks for, whether it counts seconds or names a date. */
function retryAfterSeconds(header, now = Date.now()) {
	if (header === null || header.trim() === "") return void 0;
	const seconds = Number(header);
	if (Number.isFinite(seconds)) return Math.max(0, seconds);
	const date = Date.parse(header);
	return Number.isNaN(date) ? void 0 : Math.max(0, Math.ceil((date - now) / 1e3));
}
/** The error for a connection that failed, before or during the answer. */
const unreachable = (cause) => new PorticoError("NETWORK", `The server could not be reached: ${reasonOf(cause)}.`, { cause });
/** Node's fetch says only "fetch failed"; the reason is in its cause. */
function reasonOf(error) {
	if (!(error instanceof Error)) return String(error);
	if (!(error.cause instanceof Error)) return error.message;
	return error.cause.message === "" && "code" in error.cause ? String(error.cause.code) : error.cause.message;
}
/** The JSON of an answer of any status, or a `PorticoError` when it is not JSON: something else than Portico spoke. */
async function readJson(response) {
	if (!isJson(response)) throw foreignAnswer(response);
	const text = await response.text().catch((cause) => {
		throw unreachable(cause);
	});
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw foreignAnswer(response, cause);
	}
}
/** Whether an answer says that it is JSON. */
const isJson = (response) => /[/+]json\b/i.test(response.headers.get("content-type") ?? "");
/** The error that a failed answer's body stands for. */
function failedAnswer(response, body) {
	if (!isProblem(body)) return foreignAnswer(response);
	const { status, headers } = response;
	return new PorticoError(isErrorCode(body.code) ? body.code : codeOfStatus(status), body.detail, {
		status,
		requestId: body.requestId ?? headers.get("x-request-id") ?? void 0,
		issues: body.issues,
		retryAfterSeconds: retryAfterSeconds(headers.get("retry-after"))
	});
}
/** The error for an answer that is not in Portico's words: a proxy's page, or another server's. */
function foreignAnswer(response, cause) {
	const { status, headers } = response;
	const kind = headers.get("content-type") ?? "no content type";
	const hint = response.ok ? "That is not a Portico server: check the url." : "Something between here and the server answered in its place, or the url is not a Portico server.";
	return new PorticoError(codeOfStatus(status), `${addressOf(response)} answered ${status} (${kind}). ${hint}`, {
		status,
		requestId: headers.get("x-request-id") ?? void 0,
		retryAfterSeconds: retryAfterSeconds(headers.get("retry-after")),
		retryable: [
			408,
			429,
			502,
			503,
			504
		].includes(status),
		cause
	});
}
const addressOf = (response) => response.url === "" ? "The server" : response.url;
/** Codes for a bare status; the rest, a 502 above all, say that there was no usable answer. */
function codeOfStatus(status) {
	return Object.keys(errorTable).find((code) => errorTable[code].status === status) ?? "NETWORK";
}
/** A newer server may know codes that this client does not. */
const isErrorCode = (code) => Object.hasOwn(errorTable, code);
function isProblem(body) {
	if (typeof body !== "object" || body === null || !("code" in body) || !("detail" in body)) return false;
	return typeof body.code === "string" && typeof body.detail === "string";
}
/** How long the server's own 504 may take to arrive before this side gives up. */
const graceMs = 500;
/** The longest a timer of the platform can wait, about 25 days; more would fire at once. */
const longestTimerMs = 2 ** 31 - 1;
/** The header that tells the server the deadline. */
const timeoutHeader = (timeoutMs) => timeoutMs === void 0 ? {} : { "x-timeout-seconds": secondsText(timeoutMs) };
/** Decimal seconds without an exponent, at least a millionth and at most what the server reads. */
const secondsText = (timeoutMs) => String(Number(Math.min(Math.max(timeoutMs / 1e3, 1e-6), 999999999).toFixed(6)));
/** Runs one call under the caller's signal and deadline, and says in a `PorticoError` which of the two stopped it. */
async function withDeadline(options, run) {
	const { signal, timeoutMs } = options;
	checkTimeout(timeoutMs);
	if (signal?.aborted) throw aborted(signal);
	const controller = new AbortController();
	const abort = () => controller.abort();
	signal?.addEventListener("abort", abort, { once: true });
	const timer = timeoutMs === void 0 ? void 0 : setTimeout(abort, Math.min(timeoutMs + graceMs, longestTimerMs));
	try {
		return await run(controller.signal);
	} catch (error) {
		if (signal?.aborted) throw aborted(signal);
		if (controller.signal.aborted) throw timedOut(timeoutMs, error);
		throw error;
	} finally {
		signal?.removeEventListener("abort", abort);
		clearTimeout(timer);
	}
}
function checkTimeout(timeoutMs) {
	if (timeoutMs === void 0 || Number.isFinite(timeoutMs) && timeoutMs > 0) return;
	throw new TypeError(`timeoutMs must be a number of milliseconds above 0, not ${String(timeoutMs)}.`);
}
const aborted = (signal) => new PorticoError("ABORTED", "The call was aborted by its caller.", { cause: signal.reason });
const timedOut = (timeoutMs, cause) => new PorticoError("TIMEOUT", `No answer within ${String(timeoutMs)} ms.`, { cause });
/** Asks whether the server is ready: its 503 is an answer, not an error. */
async function askReady(connection, options) {
	return withDeadline(connection.callOptions(options), async (signal) => {
		const headers = await connection.headers();
		const response = await connection.fetch(`${connection.url}/ready`, {
			headers,
			signal
		});
		const answer = await readJson(response);
		if (!isReadyStatus(answer)) throw failedAnswer(response, answer);
		return answer;
	});
}
const isReadyStatus = (answer) => typeof answer === "object" && answer !== null && "status" in answer && (answer.status === "ready" || answer.status === "not ready");
/**
* Reads the options of a client.
*
* @throws {TypeError} when the url is missing.
*/
function connect(options) {
	const { url, headers = {}, fetch = (url, init) => globalThis.fetch(url, init), timeoutMs } = options;
	if (typeof url !== "string" && !(url instanceof URL)) throw new TypeError("createPortico needs the url of a server.");
	return {
		url: String(url).replace(/\/$/, ""),
		fetch: async (address, init) => {
			try {
				return await fetch(address, init);
			} catch (cause) {
				throw unreachable(cause);
			}
		},
		headers: async () => typeof headers === "function" ? headers() : headers,
		callOptions: (call) => ({
			signal: call?.signal,
			timeoutMs: call?.timeoutMs ?? timeoutMs
		})
	};
}
const taskKinds = {
	ocr: "image",
	faces: "image",
	segment: "image",
	vad: "audio",
	embed: "json"
};
/**
* The file to send.
*
* @throws {TypeError} when the input is no file.
*/
function toFormFile(input) {
	const { data, mediaType, name } = isNamedFile(input) ? input : { data: input };
	if (!isFileData(data)) throw new TypeError(`A file is a Blob, a File, a Uint8Array, a Buffer, an ArrayBuffer or { data, mediaType?, name? } around one of these, but this is ${describe(input, data)}.`);
	checkText("mediaType", mediaType);
	checkText("name", name);
	const type = mediaType ?? (isBlob(data) ? data.type : "");
	return {
		blob: isBlob(data) && data.type === type ? data : new Blob([data], { type }),
		name: name ?? (isBlob(data) && "name" in data ? String(data.name) : "file")
	};
}
/** Whether this is the bytes of a file. */
const isFileData = (value) => isBlob(value) || ["Uint8Array", "ArrayBuffer"].includes(tagOf(value));
const isBlob = (value) => ["Blob", "File"].includes(tagOf(value));
const isNamedFile = (input) => typeof input === "object" && input !== null && "data" in input && !isFileData(input);
/** The tag knows its kind across realms, where `instanceof` fails. */
const tagOf = (value) => Object.prototype.toString.call(value).slice(8, -1);
function checkText(field, value) {
	if (value !== void 0 && typeof value !== "string") throw new TypeError(`The ${field} of a file is text, but this is a value of type ${tagOf(value)}.`);
}
function describe(input, data) {
	if (isNamedFile(input)) return `an object whose data is of type ${tagOf(data)}`;
	if (typeof input === "string") return "a string: read the file or fetch the URL first and pass its bytes";
	return `a value of type ${tagOf(input)}`;
}
/** The form that asks a file task. */
function formOf(file, params) {
	const { blob, name } = toFormFile(file);
	const form = new FormData();
	for (const [key, value] of Object.entries(params)) for (const item of Array.isArray(value) ? value : [value]) if (item !== void 0) form.append(key, textOf(item));
	form.append("file", blob, name);
	return form;
}
const textOf = (value) => typeof value === "string" ? value : JSON.stringify(value);
/** Asks a file task over REST: bytes travel as they are. */
async function askFileTask(connection, task, file, params = {}, options) {
	const body = formOf(file, params);
	const call = connection.callOptions(options);
	return withDeadline(call, async (signal) => {
		const headers = {
			...await connection.headers(),
			...timeoutHeader(call.timeoutMs),
			accept: "application/json"
		};
		const response = await connection.fetch(`${connection.url}/${task}`, {
			method: "POST",
			headers,
			body,
			signal
		});
		const answer = await readJson(response);
		if (!response.ok) throw failedAnswer(response, answer);
		return answer;
	});
}
/** Asks a JSON task over tRPC. */
async function askJsonTask(connection, task, input, params, options) {
	if (isFileData(input)) throw new TypeError(`${task} takes a JSON value, but this is a file.`);
	const { timeoutMs, ...call } = connection.callOptions(options);
	return withDeadline({
		...call,
		timeoutMs
	}, async (signal) => {
		const client = getUntypedClient(connection.trpc);
		try {
			return await client.mutation(`${task}.infer`, {
				input,
				params
			}, {
				signal,
				context: { timeoutMs }
			});
		} catch (error) {
			throw unwrap(error);
		}
	});
}
/** What tRPC's error stands for: the problem that the server sent, or what went wrong on the way. */
function unwrap(error) {
	if (!(error instanceof TRPCClientError)) return error;
	if (error.cause !== void 0) return error.cause;
	const response = error.meta?.["response"];
	if (response instanceof Response) return failedAnswer(response, error.data?.problem);
	return error;
}
/** One method per task. */
function taskMethods(connection, kinds) {
	const methods = Object.entries(kinds).map(([task, kind]) => {
		const ask = kind === "json" ? askJsonTask : askFileTask;
		return [task, (input, params, options) => ask(connection, task, input, params, options)];
	});
	return Object.fromEntries(methods);
}
/** Chunks keep `String.fromCharCode`'s argument list below the engines' limits. */
const chunkSize = 32768;
/** Bytes as base64, in Node and in browsers. */
function bytesToBase64(bytes) {
	if (typeof Buffer !== "undefined") return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
	const parts = [];
	for (let start = 0; start < bytes.length; start += chunkSize) parts.push(String.fromCharCode(...bytes.subarray(start, start + chunkSize)));
	return btoa(parts.join(""));
}
/** The bytes that base64 text stands for, in Node and in browsers. */
function bytesFromBase64(text) {
	if (typeof Buffer !== "undefined") return new Uint8Array(Buffer.from(text, "base64"));
	return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
/** Typed arrays by the name that travels with them. `Uint8Array` is left out: bytes go by a rule of their own. */
const kinds = {
	int8: Int8Array,
	int16: Int16Array,
	uint16: Uint16Array,
	int32: Int32Array,
	uint32: Uint32Array,
	int64: BigInt64Array,
	uint64: BigUint64Array,
	float32: Float32Array,
	float64: Float64Array
};
const kindOf = (value) => Object.keys(kinds).find((kind) => value instanceof kinds[kind]);
const isNumbers = (value) => ArrayBuffer.isView(value) && kindOf(value) !== void 0;
/** A typed array as `float32:` and the base64 of its bytes, little-endian as on every machine that runs this. */
const numbersToText = (numbers) => `${kindOf(numbers)}:${bytesToBase64(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength))}`;
/** The typed array that the text stands for. Throws when it is none. */
function numbersFromText(text) {
	const [kind = "", base64 = ""] = text.split(":", 2);
	if (!Object.hasOwn(kinds, kind)) throw new TypeError("There is no such typed array.");
	const { buffer } = bytesFromBase64(base64);
	return new kinds[kind](buffer);
}
/**
* How values travel over tRPC: SuperJSON, with bytes and typed arrays as base64.
* Its own instance, because SuperJSON's default turns each byte into a number: 1 MB becomes 3.6 MB.
*/
const transformer = /* @__PURE__ */ createTransformer();
function createTransformer() {
	const superJson = new SuperJSON();
	superJson.registerCustom({
		isApplicable: (value) => value instanceof Uint8Array,
		serialize: bytesToBase64,
		deserialize: bytesFromBase64
	}, "bytes");
	superJson.registerCustom({
		isApplicable: isNumbers,
		serialize: numbersToText,
		deserialize: numbersFromText
	}, "numbers");
	return superJson;
}
/** The typed tRPC client. One request per call: batched calls would wait for the slowest and share its deadline. */
function trpcClient(connection) {
	const url = `${connection.url}/trpc`;
	const headersOf = async (context) => ({
		...await connection.headers(),
		...timeoutHeader(connection.callOptions(context).timeoutMs)
	});
	return createTRPCClient({ links: [splitLink({
		condition: ({ path }) => path.endsWith(".stream"),
		true: httpBatchStreamLink({
			url,
			transformer,
			maxItems: 1,
			headers: ({ opList: [operation] }) => headersOf(operation.context),
			fetch: async (input, init) => {
				const response = await connection.fetch(input, init);
				if (!response.ok) throw failedAnswer(response, problemIn(await readJson(response)));
				return response;
			}
		}),
		false: httpLink({
			url,
			transformer,
			headers: ({ op }) => headersOf(op.context),
			fetch: async (input, init) => {
				const response = await connection.fetch(input, init);
				const body = await readJson(response);
				return Object.assign(response, { json: async () => body });
			}
		})
	})] });
}
/** The problem in a refusal of a batch of one. */
function problemIn(body) {
	const [refusal] = Array.isArray(body) ? body : [];
	return refusal?.error?.json?.data?.problem;
}
/**
* Makes a client of a Portico server.
*
* @example
* const portico = createPortico({ url: 'http://localhost:8000' });
* const { text } = await portico.ocr(file, { minConfidence: 0.7 });
*
* @throws {TypeError} when the url is missing.
*/
function createPortico(options) {
	const connection = connect(options);
	const trpc = trpcClient(connection);
	return {
		...taskMethods({
			...connection,
			trpc
		}, taskKinds),
		ready: (call) => askReady(connection, call),
		trpc
	};
}
//#endregion
export { PorticoError, createPortico, isPorticoError };
