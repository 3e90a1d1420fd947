// The vendor's own SDK, with nothing but the base URL changed.
import assert from "node:assert/strict";
import { test, before, after } from "node:test";
import { sendMail } from "./lib/smtp.mjs";
import { Postern, until } from "./lib/postern.mjs";
import { plain, lure } from "./lib/mail.mjs";

let Cloudflare = null;
try {
	Cloudflare = (await import("cloudflare")).default;
} catch {
	// Said by the tests.
}

const CLEAN = 45;
const LURES = 7;
let p;
let client;
let key;
const account = () => ({ account_id: p.account });

before(async () => {
	if (!Cloudflare) return;
	p = await Postern.start();
	key = p.secret("user", "add", "--account", p.account, "admin@example.test");
	client = new Cloudflare({ apiToken: p.token, baseURL: p.base });
	for (let i = 0; i < CLEAN; i++) await sendMail(p.smtpPort, { mail: plain({ subject: `Clean number ${i}` }).raw });
	for (let i = 0; i < LURES; i++) await sendMail(p.smtpPort, { mail: lure().raw });
	await until(async () => (await p.get("investigate", { detections_only: "false", per_page: "1000" })).result.length === CLEAN + LURES, "all mail");
});
after(() => p?.stop());

const sdk = (name, body) => test(name, { skip: Cloudflare ? false : "npm package cloudflare is not installed" }, body);

sdk("iterates all messages to the end, each once, the newest first", async () => {
	const seen = [];
	for await (const message of client.emailSecurity.investigate.list({ ...account(), detections_only: false, per_page: 10 })) seen.push(message);
	assert.equal(seen.length, CLEAN + LURES);
	assert.equal(new Set(seen.map((m) => m.id)).size, seen.length);
	const times = seen.map((m) => Date.parse(m.scanned_at));
	assert.deepEqual(times, [...times].sort((a, b) => b - a));
});

sdk("filters by detection, subject, sender and disposition", async () => {
	const all = async (query) => {
		const seen = [];
		for await (const m of client.emailSecurity.investigate.list({ ...account(), per_page: 20, ...query })) seen.push(m);
		return seen;
	};
	const detected = await all({});
	assert.equal(detected.length, LURES);
	assert.equal((await all({ final_disposition: detected[0].final_disposition })).length >= 1, true);
	assert.equal((await all({ detections_only: false, subject: "number 17 clean" })).length, 1);
	assert.equal((await all({ detections_only: false, sender: "sender@example.net" })).length, CLEAN + LURES);
	assert.equal((await all({ detections_only: false, sender: "nobody@example.net" })).length, 0);
	assert.equal((await all({ detections_only: false, query: "CLEAN minutes" })).length, 0);
	assert.equal((await all({ detections_only: false, query: "clean 44" })).length, 1);
});

sdk("reads one message, its detections, raw text and trace", async () => {
	const page = await client.emailSecurity.investigate.list({ ...account(), per_page: 1 });
	const [first] = page.result;
	const message = await client.emailSecurity.investigate.get(first.postfix_id, account());
	assert.equal(message.id, first.id);
	const detections = await client.emailSecurity.investigate.detections.get(first.postfix_id, account());
	assert.ok(detections.links.length > 0 && detections.attachments.length > 0);
	assert.match((await client.emailSecurity.investigate.raw.get(first.postfix_id, account())).raw, /URGENT: verify/);
	const trace = await client.emailSecurity.investigate.trace.get(first.postfix_id, account());
	assert.ok(trace.inbound.lines.length > 0);
	await assert.rejects(client.emailSecurity.investigate.get("4NjAAAAAAAAAAAA-2026-11-20T10:00:00", account()), Cloudflare.NotFoundError);
});

sdk("keeps settings: create, read, edit, list, delete", async () => {
	const { allowPolicies, blockSenders, domains } = client.emailSecurity.settings;
	const flags = { is_regex: false, is_trusted_sender: true, is_acceptable_sender: false, is_exempt_recipient: false, verify_sender: true };
	const ids = [];
	for (let i = 0; i < 25; i++)
		ids.push((await allowPolicies.create({ ...account(), ...flags, pattern: `sdk${i}.example`, pattern_type: "DOMAIN" })).id);
	const seen = [];
	for await (const policy of allowPolicies.list({ ...account(), per_page: 7 })) seen.push(policy.id);
	assert.deepEqual([...seen].sort(), [...ids].sort());
	const edited = await allowPolicies.edit(ids[3], { ...account(), comments: "changed" });
	assert.equal(edited.comments, "changed");
	assert.equal((await allowPolicies.get(ids[3], account())).comments, "changed");
	assert.equal((await allowPolicies.delete(ids[3], account())).id, ids[3]);
	await assert.rejects(allowPolicies.get(ids[3], account()), Cloudflare.NotFoundError);
	await assert.rejects(allowPolicies.create({ ...account(), ...flags, pattern: "sdk4.example", pattern_type: "DOMAIN" }), Cloudflare.ConflictError);
	await assert.rejects(allowPolicies.create({ ...account(), ...flags, pattern: "", pattern_type: "DOMAIN" }), Cloudflare.BadRequestError);

	const block = await blockSenders.create({ ...account(), pattern: "x@sdk.example", pattern_type: "EMAIL", is_regex: false });
	assert.equal((await blockSenders.get(block.id, account())).pattern, "x@sdk.example");

	const names = [];
	for await (const domain of domains.list(account())) names.push(domain.domain);
	assert.deepEqual(names, ["example.test"]);
	const [domain] = (await domains.list(account())).result;
	assert.deepEqual((await domains.edit(domain.id, { ...account(), drop_dispositions: ["MALICIOUS"] })).drop_dispositions, ["MALICIOUS"]);
});

sdk("signs in with e-mail address and key too, and with nothing else", async () => {
	const byKey = new Cloudflare({ apiEmail: "admin@example.test", apiKey: key, baseURL: p.base });
	assert.ok((await byKey.emailSecurity.investigate.list({ ...account(), per_page: 1 })).result.length === 1);
	const wrongKey = new Cloudflare({ apiEmail: "admin@example.test", apiKey: key + "x", baseURL: p.base });
	await assert.rejects(wrongKey.emailSecurity.investigate.list(account()), Cloudflare.PermissionDeniedError);
	const wrongToken = new Cloudflare({ apiToken: "x".repeat(40), baseURL: p.base });
	await assert.rejects(wrongToken.emailSecurity.investigate.list(account()), Cloudflare.AuthenticationError);
	const reader = new Cloudflare({ apiToken: p.secret("token", "add", "--account", p.account, "--scope", "read", "reader"), baseURL: p.base });
	assert.ok(await reader.emailSecurity.investigate.list(account()));
	await assert.rejects(reader.emailSecurity.settings.blockSenders.create({ ...account(), pattern: "a@b.example", pattern_type: "EMAIL", is_regex: false }), Cloudflare.PermissionDeniedError);
	const other = p.cli("account", "add", "Other").trim();
	await assert.rejects(client.emailSecurity.investigate.list({ account_id: other }), Cloudflare.PermissionDeniedError);
});
