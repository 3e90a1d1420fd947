// The SMTP server as strangers see it: extensions, limits, and input that is wrong on purpose.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { test, before, after } from "node:test";
import { Client, sendMail, outcome, stuffed } from "./lib/smtp.mjs";
import { addedHeaders } from "./lib/sink.mjs";
import { Postern, SLOW, wait } from "./lib/postern.mjs";
import { plain } from "./lib/mail.mjs";

const SIZE = 3_000_000;
let p;
before(async () => {
	p = await Postern.start({ settings: { smtp: { message_size: SIZE, errors: 10, recipients: 5, idle_s: 2, connections_per_address: 40 } } });
});
after(() => p?.stop());

const arrived = (id) => p.sink.mails.filter((m) => m.raw.includes(id));

async function session() {
	const client = await Client.connect(p.smtpPort);
	client.ehlo = await client.command("EHLO c.example");
	return client;
}

test("EHLO offers what the manual says", async () => {
	const client = await session();
	client.close();
	const words = client.ehlo.text.split("\n").slice(1).map((l) => l.split(" ")[0]);
	for (const word of ["PIPELINING", "SIZE", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "CHUNKING", "STARTTLS"])
		assert.ok(words.includes(word), word);
	assert.match(client.ehlo.text, new RegExp(`^SIZE ${SIZE}$`, "m"));
});

test("STARTTLS carries mail, starts afresh and refuses what was sent in clear behind it", async () => {
	const client = await session();
	client.write("STARTTLS\r\nMAIL FROM:<injected@example.net>\r\n");
	assert.equal((await client.reply()).code, 554);
	assert.equal((await client.reply()).code, 0, "and the connection is closed");

	const secure = await session();
	assert.equal((await secure.starttls()).code, 220);
	assert.equal((await secure.command("MAIL FROM:<a@example.net>")).code, 503, "EHLO comes first again");
	const ehlo = await secure.command("EHLO c.example");
	assert.ok(!/STARTTLS/.test(ehlo.text));
	const mail = plain();
	assert.equal(outcome(await secure.send({ mail: mail.raw })).code, 250);
	secure.close();
	assert.match(addedHeaders(arrived(mail.id)[0].raw, mail.raw), /ESMTPS/);
});

test("pipelined commands are answered in order", async () => {
	const client = await session();
	const mail = plain();
	client.write("MAIL FROM:<a@example.net>\r\nRCPT TO:<user@example.test>\r\nRCPT TO:<user@elsewhere.example>\r\nDATA\r\n");
	const codes = [];
	for (let i = 0; i < 4; i++) codes.push((await client.reply()).code);
	assert.deepEqual([codes[0], codes[1], codes[3]], [250, 250, 354]);
	assert.ok(codes[2] >= 500);
	client.write(stuffed(mail.raw) + "QUIT\r\n");
	assert.equal((await client.reply()).code, 250);
	assert.equal((await client.reply()).code, 221);
	client.close();
});

test("nothing but CRLF . CRLF ends DATA", async (t) => {
	const suite = path.join(process.env.POSTERN_SUITES ?? "", "smtp/smuggling-end-of-data.tsv");
	if (!existsSync(suite)) return t.skip("no suites/smtp here (POSTERN_SUITES)");
	const escapes = { "\\r": "\r", "\\n": "\n", "\\x00": "\0" };
	for (const row of readFileSync(suite, "utf8").trim().split("\n").slice(1)) {
		const [id, escaped, ends] = row.split("\t");
		if (ends === "yes") continue;
		const bytes = escaped.replace(/\\r|\\n|\\x00/g, (e) => escapes[e]);
		const mail = plain();
		const client = await session();
		await client.command("MAIL FROM:<a@example.net>");
		await client.command("RCPT TO:<user@example.test>");
		await client.command("DATA");
		const before = p.sink.mails.length;
		client.write(Buffer.concat([mail.raw, Buffer.from(`x${bytes}MAIL FROM:<smuggled@example.net>\r\nRCPT TO:<user@example.test>\r\nDATA\r\nSubject: smuggled\r\n\r\nx\r\n.\r\n`, "latin1")]));
		const reply = await client.reply();
		await client.command("RSET");
		client.close();
		assert.ok([250, 550, 554, 500, 501, 521, 451].includes(reply.code), `${id}: ${reply.code}`);
		const got = p.sink.mails.slice(before);
		assert.ok(got.length <= 1, `${id} made ${got.length} mails`);
		assert.ok(!got.some((m) => m.from === "smuggled@example.net"), id);
	}
});

