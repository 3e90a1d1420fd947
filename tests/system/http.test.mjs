// The API's connections: nobody holds one by sending slowly, and nobody has them all.
import assert from "node:assert/strict";
import net from "node:net";
import { once } from "node:events";
import { test, before, after } from "node:test";
import { Postern, SLOW, until, wait } from "./lib/postern.mjs";
import { Client } from "./lib/smtp.mjs";

let p;
before(async () => {
	p = await Postern.start({ settings: { http: { timeout_s: 30, request_timeout_s: 1, connections_per_address: 20, connections: 100 } } });
});
after(() => p?.stop());

// Sends the start, then one byte after the other; gives the milliseconds until the server closed.
async function drip(start, every = 100) {
	const socket = net.connect(p.httpPort, "127.0.0.1");
	socket.on("error", () => {});
	await once(socket, "connect");
	const began = Date.now();
	socket.write(start);
	socket.resume();
	const timer = setInterval(() => socket.write("a"), every);
	await once(socket, "close");
	clearInterval(timer);
	return Date.now() - began;
}

test("a request that comes byte by byte ends with its time", async (t) => {
	const auth = `Authorization: Bearer ${p.token}\r\nContent-Type: application/json\r\n`;
	const where = `/client/v4/accounts/${p.account}/email-security/settings/block_senders`;
	const cases = {
		"nothing but silence": "",
		"in the request line": "GET /",
		"in a field": "GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: ",
		"in a body": `POST ${where} HTTP/1.1\r\nHost: x\r\n${auth}Content-Length: 1000\r\n\r\n`,
		"in a chunked body": `POST ${where} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\n`,
		"in a body that is refused": `POST ${where} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n`,
	};
	await Promise.all(Object.entries(cases).map(([name, start]) => t.test(name, async () => {
		const took = await drip(start, start ? 100 : 100_000);
		assert.ok(took < 10_000, `${took} ms`);
	})));
});

test("a request that two readers could read as two is refused, and nothing behind it is answered", async (t) => {
	const auth = `Authorization: Bearer ${p.token}\r\n`;
	const cases = {
		"two lengths": `${auth}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}`,
		"two that differ": `${auth}Content-Length: 2\r\nContent-Length: 44\r\n\r\n{}`,
		"a length beside chunks": `${auth}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
		"chunks and something else": `${auth}Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n`,
		"two who ask": `${auth}${auth}\r\n`,
		"two hosts": `${auth}Host: y\r\n\r\n`,
		"two kinds of body": `${auth}Content-Type: text/plain\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`,
	};
	const next = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", path = `/client/v4/accounts/${p.account}/email-security/settings/domains`;
	const ask = async (text) => {
		const socket = net.connect(p.httpPort, "127.0.0.1");
		let got = "";
		socket.on("data", (bytes) => { got += bytes; });
		socket.on("error", () => {});
		socket.write(text + next);
		await once(socket, "close");
		return got.match(/HTTP\/1\.1 \d+/g);
	};
	for (const [name, rest] of Object.entries(cases))
		await t.test(name, async () => assert.deepEqual(await ask(`GET ${path} HTTP/1.1\r\nHost: x\r\n${rest}`), ["HTTP/1.1 400"]));
	await t.test("chunks of HTTP/1.0", async () => assert.deepEqual(await ask(`POST ${path} HTTP/1.0\r\nHost: x\r\n${auth}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`), ["HTTP/1.1 400"]));
});

test("a kept connection may be idle for longer than a request may take", async () => {
	const socket = net.connect(p.httpPort, "127.0.0.1");
	let text = "";
	socket.on("data", (bytes) => { text += bytes; });
	const ask = () => socket.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
	const answers = () => text.split("HTTP/1.1 200").length - 1;
	ask();
	await until(() => answers() === 1, "the first answer");
	await new Promise((done) => setTimeout(done, 2000));
	ask();
	await until(() => answers() === 2, "the second answer");
	socket.destroy();
});

test("one address has its share of the connections, and others the rest", async () => {
	const held = [];
	for (let i = 0; i < 25; i++) {
		const socket = net.connect({ port: p.httpPort, host: "127.0.0.1", localAddress: "127.0.0.5" });
		socket.on("error", () => {});
		socket.on("close", () => { socket.gone = true; });
		held.push(socket);
	}
	await until(() => held.filter((s) => s.gone).length >= 5, "those beyond the share are closed");
	assert.equal((await fetch(`http://127.0.0.1:${p.httpPort}/healthz`)).status, 200);
	for (const socket of held) socket.destroy();
});

// A page of mails to very many is larger than what the two ends of a connection hold for a reader.
async function sendLarge(mails) {
	const client = await Client.connect(p.smtpPort);
	const to = Array.from({ length: 300 }, (_, k) => `${"n".repeat(150)}${k}@example.test`).join(",\r\n ");
	await client.command("EHLO client.example.net");
	for (let i = 0; i < mails; i++) {
		const mail = `Subject: large\r\nMessage-ID: <large.${i}@example.net>\r\nTo: ${to}\r\n\r\nx\r\n`;
		assert.equal((await client.send({ mail })).end.code, 250);
	}
	await client.quit();
}

test("large answers that nobody takes have a ceiling, and leave room for others", async () => {
	const page = { detections_only: "false", subject: "large", per_page: "200" };
	await sendLarge(160);
	const whole = await p.request("GET", "investigate", { query: page });
	assert.equal(whole.status, 200);
	assert.ok(whole.text.length > 7_000_000, `${whole.text.length} bytes`);
	const target = `/client/v4/accounts/${p.account}/email-security/investigate?${new URLSearchParams(page)}`;
	const held = [];
	const status = async (token) => (await p.request("GET", "investigate", { query: page, token })).status;
	// One that a busy machine sends too late is closed, so there may be more than four.
	await until(async () => {
		if (held.length >= 4 && await status() === 503) return true;
		assert.ok(held.length < 10, "no more of them for one token");
		const socket = net.connect(p.httpPort, "127.0.0.1");
		socket.on("error", () => {});
		await once(socket, "connect");
		socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${p.token}\r\n\r\n`);
		held.push(socket);
		await wait(100 * SLOW);
		return false;
	}, "no more of them for one token");
	assert.equal(await status(p.secret("token", "add", "--account", p.account, "--scope", "read", "other")), 200);
	assert.equal((await p.request("GET", "investigate", { query: { ...page, per_page: "1" } })).status, 200);
	for (const socket of held) socket.destroy();
	await until(async () => await status() === 200, "room again");
});
