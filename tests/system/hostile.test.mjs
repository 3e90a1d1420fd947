// Strangers who mean harm: what they send, and what others then get to see.
import assert from "node:assert/strict";
import { test, before, after } from "node:test";
import net from "node:net";
import { once } from "node:events";
import { Client, outcome } from "./lib/smtp.mjs";
import { Postern, SLOW, until, wait } from "./lib/postern.mjs";
import { plain, lure } from "./lib/mail.mjs";

let p;
before(async () => {
	p = await Postern.start({
		domains: [{ name: "example.test" }, { name: "held.test", drop: "MALICIOUS,MALICIOUS-BEC,SUSPICIOUS,SPOOF,SPAM,BULK" }],
		settings: { smtp: { threads: 16 }, relay: { timeout_s: 5 * SLOW } },
		records: { "strict.example TXT": ["v=spf1 ip4:127.0.0.1 -all"], "_dmarc.strict.example TXT": ["v=DMARC1; p=reject"] },
	});
});
after(() => p?.stop());

const arrived = (id) => p.sink.mails.filter((m) => m.raw.includes(id));

async function session(localAddress, hello = "EHLO attacker.example") {
	const client = await Client.connect(p.smtpPort, { localAddress });
	await client.command(hello);
	return client;
}

// The mail as the next hop got it, as text.
async function through(raw, options = {}) {
	const client = await session(options.localAddress, options.hello);
	const before = p.sink.mails.length;
	const reply = outcome(await client.send({ mail: raw, ...options }));
	client.close();
	assert.equal(reply.code, 250, reply.text);
	assert.equal(p.sink.mails.length, before + 1);
	return p.sink.mails.at(-1).raw.toString("latin1");
}

// Header fields as a reader sees them who takes every line end and drops NULs.
function fields(text) {
	const head = text.replaceAll("\0", "").replace(/\r\n|\r|\n/g, "\n").split("\n\n")[0];
	return head.replace(/\n[ \t]+/g, " ").split("\n");
}

