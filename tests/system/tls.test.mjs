// The API over TLS: what clients need of it, what is refused, and what a reload changes.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import https from "node:https";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import tls from "node:tls";
import { once } from "node:events";
import { test, before, after } from "node:test";
import { plain } from "./lib/mail.mjs";
import { Postern, until } from "./lib/postern.mjs";
import { sendMail } from "./lib/smtp.mjs";

let p, dir;
const file = (name) => path.join(dir, name);

// A key and its own certificate, for 127.0.0.1.
function makePair(name, ...kind) {
	const made = spawnSync("openssl", ["req", "-x509", ...kind, "-nodes", "-subj", "/CN=gw.test", "-addext", "subjectAltName=IP:127.0.0.1",
		"-keyout", file(`${name}.key`), "-out", file(`${name}.crt`)], { encoding: "utf8" });
	assert.equal(made.status, 0, made.stderr);
}

before(async () => {
	dir = mkdtempSync(path.join(os.tmpdir(), "postern-tls-"));
	makePair("first", "-newkey", "rsa:2048");
	makePair("second", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1");
	for (const end of ["crt", "key"]) copyFileSync(file(`first.${end}`), file(`used.${end}`));
	p = await Postern.start({ settings: { http: { certificate: file("used.crt"), key: file("used.key"), request_timeout_s: 1 } } });
});
after(async () => {
	await p?.stop();
	rmSync(dir, { recursive: true });
});

// One request by a client that trusts the certificate of that name alone; gives { status, body }.
async function ask(where, { method = "GET", body, agent = false, trust = "first" } = {}) {
	const asked = https.request({ host: "127.0.0.1", port: p.httpPort, method, agent, ca: readFileSync(file(`${trust}.crt`)),
		path: `/client/v4/accounts/${p.account}/email-security/${where}`,
		headers: { authorization: `Bearer ${p.token}`, ...(body ? { "content-type": "application/json" } : {}) } });
	asked.end(body && JSON.stringify(body));
	const [answer] = await once(asked, "response");
	let text = "";
	for await (const piece of answer.setEncoding("utf8")) text += piece;
	return { status: answer.statusCode, body: JSON.parse(text) };
}

test("fetch works with the certificate as its authority, and not without", () => {
	const script = "console.log((await fetch(process.argv[1], { headers: { authorization: 'Bearer ' + process.argv[2] } })).status)";
	const where = `https://127.0.0.1:${p.httpPort}/client/v4/accounts/${p.account}/email-security/settings/domains`;
	const run = (env) => spawnSync(process.execPath, ["--input-type=module", "-e", script, where, p.token], { encoding: "utf8", env: { ...process.env, ...env } });
	assert.equal(run({ NODE_EXTRA_CA_CERTS: file("first.crt") }).stdout, "200\n");
	assert.match(run({}).stderr, /SELF_SIGNED/);
});

test("many requests at once over few connections, with large bodies and answers", async () => {
	const agent = new https.Agent({ keepAlive: true, maxSockets: 5 });
	const mail = plain({ body: "line of a long mail\n".repeat(100_000) });
	await sendMail(p.smtpPort, { to: "user@example.test", mail: mail.raw });
	const { id } = await until(async () => (await ask(`investigate?detections_only=false&message_id=${encodeURIComponent(mail.id)}`)).body.result[0], "the mail");
	const posts = Array.from({ length: 500 }, (_, i) => ({ pattern: `host${i}.example`, pattern_type: "DOMAIN", is_regex: false, comments: "c".repeat(1000) }));
	const made = await ask("settings/block_senders/batch", { method: "POST", agent, body: { deletes: [], patches: [], puts: [], posts } });
	assert.equal(made.body.result.posts.length, 500);
	await Promise.all(Array.from({ length: 60 }, async (_, i) => {
		if (i % 3 === 0) assert.equal((await ask("settings/block_senders?per_page=1000", { agent })).body.result.length, 500);
		else if (i % 3 === 1) assert.equal((await ask(`investigate/${encodeURIComponent(id)}`, { agent })).body.result.id, id);
		else assert.equal((await ask(`investigate/${encodeURIComponent(id)}/trace`, { agent })).status, 200);
	}));
	agent.destroy();
});

const closed = (socket) => new Promise((done) => { socket.once("close", done); });

// The error of a handshake, or the protocol it agreed upon.
async function handshake(options) {
	const socket = tls.connect({ host: "127.0.0.1", port: p.httpPort, rejectUnauthorized: false, ...options });
	const result = await new Promise((done) => {
		socket.once("secureConnect", () => done(socket.getProtocol()));
		socket.once("error", (e) => done(e.code ?? "error"));
		socket.once("close", () => done("closed"));
	});
	socket.destroy();
	return result;
}

test("TLS 1.2 and 1.3, nothing older and nothing in clear", async () => {
	assert.equal(await handshake({ maxVersion: "TLSv1.2" }), "TLSv1.2");
	assert.equal(await handshake({}), "TLSv1.3");
	assert.doesNotMatch(await handshake({ minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" }), /^TLSv/);
	for (const ciphers of ["AES128-GCM-SHA256", "ECDHE-RSA-AES128-SHA"])
		assert.doesNotMatch(await handshake({ maxVersion: "TLSv1.2", ciphers }), /^TLSv/, ciphers);
	const clear = net.connect(p.httpPort, "127.0.0.1");
	let text = "";
	clear.on("data", (bytes) => { text += bytes; });
	clear.on("error", () => {});
	clear.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
	await closed(clear);
	assert.ok(!text.includes("HTTP/1.1"));
});

test("a handshake that never ends is ended", async () => {
	const socket = net.connect(p.httpPort, "127.0.0.1");
	socket.on("error", () => {});
	socket.resume();
	await closed(socket);
});

test("a reload takes another certificate; one that is not the key's changes nothing", async () => {
	copyFileSync(file("second.key"), file("used.key"));
	p.process.kill("SIGHUP");
	await until(() => /http\.key: the private key cannot be used/.test(p.log), "the refusal");
	assert.equal((await ask("settings/domains")).status, 200);
	copyFileSync(file("second.crt"), file("used.crt"));
	p.process.kill("SIGHUP");
	await until(() => ask("settings/domains", { trust: "second" }).then((a) => a.status === 200, () => false), "the other certificate");
});