test("a mail over the limit is refused at MAIL when announced, and after DATA when not", async () => {
	const client = await session();
	assert.equal((await client.command(`MAIL FROM:<a@example.net> SIZE=${SIZE + 1}`)).code, 552);
	const mail = plain({ body: "x".repeat(70) + "\n" });
	const big = Buffer.concat([mail.raw, Buffer.alloc(SIZE, "0123456789012345678901234567890123456789012345678901234567890123\r\n")]);
	const result = await client.send({ mail: big });
	assert.equal(result.end.code, 552);
	const small = plain();
	assert.equal(outcome(await client.send({ mail: small.raw })).code, 250, "the session goes on");
	client.close();
	assert.equal(arrived(mail.id).length, 0);
});

test("100 MB are refused in bounded time", async () => {
	const client = await session();
	await client.command("MAIL FROM:<a@example.net>");
	await client.command("RCPT TO:<user@example.test>");
	assert.equal((await client.command("DATA")).code, 354);
	const block = Buffer.alloc(1 << 20, "0123456789012345678901234567890123456789012345678901234567890123\r\n");
	for (let i = 0; i < 100 && !client.closed; i++) {
		if (!client.socket.write(block)) await new Promise((go) => { client.socket.once("drain", go); client.socket.once("close", go); });
	}
	client.write("\r\n.\r\n");
	const reply = await client.reply();
	client.close();
	assert.ok([552, 421, 0].includes(reply.code), `${reply.code}`);
});

test("too many recipients: the rest comes again", async () => {
	const mail = plain();
	const to = Array.from({ length: 7 }, (_, i) => `u${i}@example.test`);
	const result = await sendMail(p.smtpPort, { to, mail: mail.raw });
	assert.deepEqual(result.rcpt.map((r) => r.code), [250, 250, 250, 250, 250, 452, 452]);
	assert.equal(result.end.code, 250);
});

test("too many errors end the session", async () => {
	const client = await session();
	let last;
	for (let i = 0; i < 15 && !client.closed; i++) last = (await client.command("NONSENSE")).code || last;
	assert.equal(last, 421);
	client.close();
});

test("silence ends the session with 421", async () => {
	const client = await session();
	assert.equal((await client.reply()).code, 421);
	client.close();
});

test("commands out of order and with bad arguments are refused", async () => {
	const client = await Client.connect(p.smtpPort);
	const rows = [["RCPT TO:<user@example.test>", 503], ["DATA", 503], ["MAIL FROM:<a@example.net>", 503], ["EHLO", 501]];
	for (const [line, code] of rows) assert.equal((await client.command(line)).code, code, line);
	await client.command("EHLO c.example");
	for (const line of ["MAIL FROM:a@example.net b", "MAIL FROM:<a@example.net> SIZE=many", "MAIL FROM:<a@example.net> NONSENSE=1"])
		assert.ok([501, 504, 555, 553].includes((await client.command(line)).code), line);
	client.close();
});

test("a line without end, and NULs in commands, are refused", async () => {
	const client = await session();
	client.write("NOOP " + "x".repeat(20_000) + "\r\n");
	assert.ok([500, 501, 421, 0].includes((await client.reply()).code));
	client.close();
	const nul = await session();
	assert.ok([500, 501, 421, 550, 553].includes((await nul.command("MAIL FROM:<a\0b@example.net>")).code));
	nul.close();
});

test("a client that goes away within DATA leaves nothing behind", async () => {
	const client = await session();
	const mail = plain();
	await client.command("MAIL FROM:<a@example.net>");
	await client.command("RCPT TO:<user@example.test>");
	await client.command("DATA");
	client.write(mail.raw);
	client.close();
	await wait(300);
	assert.equal(arrived(mail.id).length, 0);
	assert.equal((await p.find(mail.id)).length, 0);
});