test("no reader finds forged fields of ours", async (t) => {
	const rest = "From: a@sender.example\r\nTo: user@example.test\r\nSubject: x\r\n\r\nbody\r\n";
	const forged = "X-Postern-Disposition: NONE\r\n";
	const results = "Authentication-Results: gw.example.test; spf=pass smtp.mailfrom=bank.example\r\n";
	const cases = {
		plain: forged + rest,
		"another case": forged.toUpperCase() + rest,
		"behind junk": `From: a@sender.example\r\njunk\r\n${forged}${rest}`,
		"behind an mbox line": `From a@sender.example Fri Nov 20\r\n${forged}${rest}`,
		"behind an mbox line in the middle": `Subject: x\r\nFrom a@sender.example Fri Nov 20\r\n${forged}${rest}`,
		"behind a bare CR": `Subject: x\r${forged}${rest}`,
		"behind a bare LF": `Subject: x\n${forged}${rest}`,
		"with NULs": `X-Pos\0tern-Disposition: NONE\r\n${rest}`,
		"blanks before the colon": `X-Postern-Disposition \t : NONE\r\n${rest}`,
		"the colon folded": `X-Postern-Disposition\r\n : NONE\r\n${rest}`,
		"continuing ours": ` NONE\r\n${forged}${rest}`,
		"behind 1,500 others": "A: b\r\n".repeat(1500) + forged + rest,
		"1,900 times": forged.repeat(1900) + rest,
		"180 times": forged.repeat(180) + rest,
		results: results + rest,
		"results, quoted": results.replace("gw.example", '"gw\\.ex\\ample').replace(";", '";') + rest,
		"results, folded with comments": results.replace(" gw", "\r\n (a (b\\) c))\r\n\tGW") + rest,
		"results, a NUL before the colon": results.replace(":", "\0:") + rest,
		"results, a vertical tab before the colon": results.replace(":", "\v:") + rest,
		"results, a form feed in front": "\f" + results + rest,
		"results, a byte order mark in front": "\xef\xbb\xbf" + results + rest,
		"results, a no-break space before the name": results.replace(" gw", " \xc2\xa0gw") + rest,
		"results, a dot behind the name": results.replace(";", ".;") + rest,
		"results, a comment without end": results.replace(" gw", " (gw") + rest,
		"results behind junk": `junk\r\n${results}${rest}`,
		"results behind a bare CR": `Subject: x\r${results}${rest}`,
	};
	for (const [name, raw] of Object.entries(cases))
		await t.test(name, async () => {
			const seen = fields(await through(raw));
			// What is built to be read in two ways is suspicious or spam, and our own field says so.
			const ours = seen.filter((f) => /^X-Postern-(?!Processed: \w+$|Disposition: (SUSPICIOUS|UCE)$|Stray:)/i.test(f.replace(/\s+:/, ":")));
			assert.deepEqual(ours, []);
			assert.ok(seen.filter((f) => /^X-Postern-Disposition: (SUSPICIOUS|UCE)$/.test(f)).length <= 1);
			assert.equal(seen.filter((f) => /^X-Postern-Processed: \w+$/.test(f)).length, 1);
			const named = seen.filter((f) => /^Authentication-Results\s*:\s*(\([^;]*\)\s*)?"?gw\\?\.ex/i.test(f));
			assert.equal(named.length, 1, named.join("\n"));
			assert.ok(!seen.some((f) => f.includes("bank.example")));
		});
});

test("HELO, MAIL and RCPT put nothing into header fields and logs but themselves", async () => {
	const from = '"a; dkim=pass header.d=bank.example (x"@example.net';
	const mail = plain();
	const text = await through(mail.raw, { from, to: '"b X-Postern-Disposition: NONE"@example.test', hello: "EHLO x) by gw.example.test (y; Fri, 1 Jan 2027 [10.0.0.1] level=info event=message" });
	const added = text.slice(0, text.indexOf("From: "));
	for (const line of added.split("\r\n").filter(Boolean)) assert.match(line, /^(Received|Authentication-Results|X-Postern-Processed): |^\t/);
	assert.match(added, /^Received: from x\?\?by\?gw/);
	assert.ok(!/^\tdkim=pass/m.test(added), added);
	assert.ok(!p.log.split("\n").some((l) => /^level=info event=message/.test(l)));
});

test("dots between any line ends and NULs end nothing at the next hop", async () => {
	const ends = ["\r\n", "\n", "\r", "\r\0\n", "\r\n\0", "\n\0", "\r\0", "\0\r\n\0"];
	const all = ends.flatMap((a) => ends.map((b) => `x${a}.${b}`)).join("");
	for (const bdat of [false, true]) {
		const sent = Buffer.concat([plain().raw, Buffer.from(all, "latin1")]);
		const client = await session();
		const chunks = [];
		const listen = (socket) => socket.on("data", (bytes) => chunks.push(bytes));
		for (const socket of p.sink.sockets) listen(socket);
		p.sink.server.once("connection", listen);
		assert.equal(outcome(await client.send({ mail: sent, bdat })).code, 250);
		client.close();
		p.sink.server.removeListener("connection", listen);
		const wire = Buffer.concat(chunks).toString("latin1");
		const data = wire.slice(wire.indexOf("Received: "));
		for (const dropNul of [false, true]) {
			const seen = (dropNul ? data.replaceAll("\0", "") : data).slice(0, -5);
			assert.ok(!/[\r\n]\.[\r\n]/.test(seen), JSON.stringify(seen.match(/[\r\n]\.[\r\n]/)));
		}
	}
});

test("addresses that are nearly ours go nowhere else", async () => {
	const client = await session();
	await client.command("MAIL FROM:<a@example.net> SMTPUTF8");
	const refused = ["<user@example.test@evil.example>", "<user@evil.example>", "<@example.test:user@evil.example>", '<"user@example.test"@evil.example>',
		"<user@[127.0.0.1]>", "<user@example.test.>", "<user@.example.test>", "<user@example.test%evil.example>", "<evil.example!user>", "<user@xexample.test>",
		"<user@sub.example.test>", "<user@example.test\0>", "<user@example.test> NOTIFY=NEVER", "<user@example.test>,<x@evil.example>"];
	for (const path of refused) {
		const reply = await client.command(`RCPT TO:${path}`);
		assert.ok(reply.code >= 500 && reply.code < 600 || reply.code === 421, `${path}: ${reply.code}`);
	}
	client.close();
	assert.ok(!p.sink.mails.some((m) => m.to.some((a) => !/@(example|held)\.test$/i.test(a))));
});

test("a mail held for a stranger's copy of it still comes from its sender", async () => {
	const mail = plain({ from: "Ann <ann@strict.example>", to: "user@held.test" });
	const options = { from: "ann@strict.example", to: "user@held.test", mail: mail.raw };
	const stranger = await session("127.0.0.9");
	assert.equal(outcome(await stranger.send(options)).code, 250);
	stranger.close();
	assert.equal(arrived(mail.id).length, 0, "the copy was to be held");
	for (let i = 0; i < 2; i++) {
		const sender = await session();
		assert.equal(outcome(await sender.send(options)).code, 250);
		sender.close();
		assert.equal(arrived(mail.id).length, 1);
	}
	assert.equal((await p.find(mail.id)).length, 2);
});

test("signatures without number and of any length do not get a mail held", async () => {
	const long = Array.from({ length: 3 }, (_, i) => "d".repeat(60) + i).join(".") + ".example";
	const one = (i) => `DKIM-Signature: v=1; a=rsa-sha256; d=${long}; s=${"s".repeat(55)}${i}.${"t".repeat(60)}; h=From;\r\n bh=${"A".repeat(43)}=; b=${"B".repeat(344)}\r\n`;
	const mail = plain({ headers: Array.from({ length: 12 }, (_, i) => one(i)).join("").replaceAll("\r\n", "\n") });
	const text = await through(mail.raw, { from: `${"f".repeat(60)}@${long}`, hello: `EHLO ${"h".repeat(250)}` });
	assert.ok(text.includes(mail.id));
	assert.ok(!(await p.found(mail.id)).is_quarantined);
});

test("silent sessions of one address leave room for others", async () => {
	const silent = await Promise.all(Array.from({ length: 80 }, async () => {
		const client = await Client.connect(p.smtpPort, { localAddress: "127.0.0.7" }).catch(() => null);
		client?.write("EHLO x\r\nMAIL FROM:<a@example.net>\r\n");
		return client;
	}).map((c) => Promise.race([c, wait(1000)])));
	const mail = plain();
	const sent = through(mail.raw);
	assert.ok(await Promise.race([sent, wait(5000)]), "a mail beside them");
	for (const client of silent) client?.close();
});

test("clients of many addresses that are silent anywhere in a mail leave room for others", async () => {
	const words = ["MAIL FROM:<a@example.net>", "RCPT TO:<user@example.test>", "DATA", "Subject: x"];
	const silent = [];
	for (let i = 0; i < 48; i++) {
		const client = await Client.connect(p.smtpPort, { localAddress: `127.0.1.${i % 12}` });
		silent.push(client);
		await client.command("EHLO x");
		for (const word of words.slice(0, 1 + i % 4)) {
			if (word.startsWith("Subject")) client.write(word + "\r\n");
			else assert.ok((await client.command(word)).code < 400, word);
		}
	}
	const drip = setInterval(() => { for (const client of silent) client.write(" "); }, 100);
	const mail = plain();
	const sent = through(mail.raw);
	assert.ok(await Promise.race([sent, wait(5000 * SLOW)]), "a mail beside them");
	clearInterval(drip);
	for (const client of silent) client.close();
});

test("a silent next hop stops no mail for others, and is left alone", async () => {
	const open = new Set();
	const hop = net.createServer((socket) => { open.add(socket); socket.on("error", () => {}); }).listen(0, "127.0.0.1");
	await once(hop, "listening");
	p.addDomain({ name: "silent.test", transport: `127.0.0.1:${hop.address().port}` });
	const ask = async (localAddress) => {
		const client = await session(localAddress);
		await client.command("MAIL FROM:<a@example.net>");
		const reply = await client.command("RCPT TO:<user@silent.test>");
		client.close();
		return reply;
	};
	const asked = Array.from({ length: 24 }, async (_, i) => {
		await wait(500); // until the domain is known
		return await ask(`127.0.2.${i}`);
	});
	await until(() => open.size > 0, "somebody waits for it");
	const mail = plain();
	const before = Date.now();
	await through(mail.raw);
	assert.ok(Date.now() - before < 4000 * SLOW, "a mail beside them");
	for (const reply of await Promise.all(asked)) assert.equal(reply.code, 451, reply.text);
	assert.ok(open.size <= 4, `${open.size} of 16 threads waited for it`);
	const again = Date.now();
	assert.equal((await ask("127.0.2.1")).code, 451);
	assert.ok(Date.now() - again < 1000 * SLOW, "it was asked again at once");
	for (const socket of open) socket.destroy();
	hop.close();
});

test("a next hop that lies is answered with 4xx, or taken at its word, in bounded time", async (t) => {
	const cases = {
		"a reply without end": ["end", () => "250-x\r\n".repeat(5000) + "250 ok", 451],
		"a line without end": ["end", () => "250 " + "x".repeat(100_000), 451],
		"garbage": ["end", () => "\0\xff\x01", 451],
		"354 for the mail": ["end", () => "354 go on", 451],
		"354 for ever": ["rcpt", () => "354 go on", 451],
		"250 for DATA": ["data", () => "250 ok", 451],
		"control characters": ["end", () => "250 2.0.0 queued as \x1b[31m\x07evil\0", 250],
		"999": ["end", () => "999 what", 451],
		"a very long refusal": ["end", () => "550-5.7.1 no\r\n".repeat(100) + "550 5.7.1 no", 550],
	};
	for (const [name, [when, reply, code]] of Object.entries(cases))
		await t.test(name, async () => {
			p.sink.behave = { [when]: reply };
			const client = await session();
			const mail = plain();
			const got = outcome(await client.send({ mail: mail.raw }));
			p.sink.behave = {};
			client.close();
			assert.equal(got.code, code, got.text);
			assert.ok(!/[^\t\n -~]/.test(got.text));
			if (when === "end") assert.equal((await p.found(mail.id)).delivery_status.length, 1);
			const again = await session();
			const resent = outcome(await again.send({ mail: mail.raw }));
			again.close();
			assert.equal(resent.code, 250, resent.text);
		});
});

const allow = async (more) => {
	const answer = await p.request("POST", "settings/allow_policies", { body: {
		is_regex: false, is_trusted_sender: false, is_acceptable_sender: false, is_exempt_recipient: false, verify_sender: true, comments: null, ...more } });
	assert.equal(answer.status, 201, answer.text);
};

test("no trust comes from what a sender chose", async (t) => {
	await allow({ pattern: "strict.example", pattern_type: "DOMAIN", is_trusted_sender: true });
	await allow({ pattern: "boss@strict.example", pattern_type: "EMAIL", is_trusted_sender: true });
	await allow({ pattern: ".*@strict\\.example", pattern_type: "EMAIL", is_regex: true, is_trusted_sender: true });
	await allow({ pattern: "(.*\\.)?strict\\.example", pattern_type: "DOMAIN", is_regex: true, is_trusted_sender: true });
	await allow({ pattern: "127\\.0\\.0\\.1", pattern_type: "IP", is_regex: true, is_trusted_sender: true });
	const bad = "Boss <boss@strict.example>";
	const cases = {
		"From": { header: bad },
		"From, twice": { header: `x@evil.example\nFrom: ${bad}` },
		"From, twice, the other first": { header: `${bad}\nFrom: x@evil.example` },
		"two in From": { header: `x@evil.example, ${bad}` },
		"in a comment": { header: "x@evil.example (boss@strict.example)" },
		"in the name": { header: '"boss@strict.example" <x@evil.example>' },
		"in a quoted local part": { header: '"boss@strict.example"@evil.example', from: '"boss@strict.example"@evil.example' },
		"in a route": { header: "<@strict.example:x@evil.example>" },
		"in a group": { header: "boss@strict.example:x@evil.example;" },
		"behind a line end": { header: "x@evil.example\r\n\tboss@strict.example" },
		"Reply-To": { header: `x@evil.example\nReply-To: ${bad}` },
		"Sender": { header: `x@evil.example\nSender: ${bad}` },
		"HELO": { header: "x@evil.example", hello: "EHLO strict.example" },
		"HELO, with no sender": { header: bad, from: "", hello: "EHLO strict.example" },
		"the envelope": { header: "x@evil.example", from: "boss@strict.example" },
		"results of ours": { header: `${bad}\nAuthentication-Results: gw.example.test; dmarc=pass header.from=strict.example; spf=pass smtp.mailfrom=strict.example` },
		"Received": { header: `${bad}\nReceived: from strict.example ([127.0.0.1]) by gw.example.test` },
		"Received-SPF": { header: `${bad}\nReceived-SPF: pass (x) client-ip=127.0.0.1` },
		"a longer domain": { header: "boss@strict.example.evil.example", from: "boss@strict.example.evil.example" },
		"a line end in the domain": { header: "boss@strict.example\n evil.example" },
		"a trailing dot": { header: "boss@strict.example.", from: "x@evil.example" },
	};
	for (const [name, { header, from = "x@evil.example", hello = "EHLO x.evil.example" }] of Object.entries(cases))
		await t.test(name, async () => {
			const client = await session("127.0.0.9", hello);
			const mail = plain({ from: header });
			assert.equal(outcome(await client.send({ from, mail: mail.raw })).code, 250);
			client.close();
			assert.ok(!(await p.found(mail.id)).properties.allowlisted_pattern);
		});
	await t.test("the real one", async () => {
		const client = await session();
		const mail = plain({ from: bad });
		assert.equal(outcome(await client.send({ from: "boss@strict.example", mail: mail.raw })).code, 250);
		client.close();
		assert.ok((await p.found(mail.id)).properties.allowlisted_pattern);
	});
});

test("what one domain believes of Received fields counts for no other", async () => {
	const [domain] = (await p.get("settings/domains", { domain: "held.test" })).result;
	assert.equal((await p.request("PATCH", `settings/domains/${domain.id}`, { body: { lookback_hops: 2 } })).status, 200);
	const client = await session("127.0.0.9");
	await client.command("MAIL FROM:<ann@strict.example>");
	assert.equal((await client.command("RCPT TO:<user@example.test>")).code, 250);
	assert.equal((await client.command("RCPT TO:<user@held.test>")).code, 452);
	client.close();
});

test("an exemption frees its recipient and nobody else, in any order", async () => {
	await allow({ pattern: "abuse@held.test", pattern_type: "EMAIL", is_exempt_recipient: true, verify_sender: false });
	const all = ["user@held.test", "ABUSE@HELD.TEST", '"abuse"@held.test', "abuse+x@held.test"];
	for (const to of [all, all.slice().reverse()]) {
		const mail = lure();
		const client = await session();
		await client.send({ from: "x@evil.example", to, mail: "Subject: dropped by RSET\r\n\r\n" });
		assert.equal(outcome(await client.send({ from: "x@evil.example", to, mail: mail.raw })).code, 250);
		client.close();
		const got = arrived(mail.id).flatMap((m) => m.to).map((a) => a.toLowerCase().replaceAll('"', ""));
		assert.ok(got.length > 0 && got.every((a) => a === "abuse@held.test"), `${got}`);
	}
});

test("RSET, EHLO and a change of class leave nothing of the transaction before", async () => {
	const client = await session();
	for (const between of ["RSET", "EHLO attacker.example"]) {
		await client.command("MAIL FROM:<first@evil.example>");
		await client.command("RCPT TO:<first@example.test>");
		await client.command(between);
		assert.equal((await client.command("DATA")).code, 503);
		assert.equal((await client.command("RCPT TO:<x@example.test>")).code, 503);
		const mail = plain();
		assert.equal(outcome(await client.send({ to: "second@example.test", mail: mail.raw })).code, 250);
		assert.deepEqual(arrived(mail.id).map((m) => [m.from, m.to]), [["sender@example.net", ["second@example.test"]]]);
	}
	client.close();
});

test("BDAT and DATA cannot be mixed, and wrong sizes smuggle nothing", async (t) => {
	const smuggled = "MAIL FROM:<smuggled@example.net>\r\nRCPT TO:<user@example.test>\r\nBDAT 12 LAST\r\nSubject: x\r\n";
	const cases = ["BDAT 5\r\nSubjeDATA\r\n", "BDAT 5 \r\nSubje", "BDAT -1 LAST\r\n", "BDAT 18446744073709551616 LAST\r\n", "BDAT 0x10 LAST\r\n",
		"BDAT +5 LAST\r\n", "BDAT 5 LAST LAST\r\n", "BDAT 5\tLAST\r\n", "BDAT 5 LAST\n", "BDAT\r\n", "BDAT 5LAST\r\n"];
	for (const text of cases)
		await t.test(JSON.stringify(text), async () => {
			const client = await session();
			await client.command("MAIL FROM:<a@example.net>");
			await client.command("RCPT TO:<user@example.test>");
			const before = p.sink.mails.length;
			client.write(text + smuggled + "QUIT\r\n");
			while ((await client.reply()).code);
			assert.ok(!p.sink.mails.slice(before).some((m) => m.from === "smuggled@example.net" && m.raw.length < 30));
			client.close();
		});
});

test("intake gives back what large mails took", { skip: SLOW > 1 && "sanitizers keep memory" }, async () => {
	const address = (kind, i) => `${kind}${i}${"x".repeat(50)}@${`${"d".repeat(60)}.`.repeat(3)}example`;
	const people = (kind) => Array.from({ length: 1000 }, (_, i) => `"${"\x01".repeat(200)}" <${address(kind, i)}>`);
	// A field has an end, so the people stand in several.
	const fields = (name, list) => Array.from({ length: 10 }, (_, i) => `${name}: ${list.slice(i * 100, i * 100 + 100).join(",\r\n ")}\r\n`).join("");
	const headers = fields("To", people("t")) + fields("Cc", people("c"));
	const large = () => {
		const mail = plain();
		return Buffer.concat([Buffer.from(headers, "latin1"), mail.raw]);
	};
	const one = async () => {
		const client = await session();
		for (let i = 0; i < 4; i++) {
			const { code } = outcome(await client.send({ mail: large() }));
			assert.equal(code, 250);
		}
		client.close();
	};
	await Promise.all(Array.from({ length: 12 }, one));
	await until(() => p.roles().intake.every((pid) => p.memoryMb(pid) < 64), "intake is small again");
});
