// Saying that mail should be judged otherwise: by both of the vendor's clients, to the outcome, through a dead courier.
import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { test, before, after } from "node:test";
import { sendMail, outcome } from "./lib/smtp.mjs";
import { Postern, until, wait } from "./lib/postern.mjs";
import { select } from "./lib/database.mjs";
import { lure, plain } from "./lib/mail.mjs";
import { Sdk, load } from "./lib/sdk.mjs";

const PACKAGES = [{ name: "cloudflare", form: "uuid" }, { name: "cloudflare-integer", form: "integer", nulls: true }];

let p;
before(async () => {
	p = await Postern.start({ domains: [{ name: "example.test", drop: "MALICIOUS,SUSPICIOUS" }] });
});
after(() => p?.stop());

async function send(mail) {
	assert.equal(outcome(await sendMail(p.smtpPort, { mail: mail.raw })).code, 250);
	return await p.found(mail.id);
}

const reclassify = (id, body) => p.request("POST", `investigate/${id}/reclassify`, { body });
const submissions = async (query = {}) => (await p.get("submissions", query)).result;
const about = async (message) => (await submissions({ query: message.postfix_id }))[0];
const analysed = (message) => until(async () => {
	const s = await about(message);
	return s?.outcome ? s : null;
}, "the outcome", 60);

// As retention does, sooner.
function forgetBytes() {
	for (const folder of readdirSync(path.join(p.data, "raw"))) rmSync(path.join(p.data, "raw", folder), { recursive: true });
}

for (const { name, form, ...how } of PACKAGES)
	test(`${name}: from the request to the outcome`, async (t) => {
		const module = await load(name, { name, form, ...how });
		if (!module) return t.skip(`npm package ${name} is not installed`);
		const token = p.secret("token", "add", "--account", p.account, "--scope", "write", "--id-form", form, form);
		const sdk = new Sdk(module, { apiToken: token, baseURL: p.base });
		const message = await send(lure());
		assert.equal(message.is_quarantined, true);
		const answer = await sdk.call("investigate.reclassify.create", message.postfix_id, { account_id: p.account, expected_disposition: "NONE" });
		assert.deepEqual(answer, {});
		const s = await analysed(message);
		assert.equal(s.type, "Team");
		assert.equal(s.requested_by, `token:${form}`);
		assert.equal(s.requested_ts, s.requested_at);
		assert.equal(s.original_disposition, message.final_disposition.replace("-BEC", ""));
		assert.deepEqual([s.requested_disposition, s.outcome_disposition, s.outcome, s.status, s.customer_status], ["NONE", "NONE", "confirmed", "Accepted", "unreviewed"]);
		assert.deepEqual([s.original_postfix_id, s.original_edf_hash, s.subject], [message.postfix_id, message.edf_hash, message.subject]);

		const now = (await p.get(`investigate/${message.id}`)).result;
		assert.equal(now.final_disposition, "NONE");
		assert.equal(now.alert_id, null);
		assert.equal(now.is_quarantined, true); // to let it go is another step
		assert.deepEqual(now.post_delivery_operations, ["SUBMISSION"]);
		assert.deepEqual(now.action_log.map((e) => [e.operation, e.properties.requested_by]), [["SUBMISSION", `token:${form}`], ["RECLASSIFY", `token:${form}`]]);
		assert.equal(now.action_log[1].status, `from ${message.final_disposition} to NONE`);
		const entries = (await p.get(`investigate/${message.id}/action_log`)).result;
		for (const e of entries) assert.deepEqual([e.operation, e.properties.submission_id, e.properties.submission_type, e.properties.requested_disposition], ["SUBMISSION", s.submission_id, "Team", "NONE"]);

		const all = await sdk.all("submissions.list", { account_id: p.account, query: message.postfix_id, per_page: 1 });
		assert.deepEqual(all.map((one) => one.submission_id), [s.submission_id]);
		const found = await sdk.all("investigate.list", { account_id: p.account, submissions: true, detections_only: false, message_id: message.message_id });
		assert.deepEqual(found.map((one) => one.postfix_id), [s.submission_id]);
	});