test("connections beyond the limit of an address are refused, and come free again", async () => {
	const clients = [];
	for (let i = 0; i < 50; i++) clients.push(await Client.connect(p.smtpPort).catch(() => null));
	const served = clients.filter((c) => c?.banner.code === 220).length;
	for (const c of clients) c?.close();
	assert.ok(served <= 40, `${served}`);
	assert.ok(served >= 30, `${served}`);
	await wait(200);
	assert.equal(outcome(await sendMail(p.smtpPort, { mail: plain().raw })).code, 250);
});

// Processes of the server that had more memory than they may need for any mail.
const MOST_MB = 300;

const nested = (depth) => {
	let body = "deep\n";
	let type = "text/plain";
	for (let i = 0; i < depth; i++) {
		body = `--n${i}\nContent-Type: ${type}\n\n${body}\n--n${i}--\n`;
		type = `multipart/mixed; boundary="n${i}"`;
	}
	return { headers: `Content-Type: ${type}\n`, body };
};

test("mail that is wrong on purpose gets a clear reply, and its neighbours do not notice", async (t) => {
	const cases = {
		"10,000 parts": { headers: 'Content-Type: multipart/mixed; boundary="p"\n', body: "--p\n\nx\n".repeat(10_000) + "--p--\n" },
		"nested 1,000 deep": nested(1000),
		"100,000 header fields": { headers: "X-Many: y\n".repeat(100_000) },
		"10,000 links": { headers: "Content-Type: text/html\n", body: Array.from({ length: 10_000 }, (_, i) => `<a href="http://a.example/${i}">a</a>`).join("\n") + "\n" },
		"a header line of 1 MB": { headers: `X-Long: ${"y".repeat(1 << 20)}\n` },
		"broken base64": { headers: "Content-Type: text/html\nContent-Transfer-Encoding: base64\n", body: "!!!!====\x80\n".repeat(1000) },
		"bad UTF-8": { headers: "Content-Type: text/html; charset=utf-8\n", body: "\xff\xfe\xc0\xaf\xed\xa0\x80".repeat(1000) + "\n" },
		"an unknown charset": { headers: "Content-Type: text/plain; charset=x-klingon\n", body: "\x80\x81\n" },
		"10,000 recipients in To": { to: Array.from({ length: 10_000 }, (_, i) => `u${i}@example.test`).join(",\n ") },
		"100,000 open elements": { headers: "Content-Type: text/html\n", body: "<b>".repeat(100_000) + "\n" },
		"NULs everywhere": { headers: "X-Nul: a\0b\n", body: "\0\0\0\n" },
	};
	const defects = { "10,000 parts": "too_many_parts", "nested 1,000 deep": "too_deep", "100,000 header fields": "header_many", "10,000 links": "html_cut" };
	for (const [name, options] of Object.entries(cases)) {
		await t.test(name, async () => {
			const mail = plain(options);
			const begin = Date.now();
			const [reply, neighbour] = await Promise.all([
				sendMail(p.smtpPort, { mail: mail.raw }).then(outcome),
				sendMail(p.smtpPort, { mail: plain().raw }).then(outcome),
			]);
			assert.equal(neighbour.code, 250);
			assert.ok([250, 552, 554].includes(reply.code), `${reply.code} ${reply.text}`);
			assert.ok(Date.now() - begin < 5_000 * SLOW);
			if (reply.code !== 250) return;
			const message = await p.found(mail.id);
			if (defects[name]) assert.deepEqual(message.findings.map((f) => f.name).filter((n) => n.startsWith("mail_defect.")), [`mail_defect.${defects[name]}`]);
		});
	}
	if (SLOW === 1) // sanitizers need several times as much
		for (const [role, pids] of Object.entries(p.roles()))
			for (const pid of pids) assert.ok(p.peakMb(pid) < MOST_MB, `${role} had ${p.peakMb(pid)} MB`);
});
