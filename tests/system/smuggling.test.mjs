// Requests that two servers could read differently, byte for byte on a socket (RFC 9112 §6.3, §11.2). Behind each stands
// a second request that only one who reads it wrongly sees: it must not be answered. Two forms are not here, for the HTTP
// library hides them from us and no proxy lets them through: a NUL in a field, and a field without a name.
import assert from "node:assert/strict";
import net from "node:net";
import { once } from "node:events";
import { test, before, after } from "node:test";
import { Postern } from "./lib/postern.mjs";

let p;
before(async () => { p = await Postern.start(); });
after(() => p?.stop());

const HIDDEN = "GET /healthz HTTP/1.1\r\nHost: hidden\r\n\r\n";

// The statuses of all answers, each as long as it says. The HTTP library writes the header of its own refusals twice
// (0.9.75): to a client the second one is the beginning of their body.
function statusesOf(text) {
	const statuses = [];
	while (text.startsWith("HTTP/1.1 ")) {
		const end = text.indexOf("\r\n\r\n") + 4;
		statuses.push(Number(text.slice(9, 12)));
		text = text.slice(end + Number(/^Content-Length: (\d+)/im.exec(text.slice(0, end))[1]));
	}
	return statuses;
}

// Sends the bytes and gives the statuses of the answers once the server closes or has been silent.
async function answers(text) {
	const socket = net.connect(p.httpPort, "127.0.0.1");
	let got = "";
	socket.on("data", (bytes) => { got += bytes.toString("latin1"); });
	socket.on("error", () => {});
	await once(socket, "connect");
	socket.write(Buffer.from(text, "latin1"));
	socket.setTimeout(700, () => socket.destroy());
	await once(socket, "close");
	return statusesOf(got);
}

// fields: of framing. rest: the body as they may be read, with the hidden request in it.
function post(fields, rest, { line = "POST {} HTTP/1.1", host = "Host: x" } = {}) {
	const where = `/client/v4/accounts/${p.account}/email-security/settings/block_senders`;
	return `${line.replace("{}", where)}\r\n${host}\r\nAuthorization: Bearer ${p.token}\r\nContent-Type: application/json\r\n${fields}\r\n\r\n${rest}`;
}

const chunk = (text) => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
const LONG = `{}${HIDDEN}`.length;

// name: [framing, rest]
const REFUSED = {
	"Content-Length beside Transfer-Encoding": ["Content-Length: 2\r\nTransfer-Encoding: chunked", chunk("{}") + HIDDEN],
	"Transfer-Encoding beside Content-Length": [`Transfer-Encoding: chunked\r\nContent-Length: ${LONG}`, `0\r\n\r\n${HIDDEN}`],
	"Content-Length twice, the same": ["Content-Length: 2\r\nContent-Length: 2", `{}${HIDDEN}`],
	"Content-Length twice, not the same": [`Content-Length: ${LONG}\r\nContent-Length: 2`, `{}${HIDDEN}`],
	"Content-Length as a list": ["Content-Length: 2, 2", `{}${HIDDEN}`],
	"Content-Length with a plus": ["Content-Length: +2", `{}${HIDDEN}`],
	"Content-Length with a minus": ["Content-Length: -2", `{}${HIDDEN}`],
	"Content-Length in hexadecimal": ["Content-Length: 0x2", `{}${HIDDEN}`],
	"Content-Length with a fraction": ["Content-Length: 2.0", `{}${HIDDEN}`],
	"Content-Length beyond all numbers": ["Content-Length: 18446744073709551618", `{}${HIDDEN}`],
	"an empty Content-Length": ["Content-Length:", `{}${HIDDEN}`],
	"an unknown Transfer-Encoding": ["Transfer-Encoding: gzip", `{}${HIDDEN}`],
	"identity": ["Transfer-Encoding: identity", `{}${HIDDEN}`],
	"chunked before another": ["Transfer-Encoding: chunked, identity", chunk("{}") + HIDDEN],
	"chunked behind another": ["Transfer-Encoding: gzip, chunked", chunk("{}") + HIDDEN],
	"chunked twice": ["Transfer-Encoding: chunked, chunked", chunk("{}") + HIDDEN],
	"Transfer-Encoding twice": ["Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", chunk("{}") + HIDDEN],
	"nearly chunked": ["Transfer-Encoding: xchunked", chunk("{}") + HIDDEN],
	"chunked with a vertical tab": ["Transfer-Encoding: \x0bchunked", chunk("{}") + HIDDEN],
	"chunked in quotes": ["Transfer-Encoding: \"chunked\"", chunk("{}") + HIDDEN],
	"chunked with a parameter": ["Transfer-Encoding: chunked;q=1", chunk("{}") + HIDDEN],
	"an empty Transfer-Encoding": ["Transfer-Encoding:", `{}${HIDDEN}`],
	"a space before the colon": ["Transfer-Encoding : chunked", chunk("{}") + HIDDEN],
	"a tab before the colon": ["Content-Length\t: 2", `{}${HIDDEN}`],
	"a folded field": ["Transfer-Encoding:\r\n chunked", chunk("{}") + HIDDEN],
	"a folded field of another name": ["X: y\r\n Transfer-Encoding: chunked\r\nContent-Length: 2", `{}${HIDDEN}`],
	"a line that is no field": ["Content-Length: 2\r\nno colon", `{}${HIDDEN}`],
	"a bare CR in a field": ["X: y\rTransfer-Encoding: chunked\r\nContent-Length: 2", `{}${HIDDEN}`],
	"a second Host": ["Host: y\r\nContent-Length: 2", `{}${HIDDEN}`],
};