test("the submitted mail is found among submissions and nowhere else", async () => {
	const message = await send(lure());
	assert.equal((await reclassify(message.id, { expected_disposition: "SPAM" })).status, 202);
	const s = await analysed(message);
	const path = `investigate/${s.submission_id}`;
	const sample = (await p.get(path, { submission: "true" })).result;
	assert.equal(sample.is_phish_submission, true);
	assert.equal(sample.delivery_mode, "REVIEW_SUBMISSION");
	assert.equal(sample.final_disposition, "SPAM");
	assert.equal(sample.is_quarantined, false);
	assert.equal((await p.request("GET", path)).status, 404);
	assert.equal((await p.request("GET", `investigate/${message.id}`, { query: { submission: "true" } })).status, 404);
	const regular = (await p.get("investigate", { message_id: message.message_id, detections_only: "false" })).result;
	assert.deepEqual(regular.map((m) => m.id), [message.id]);
	const raw = (await p.get(`${path}/raw`)).result.raw;
	assert.equal(raw, (await p.get(`investigate/${message.id}/raw`)).result.raw);
	assert.match((await p.get(`${path}/trace`)).result.inbound.lines.at(-1).message, /reclassified by token:tests: SPAM/);
	assert.ok((await p.get(`${path}/detections`)).result.findings.length > 0);
	// It is nobody's to release, nor to be submitted again.
	assert.equal((await p.request("POST", "investigate/release", { body: [s.submission_id] })).status, 404);
	assert.equal((await reclassify(s.submission_id, { expected_disposition: "NONE" })).status, 404);
	// The same mail again is judged by itself, and its first copy still is the only one.
	assert.equal((await p.get("investigate", { submissions: "true", message_id: message.message_id })).result.length, 1);
});

test("filters, orders and pages", async () => {
	const first = await send(lure({ subject: "Aardvark invoice" }));
	const second = await send(plain({ subject: "Zebra crossing" }));
	for (const [message, disposition] of [[first, "BULK"], [second, "MALICIOUS"]]) {
		assert.equal((await reclassify(message.id, { expected_disposition: disposition })).status, 202);
		await analysed(message);
	}
	const ids = async (query) => (await submissions({ per_page: "1000", ...query })).map((s) => s.original_postfix_id);
	const [a, z] = [first.postfix_id, second.postfix_id];
	assert.deepEqual((await ids({})).slice(0, 2), [z, a]);
	for (const query of [{ requested_disposition: "BULK" }, { outcome_disposition: "BULK" }, { query: "aARDVARK" }, { requested_disposition: "BULK", type: "TEAM", customer_status: "unreviewed", status: "unreviewed" }])
		assert.deepEqual(await ids(query), [a], JSON.stringify(query));
	assert.deepEqual(await ids({ original_disposition: "NONE", requested_disposition: "MALICIOUS" }), [z]);
	for (const query of [{ type: "USER" }, { status: "status" }, { customer_status: "reviewed" }, { submission_id: "none" }, { escalated_from_user: "true" }, { invalid: "true" }, { end: "2026-01-01T00:00:00Z", start: "2025-01-01T00:00:00Z" }])
		assert.deepEqual(await ids(query), [], JSON.stringify(query));
	const all = await submissions({ per_page: "1000" });
	for (const order of ["submission_id", "subject", "original_disposition", "requested_disposition", "outcome_disposition", "requested_at"]) {
		const up = (await submissions({ order, per_page: "1000" })).map((s) => s.submission_id);
		const down = (await submissions({ order, direction: "desc", per_page: "1000" })).map((s) => s.submission_id);
		const by = (s) => s[order] ?? "";
		const want = [...all].reverse().sort((x, y) => (by(x) < by(y) ? -1 : by(x) > by(y) ? 1 : 0)).map((s) => s.submission_id);
		assert.deepEqual(up, want, order);
		assert.deepEqual(down, [...want].reverse(), order);
	}
	const pages = [];
	for (let page = 1; ; page++) {
		const { result, result_info: info } = await p.get("submissions", { page: `${page}`, per_page: "1" });
		assert.deepEqual(info, { count: result.length, page, per_page: 1, total_count: all.length });
		if (!result.length) break;
		pages.push(result[0]);
	}
	assert.deepEqual(pages, all);
	for (const query of [{ original_disposition: "MALICIOUS-BEC" }, { order: "status" }, { type: "Robot" }, { start: "2026-02-01T00:00:00Z", end: "2026-01-01T00:00:00Z" }])
		assert.equal((await p.request("GET", "submissions", { query })).status, 400, JSON.stringify(query));
});

test("a mail that the server does not keep comes with the request", async () => {
	const mail = lure();
	const message = await send(mail);
	forgetBytes();
	assert.equal((await p.request("GET", `investigate/${message.id}/raw`)).status, 404);
	for (const eml_content of ["eml_content", "", "====", 7])
		assert.equal((await reclassify(message.id, { expected_disposition: "SPAM", eml_content })).status, 400, eml_content);
	// Refused, it leaves nothing behind.
	const eml_content = mail.raw.toString("base64");
	assert.equal((await reclassify(message.id, { expected_disposition: "SPAM", eml_content, escalated_submission_id: "none" })).status, 404);
	assert.deepEqual(readdirSync(path.join(p.data, "raw")), []);
	assert.equal((await reclassify(message.id, { expected_disposition: "SPAM", eml_content })).status, 202);
	const s = await analysed(message);
	assert.equal((await p.get(`investigate/${s.submission_id}/raw`)).result.raw, mail.raw.toString());
	// With no bytes at all the team's word stands by itself.
	const other = await send(lure());
	forgetBytes();
	assert.equal((await reclassify(other.id, { expected_disposition: "NONE" })).status, 202);
	assert.equal((await analysed(other)).outcome, "confirmed");
});

