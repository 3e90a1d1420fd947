// Disk for raw mail: what is in quarantine stays whatever the budget says, and what could not be kept is not taken.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test, before, after } from "node:test";
import { execute } from "./lib/database.mjs";
import { sendMail, outcome } from "./lib/smtp.mjs";
import { Postern, until, wait } from "./lib/postern.mjs";
import { lure, plain } from "./lib/mail.mjs";

const LARGE = 700_000; // random bytes, which no compression makes less of: two of them are over the megabyte

let p;
before(async () => {
	p = await Postern.start({
		domains: [{ name: "example.test", drop: "MALICIOUS" }],
		settings: { retention: { raw_budget_mb: 1, detections_days: 90, clean_days: 7 } },
	});
});
after(() => p?.stop());

const big = () => randomBytes(LARGE).toString("base64").replace(/(.{76})/g, "$1\n") + "\n";
const blocked = (body) => plain({ from: "bad@blocked.example", body });
const send = async (mail) => outcome(await sendMail(p.smtpPort, { from: `n${randomBytes(6).toString("hex")}@example.net`, mail: mail.raw }));

// The courier looks at the room once a minute, and when it starts.
async function look() {
	for (const pid of p.roles().courier) process.kill(pid, "SIGKILL");
	await until(() => p.roles().courier?.length === 1, "a new courier");
	await wait(1500);
}

const raw = async (mail) => {
	const message = await p.found(mail.id);
	return { message, raw: (await p.request("GET", `investigate/${message.id}/raw`)) };
};

test("with nothing but quarantine over the budget, mail to be held is 452, and other mail passes unkept", async () => {
	assert.equal((await p.request("POST", "settings/block_senders", { body: { pattern: "blocked.example", pattern_type: "DOMAIN", is_regex: false } })).status, 201);
	const held = [];
	for (let i = 0; i < 2; i++) {
		held.push(blocked(big()));
		assert.equal((await send(held[i])).code, 250);
		assert.equal((await p.found(held[i].id)).is_quarantined, true);
	}
	await look();
	const late = lure();
	const refused = await send(late);
	assert.equal(refused.code, 452, refused.text);
	assert.deepEqual(await p.find(late.id), []);
	const clean = plain();
	assert.equal((await send(clean)).code, 250);
	assert.ok(p.sink.mails.some((m) => m.raw.includes(clean.id)));
	const passed = await p.found(clean.id);
	const trace = (await p.get(`investigate/${passed.id}/trace`)).result.inbound.lines;
	assert.ok(trace.some((l) => /not kept/.test(l.message)), JSON.stringify(trace));
	for (const mail of held) assert.equal((await raw(mail)).raw.body.result.raw.length, mail.raw.length);

	// Released mail makes room, though not within the hour in which it came: then what is to be held is taken again.
	const first = await p.found(held[0].id);
	assert.equal((await p.request("POST", "investigate/release", { body: [first.id] })).status, 200);
	await look();
	assert.equal((await send(late)).code, 250);
	assert.equal((await p.found(late.id)).is_quarantined, true);
});

test("held until its time is over: the record says so before its mail goes", async () => {
	const mail = lure();
	assert.equal((await send(mail)).code, 250);
	const message = await p.found(mail.id);
	assert.equal(message.is_quarantined, true);
	const days = 91;
	execute(p, `UPDATE msg SET id = id - (${days * 86400000} << 4) WHERE postfix_id = '${message.postfix_id}'`);
	await look();
	const after = await until(async () => {
		const now = (await p.get(`investigate/${message.postfix_id}`)).result;
		return !now.is_quarantined && now;
	}, "the end of its time");
	assert.deepEqual(after.delivery_status, ["rejected"]);
	assert.equal((await p.get(`investigate/${message.postfix_id}/detections`)).result.action, "DROPPED");
	const { inbound, outbound } = (await p.get(`investigate/${message.postfix_id}/trace`)).result;
	assert.ok(inbound.lines.some((l) => /held for 90 days and released to nobody/.test(l.message)), JSON.stringify(inbound));
	assert.equal(outbound.pending, false);
	const { body } = await p.request("POST", "investigate/release", { body: [message.postfix_id] });
	assert.deepEqual([body.result[0].delivered, body.result[0].failed, body.result[0].undelivered], [[], [], []]);
});