const BROKEN_CHUNKS = {
	"a chunk size that is none": `g\r\n{}\r\n0\r\n\r\n${HIDDEN}`,
	"a chunk size with a minus": `-2\r\n{}\r\n0\r\n\r\n${HIDDEN}`,
	"a chunk size with 0x": `0x2\r\n{}\r\n0\r\n\r\n${HIDDEN}`,
	"a chunk size beyond all numbers": `10000000000000002\r\n{}\r\n0\r\n\r\n${HIDDEN}`,
	"a chunk longer than it says": `1\r\n{}\r\n0\r\n\r\n${HIDDEN}`,
	"an empty chunk size": `\r\n{}\r\n0\r\n\r\n${HIDDEN}`,
};

const OTHER_LINES = {
	"no Host": { host: "X-No-Host: x" },
	"a space in the target": { line: "POST {} x HTTP/1.1" },
	"an unknown version": { line: "POST {} HTTP/3.0" },
	"no version": { line: "POST {}" },
};

test("a request that is framed in two ways is refused, and what is behind it is not looked at", async (t) => {
	await Promise.all(Object.entries(REFUSED).map(([name, [fields, rest]]) => t.test(name, async () => {
		const got = await answers(post(fields, rest));
		assert.equal(got.length, 1, `${got}`);
		assert.ok([400, 413, 501].includes(got[0]), `${got}`);
	})));
});

test("nor is what is behind chunks that are none", async (t) => {
	await Promise.all(Object.entries(BROKEN_CHUNKS).map(([name, rest]) => t.test(name, async () => {
		const got = await answers(post("Transfer-Encoding: chunked", rest));
		assert.ok(got.length <= 1 && got.every((status) => status >= 400), `${got}`);
	})));
});

test("nor what is behind a line that is no request", async (t) => {
	await Promise.all(Object.entries(OTHER_LINES).map(([name, how]) => t.test(name, async () => {
		const got = await answers(post("Content-Length: 2", `{}${HIDDEN}`, how));
		assert.ok(got.length <= 1 && got.every((status) => status >= 400), `${got}`);
	})));
});

test("two requests that are framed rightly are two", async () => {
	assert.deepEqual(await answers(post("Content-Length: 2", `{}${HIDDEN}`)), [400, 200]);
	assert.deepEqual(await answers(post("Transfer-Encoding: chunked", chunk("{}") + HIDDEN)), [400, 200]);
	assert.deepEqual(await answers(post("Transfer-Encoding: Chunked", `2;a=b\r\n{}\r\n0\r\nX: y\r\n\r\n${HIDDEN}`)), [400, 200]);
});
