// What the operator lets a scan ask of others: each answers, refuses, is silent or gone, and mail goes on.
import assert from "node:assert/strict";
import { test, before, after } from "node:test";
import { Postern, SLOW } from "./lib/postern.mjs";
import { plain } from "./lib/mail.mjs";
import { outcome, sendMail } from "./lib/smtp.mjs";

let p;
before(async () => {
	p = await Postern.start({
		settings: { lists: { addresses: "hosts.example=127.0.0.2-9/0.6", domains: "dbl.spamhaus.org gone.example", timeout_s: 1 } },
		records: {
			"7.101.51.198.hosts.example A": ["127.0.0.3"],
			"8.101.51.198.hosts.example A": ["127.255.255.254"],
			"bad.test.dbl.spamhaus.org A": ["127.0.1.4"],
		},
	});
	p.cli("domain", "set", "--account", p.account, "example.test", "--hops", "2");
	p.dns.silent = /gone\.example$/;
});
after(() => p?.stop());

// Sends a mail that came by that host, and gives its detections or message.
async function judged(options) {
	const mail = plain(options);
	const begin = Date.now();
	assert.equal(outcome(await sendMail(p.smtpPort, { from: "ann@example.net", mail: mail.raw })).code, 250);
	const ms = Date.now() - begin;
	return { ms, message: await p.found(mail.id) };
}
const found = (message, name) => message.findings.find((f) => f.name === name);
const by = (ip) => ({ headers: `Received: from mx.example.net ([${ip}]) by gw2.example.test with ESMTP; Fri, 20 Nov 2026 10:00:00 +0000\n` });

test("a host on a list is told with the list and its code", async () => {
	const { message } = await judged(by("198.51.101.7"));
	const f = found(message, "listed.host");
	assert.equal(f?.detail, "198.51.101[dot]7: hosts[dot]example says 127.0.0[dot]3");
	assert.equal(f.score, 0.6);
	assert.equal(found((await judged(by("198.51.101.9"))).message, "listed.host"), undefined);
});

test("a link to a listed domain makes a mail suspicious, though another list never answers", async () => {
	const { message, ms } = await judged({ body: "See https://www.bad.test/a for it.\n" });
	assert.equal(found(message, "listed.link")?.detail, "bad[dot]test: dbl.spamhaus[dot]org says 127.0.1[dot]4");
	assert.notEqual(message.final_disposition, "NONE");
	assert.ok(ms < 4000 * SLOW, `${ms} ms`);
});

test("a silent list is left alone after a few questions, and mail does not wait for it any more", async () => {
	for (let i = 0; !p.log.includes("event=list_silent"); i++) {
		assert.ok(i < 10, p.log);
		await judged({ body: `See https://a${i}.test/ and https://b${i}.test/ for it.\n` });
	}
	const asked = p.dns.asked;
	const { ms } = await judged({ body: "See https://other.test/ for it.\n" });
	assert.ok(ms < 900 * SLOW, `${ms} ms`);
	assert.ok(p.dns.asked > asked);
});

test("a list that refuses us is no hit, and is told once", async () => {
	for (let i = 0; i < 2; i++) assert.equal(found((await judged(by("198.51.101.8"))).message, "listed.host"), undefined);
	assert.equal(p.complaints.filter((l) => /event=list_refuses list="hosts.example" code="127.255.255.254"/.test(l)).length, 1, p.log);
	assert.equal(found((await judged(by("198.51.101.7"))).message, "listed.host"), undefined, "it is not asked any more");
});

test("a setting that names no list is told with its line", () => {
	const before = p.settings.lists;
	p.settings.lists = { addresses: "localhost" };
	p.writeConfig();
	const { status, stderr } = p.tryCli("check-config");
	assert.equal(status, 1, stderr);
	assert.match(stderr, /postern\.conf:\d+: lists\.addresses: "localhost" is not ZONE\[=CODES\]\[\/WEIGHT\]/);
	p.settings.lists = before;
	p.writeConfig();
});