test("few large bodies at a time", async () => {
	const message = await send(lure());
	const sockets = [];
	const begin = async () => {
		const socket = net.connect(p.httpPort, "127.0.0.1");
		sockets.push(socket);
		socket.write(`POST /client/v4/accounts/${p.account}/email-security/investigate/${message.id}/reclassify HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${p.token}\r\n` +
			`Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: ${20 << 20}\r\n\r\n`);
		const [answer] = await once(socket, "data");
		return Number(answer.toString("latin1", 9, 12));
	};
	assert.deepEqual([await begin(), await begin(), await begin()], [100, 100, 503]);
	assert.equal((await reclassify(message.id, { expected_disposition: "SPAM" })).status, 202);
	for (const socket of sockets) socket.destroy();
	await until(async () => (await begin()) === 100, "a place again");
	for (const socket of sockets) socket.destroy();
});

test("faults", async () => {
	const message = await send(lure());
	for (const wrong of [{}, { expected_disposition: "UNKNOWN" }, { expected_disposition: null }, { expected_disposition: "spam " }])
		assert.equal((await reclassify(message.id, wrong)).status, 400, JSON.stringify(wrong));
	const absent = await reclassify(message.id, { expected_disposition: "SPAM", escalated_submission_id: "nobody" });
	assert.equal(absent.status, 404, absent.text);
	assert.equal(absent.body.errors[0].source.pointer, "/escalated_submission_id");
	assert.equal(await about(message), undefined);
	assert.equal((await reclassify("4NjAAAAAAAAAAAAA", { expected_disposition: "SPAM" })).status, 404);
});

test("a request that is refused leaves no bytes", async () => {
	const message = await send(lure());
	forgetBytes();
	const answer = await reclassify(message.id, { expected_disposition: "SPAM" });
	assert.equal(answer.status, 202);
	const ours = await analysed(message);
	const eml = Buffer.from(`Subject: for nobody\r\n\r\n${Math.random()}\r\n`);
	const digest = createHash("sha256").update(eml).digest("hex");
	// The team's own is none to escalate.
	const refused = await reclassify(message.id, { expected_disposition: "SPAM", escalated_submission_id: ours.submission_id, eml_content: eml.toString("base64") });
	assert.equal(refused.status, 404, refused.text);
	assert.equal(existsSync(path.join(p.data, "raw", digest.slice(0, 2), `${digest}.zst`)), false);
});

test("triage: reviewed and back; only a user's is escalated", async () => {
	const message = await send(lure());
	assert.equal((await reclassify(message.id, { expected_disposition: "SPAM" })).status, 202);
	const s = await analysed(message);
	const triage = (body) => p.ask("PATCH", `/accounts/${p.account}/postern/submissions/${s.submission_id}`, { body });
	const reviewed = await triage({ customer_status: "reviewed" });
	assert.equal(reviewed.status, 200, reviewed.text);
	assert.deepEqual([reviewed.body.result.customer_status, reviewed.body.result.status], ["reviewed", "Accepted"]);
	assert.equal((await submissions({ customer_status: "reviewed" })).length, 1);
	assert.equal((await triage({ customer_status: "escalated" })).status, 409);
	assert.equal((await triage({ customer_status: null })).status, 400);
	assert.equal((await triage({ customer_status: "unreviewed", outcome: "unconfirmed" })).body.result.outcome, "confirmed");
});

test("a courier that is killed at it finishes it, once", async (t) => {
	const messages = [];
	for (let i = 0; i < 12; i++) messages.push(await send(lure({ subject: `Sibling ${i}` })));
	for (let i = 0; i < 4; i++) {
		await until(() => p.roles().courier, "a courier", 30);
		for (const message of messages.slice(3 * i, 3 * i + 3)) assert.equal((await reclassify(message.id, { expected_disposition: "SPAM" })).status, 202);
		await wait(30 * i);
		for (const pid of p.roles().courier ?? []) process.kill(pid, "SIGKILL");
	}
	for (const message of messages) {
		const s = await until(async () => { const one = await about(message); return one.outcome && one; }, "the outcome", 90);
		assert.equal(s.outcome, "confirmed");
		assert.equal(s.original_disposition, message.final_disposition.replace("-BEC", ""));
		const now = (await p.get(`investigate/${message.id}`)).result;
		assert.equal(now.final_disposition, "SPAM");
		assert.deepEqual(now.action_log.map((e) => e.operation), ["SUBMISSION", "RECLASSIFY"]);
		assert.equal((await p.get("investigate", { submissions: "true", message_id: message.message_id })).result.length, 1);
	}
	const [[again]] = select(p, "SELECT count(*) FROM job WHERE kind = 'submission' AND tries > 1");
	t.diagnostic(`${again} of them were begun more than once`);
});
