// DNS that is dead, slow or lies degrades verdicts: mail flows on, in bounded time, and nobody's silent zones keep
// others waiting.
import assert from "node:assert/strict";
import { test, before, after } from "node:test";
import { sendMail, outcome } from "./lib/smtp.mjs";
import { Postern, SLOW, wait } from "./lib/postern.mjs";
import { plain } from "./lib/mail.mjs";

const DNS_S = 2;
const HOLD = "MALICIOUS,MALICIOUS-BEC,SUSPICIOUS,SPOOF,SPAM,BULK";
let p;
before(async () => {
	p = await Postern.start({
		domains: [{ name: "example.test", drop: HOLD }],
		settings: { scan: { timeout_s: 8 * SLOW, dns_timeout_s: DNS_S } },
		// Any name that ends so has a record; every test asks for names that nobody has asked for before.
		records: Object.fromEntries(["honest", "dead", "slow", "lying", "silent", "other"].flatMap((kind) =>
			Array.from({ length: 64 }, (_, i) => [`${kind}${i}.example TXT`, ["v=spf1 ip4:127.0.0.0/8 -all"]]))),
	});
});
after(() => p?.stop());

// Sends a mail from a domain; gives the answer, its time and what the header says of SPF.
async function send(domain, localAddress = "127.0.0.1") {
	const mail = plain({ from: `x@${domain}` });
	const begin = Date.now();
	const { code } = outcome(await sendMail(p.smtpPort, { from: `x@${domain}`, mail: mail.raw, localAddress }));
	const ms = Date.now() - begin;
	const got = p.sink.mails.find((m) => m.from === `x@${domain}`)?.raw.toString("latin1");
	return { code, ms, spf: /\bspf=(\w+)/.exec(got ?? "")?.[1] };
}

const sendAll = (kind, n) => Promise.all(Array.from({ length: n }, (_, i) => send(`${kind}${i}.example`)));

test("DNS that answers gives SPF its result", async () => {
	for (const result of await sendAll("honest", 4)) assert.deepEqual([result.code, result.spf], [250, "pass"]);
});

for (const [kind, set] of Object.entries({ dead: { dead: true }, slow: { delayMs: 700 }, lying: { lies: true } })) {
	test(`${kind} DNS holds no mail`, async (t) => {
		Object.assign(p.dns, set);
		const results = await sendAll(kind, 20);
		Object.assign(p.dns, { dead: false, delayMs: 0, lies: false });
		for (const { code, ms, spf } of results) {
			assert.equal(code, 250);
			assert.ok(ms < (2 * DNS_S + 2) * 1000 * SLOW, `${ms} ms`);
			if (kind === "dead") assert.equal(spf, "temperror");
			if (kind === "lying") assert.notEqual(spf, "pass");
		}
		t.diagnostic(`at most ${Math.max(...results.map((r) => r.ms))} ms; SPF: ${[...new Set(results.map((r) => r.spf))]}`);
		assert.equal((await send(`${kind}60.example`)).spf, "pass", "and it goes on as before");
	});
}

test("64 mails whose zones never answer leave room for others", async (t) => {
	p.dns.silent = /^silent|\.silent/;
	const silent = sendAll("silent", 64);
	await wait(300); // until they have all that one client can have
	const others = [];
	for (let i = 0; i < 10; i++) others.push(await send(`other${i}.example`, "127.0.0.2"));
	const slowest = Math.max(...others.map((r) => r.ms));
	for (const result of others) assert.deepEqual([result.code, result.spf], [250, "pass"]);
	assert.ok(slowest < 2000 * SLOW, `another client waited ${slowest} ms`);
	const results = await silent;
	p.dns.silent = null;
	for (const { code } of results) assert.equal(code, 250);
	t.diagnostic(`the silent ones: at most ${Math.max(...results.map((r) => r.ms))} ms; others: ${slowest} ms`);
});
