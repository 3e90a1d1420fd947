// Bulk jobs from outside: by the vendor's newest client in both forms of ids, what happens to each message, and who waits
// meanwhile.
import assert from "node:assert/strict";
import { test, before, after } from "node:test";
import { execute, select } from "./lib/database.mjs";
import { lure, plain } from "./lib/mail.mjs";
import { Postern, SLOW, until } from "./lib/postern.mjs";
import { load, Sdk } from "./lib/sdk.mjs";
import { sendMail, outcome } from "./lib/smtp.mjs";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MANY = 45; // messages of a job that is read page by page

let p;
before(async () => {
	p = await Postern.start({ domains: [{ name: "held.test", drop: "MALICIOUS,SUSPICIOUS" }] });
});
after(() => p?.stop());

let serial = 0;

// So many held mails that one word of the subject finds, and that word.
async function hold(n) {
	const word = `harvest${++serial}x`;
	const mails = Array.from({ length: n }, (_, i) => ({ ...lure({ to: `u${i}@held.test`, subject: `URGENT: verify your password now ${word}` }), to: `u${i}@held.test` }));
	for (const mail of mails) assert.equal(outcome(await sendMail(p.smtpPort, { from: "boss@example.org", to: [mail.to], mail: mail.raw })).code, 250);
	await until(async () => (await p.get("investigate", { subject: word, per_page: "1000" })).result.length === n, "all are held");
	return { word, mails };
}

const create = async (body) => {
	const answer = await p.request("POST", "investigate/bulk", { body });
	assert.equal(answer.status, 201, answer.text);
	return answer.body.result;
};
const release = (search_params) => create({ action: "RELEASE", search_params });
const get = async (job) => (await p.get(`investigate/bulk/${job.job_id}`)).result;
const rowsOf = async (job, query = {}) => (await p.get(`investigate/bulk/${job.job_id}/messages`, { per_page: "1000", ...query })).result;
const arrived = (mail) => p.sink.mails.filter((m) => m.raw.includes(mail.id)).length;

// What a job says at any moment.
function addsUp(job) {
	assert.equal(job.total_messages_discovered, job.messages_pending + job.messages_successful + job.messages_failed + job.messages_skipped + job.messages_cancelled);
	return job;
}

const ended = (job, seconds = 30) => until(async () => {
	const now = addsUp(await get(job));
	return ["COMPLETED", "FAILED", "CANCELLED"].includes(now.status) && now.messages_pending === 0 && now;
}, "the end of the job", seconds);

for (const form of ["uuid", "integer"])
	test(`the vendor's client makes, follows, reads and deletes a job; ids are ${form}`, async (t) => {
		const newest = await load("cloudflare");
		if (!newest) return t.skip("npm package cloudflare is not installed");
		const apiToken = p.secret("token", "add", "--account", p.account, "--scope", "write", "--id-form", form, `bulk-${form}`);
		const sdk = new Sdk(newest, { apiToken, baseURL: p.base });
		const account = { account_id: p.account };
		const call = (method, ...words) => sdk.call(`investigate.bulk.${method}`, ...words);
		const { word, mails } = await hold(MANY);
		const made = await call("create", { ...account, action: "RELEASE", search_params: { subject: word }, comment: "all of them" });
		assert.match(made.job_id, UUID);
		const job = await until(async () => {
			const now = addsUp(await call("get", made.job_id, account));
			return now.status === "COMPLETED" && now;
		}, "the end of the job", 30);
		assert.deepEqual([job.messages_successful, job.comment, job.action_params.type], [MANY, "all of them", "RELEASE"]);
		assert.ok(job.created_at <= job.started_at && job.started_at <= job.completed_at);
		for (const mail of mails) assert.equal(arrived(mail), 1, mail.to);
		for (const per_page of [undefined, 7, MANY, 1000]) {
			sdk.requests = 0;
			const rows = await sdk.all("investigate.bulk.messages.list", made.job_id, { ...account, ...(per_page ? { per_page } : {}) });
			assert.equal(sdk.requests, Math.ceil(MANY / (per_page ?? 20)) + 1);
			assert.equal(new Set(rows.map((r) => r.message_id)).size, MANY);
			assert.deepEqual(rows.map((r) => r.action_params.client_recipient), mails.map((m) => m.to).reverse());
			for (const row of rows) {
				assert.equal(row.status, "COMPLETED");
				assert.equal(row.message.postfix_id, row.postfix_id);
				assert.deepEqual(row.message.delivery_status, ["delivered"]);
				assert.equal(row.email_message_id, row.message.message_id);
			}
		}
		const listed = await sdk.all("investigate.bulk.list", { ...account, per_page: 1 });
		assert.deepEqual(listed[0], job);
		assert.equal((await sdk.all("investigate.bulk.list", { ...account, action_type: "MOVE" })).length, 0);
		assert.ok((await sdk.all("investigate.bulk.list", { ...account, status: "COMPLETED" })).some((j) => j.job_id === job.job_id));
		await assert.rejects(call("cancel.create", made.job_id, account), newest.Client.ConflictError);
		assert.equal((await call("delete", made.job_id, account)).id, made.job_id);
		for (const words of [["get"], ["delete"], ["cancel.create"]]) await assert.rejects(call(words[0], made.job_id, account), newest.Client.NotFoundError);
		const log = (await p.get(`investigate/${(await p.find(mails[0].id))[0].id}/action_log`)).result;
		assert.equal(log[0].properties.requested_by, `token:bulk-${form}`);
	});

test("what is not held is skipped, and what comes later is no part of it", async () => {
	const { word, mails } = await hold(3);
	const clean = plain({ to: "user@held.test", subject: `Minutes ${word}` });
	await sendMail(p.smtpPort, { to: ["user@held.test"], mail: clean.raw });
	await p.found(clean.id);
	const job = await ended(await release({ subject: word, detections_only: false }));
	assert.deepEqual([job.messages_successful, job.messages_skipped], [3, 1]);
	const [skipped] = await rowsOf(job, { status: "SKIPPED" });
	assert.deepEqual([skipped.status_message, skipped.email_message_id, skipped.retry_count], ["it is not held", clean.id, 0]);
	assert.deepEqual(await rowsOf(job, { status: "FAILED" }), []);
	// A second one finds nothing to do.
	const again = await ended(await release({ subject: word }));
	assert.deepEqual([again.total_messages_discovered, again.messages_skipped], [3, 3]);
	for (const mail of mails) assert.equal(arrived(mail), 1);
	const nothing = await ended(await release({ subject: word, end: job.search_params.start }));
	assert.equal(nothing.total_messages_discovered, 0);
});

test("what fails is tried five times, or not again", async (t) => {
	const { word, mails } = await hold(2);
	t.after(() => { p.sink.behave.rcpt = undefined; });
	p.sink.behave.rcpt = (to) => to === mails[0].to ? "550 5.1.1 gone" : "450 4.2.0 later";
	const job = await release({ subject: word });
	const open = () => select(p, "SELECT count(*) FROM job WHERE state = 'open' AND kind = 'release'")[0][0];
	await until(async () => (await get(job)).messages_failed === 1, "the one that is gone", 30);
	for (let tries = 1; tries < 5; tries++) {
		const row = await until(async () => (await rowsOf(job, { status: "PENDING" })).find((r) => r.retry_count === tries), `try ${tries}`, 30);
		assert.ok(Date.parse(row.retry_after) > Date.now());
		assert.match(row.status_message, /still to be tried for 1/);
		const { messages_pending, status } = addsUp(await get(job));
		assert.deepEqual([messages_pending, status], [1, "PROCESSING"]);
		execute(p, "UPDATE job SET due = 1 WHERE state = 'open' AND kind = 'release'");
	}
	const end = await ended(job);
	assert.deepEqual([end.status, end.messages_failed], ["COMPLETED", 2]);
	assert.equal(open(), 0);
	const [later, gone] = await rowsOf(job);
	assert.match(gone.status_message, /refused for 1/);
	assert.deepEqual([later.status, later.retry_count, later.retry_after], ["FAILED", 4, null]);
	// The message says so, too.
	const log = (await p.get(`investigate/${later.message.id}/action_log`)).result;
	assert.match(log.at(-1).status, /^given up: .*still to be tried for 1/);
});

test("cancelled, it begins nothing more; what is under way ends, and is counted", async () => {
	const { word, mails } = await hold(40);
	p.sink.behave.delayMs = 300;
	const job = await release({ subject: word });
	await until(async () => (await get(job)).messages_successful > 0, "the first is released");
	assert.equal((await p.request("DELETE", `investigate/bulk/${job.job_id}`)).status, 409);
	const cancelled = addsUp((await p.request("POST", `investigate/bulk/${job.job_id}/cancel`)).body.result);
	assert.equal(cancelled.status, "CANCELLED");
	assert.ok(cancelled.messages_cancelled > 10 && cancelled.messages_pending <= 8, JSON.stringify(cancelled));
	const end = await ended(job);
	p.sink.behave.delayMs = 0;
	const rows = await rowsOf(job);
	const of = (status) => rows.filter((r) => r.status === status).length;
	assert.deepEqual([of("COMPLETED"), of("CANCELLED"), of("PENDING") + of("PROCESSING")], [end.messages_successful, end.messages_cancelled, 0]);
	assert.equal((await rowsOf(job, { status: "CANCELLED" })).length, end.messages_cancelled);
	assert.equal(mails.filter((mail) => arrived(mail) === 1).length, end.messages_successful);
	assert.equal((await p.request("POST", `investigate/bulk/${job.job_id}/cancel`)).body.result.completed_at, cancelled.completed_at);
	assert.equal((await p.request("DELETE", `investigate/bulk/${job.job_id}`)).status, 200);
	await until(() => select(p, "SELECT count(*) FROM bulk_message WHERE child IS NOT NULL")[0][0] === 0, "nothing is left of it", 30);
	assert.equal(select(p, "SELECT count(*) FROM job WHERE state = 'open' AND patient = 1")[0][0], 0);
});

test("mail and single releases go through meanwhile", async () => {
	const { word } = await hold(120);
	const { mails: [single] } = await hold(1);
	const [message] = await p.find(single.id);
	p.sink.behave.delayMs = 200;
	const job = await release({ subject: word });
	await until(async () => (await get(job)).messages_successful > 0, "it is under way");
	for (let i = 0; i < 5; i++) {
		const mail = plain({ to: "user@held.test", subject: `Minutes ${i}` });
		const began = Date.now();
		assert.equal(outcome(await sendMail(p.smtpPort, { to: ["user@held.test"], mail: mail.raw })).code, 250);
		assert.ok(Date.now() - began < 5000 * SLOW, `mail took ${Date.now() - began} ms`);
	}
	const began = Date.now();
	const [item] = (await p.request("POST", "investigate/release", { body: { ids: [message.id] } })).body.result;
	const took = Date.now() - began;
	assert.deepEqual(item.delivered, [single.to]);
	assert.ok(took < 5000 * SLOW, `the release took ${took} ms`);
	const meanwhile = addsUp(await get(job));
	assert.ok(meanwhile.messages_pending > 0, "it was under way all the time");
	p.sink.behave.delayMs = 0;
	assert.equal((await ended(job)).messages_successful, 120);
});

// Copies of a held mail's row behind it, as they would be if it had come so often.
const COPIES = (postfixId, n) => `WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < ${n})
	INSERT INTO msg(id, postfix_id, suffix, disp, held, rev, rescan, raw, dict, message, rest)
	SELECT m.id + i.n, 'copy' || i.n, m.suffix, m.disp, m.held, 0, m.rescan, m.raw, m.dict, m.message, m.rest
	FROM i, msg AS m WHERE m.postfix_id = '${postfixId}'`;

test("many messages hold up neither mail nor releases, of this account and of another, and are left at once", async (t) => {
	const many = process.env.FULL ? 100_000 : 10_000;
	const other = p.cli("account", "add", "Other").trim().split("\n").at(-1);
	const token = p.secret("token", "add", "--account", other, "--scope", "write", "other");
	p.cli("domain", "add", "--account", other, "other.test", "--transport", `127.0.0.1:${p.sink.port}`, "--drop", "MALICIOUS,SUSPICIOUS");
	const theirs = lure({ to: "user@other.test" });
	await sendMail(p.smtpPort, { from: "boss@example.org", to: ["user@other.test"], mail: theirs.raw });
	const releaseTheirs = async () => {
		const where = `/accounts/${other}/email-security/investigate`;
		const [{ id }] = await until(async () => (await p.ask("GET", where, { token })).body.result, "their mail");
		return (await p.ask("POST", `${where}/release`, { token, body: { ids: [id] } })).body.result[0];
	};
	const { mails: singles } = await hold(3);
	const { word, mails: [copied] } = await hold(1);
	execute(p, COPIES((await p.find(copied.id))[0].postfix_id, many));
	const last = { subject: word, per_page: "1000", page: String(many / 1000 + 1) };
	await until(async () => (await p.request("GET", "investigate", { query: last })).body.result?.length === 1, "they are indexed", 300);
	const timed = async (what, limit, asked) => {
		const began = Date.now();
		const got = await asked();
		const took = Date.now() - began;
		t.diagnostic(`${what}: ${took} ms`);
		assert.ok(took < limit * SLOW, `${what} took ${took} ms`);
		return got;
	};
	const others = async (when, single) => {
		const mail = plain({ to: "user@held.test", subject: `Minutes ${when}` });
		await timed(`a mail ${when}`, 5000, () => sendMail(p.smtpPort, { to: ["user@held.test"], mail: mail.raw }));
		const [{ id }] = await p.find(single.id);
		const { body } = await timed(`a release ${when}`, 5000, () => p.request("POST", "investigate/release", { body: { ids: [id] } }));
		assert.deepEqual(body.result[0].delivered, [single.to]);
	};
	await others("before", singles[0]);
	const began = Date.now();
	const job = await release({ subject: word });
	await until(async () => addsUp(await get(job)).total_messages_discovered > 0, "the first page");
	await others("while they are looked for", singles[1]);
	await until(async () => addsUp(await get(job)).status === "PROCESSING", "all are found", 300);
	t.diagnostic(`${many} were found within ${Date.now() - began} ms`);
	assert.equal((await get(job)).total_messages_discovered, many + 1);
	await others("meanwhile", singles[2]);
	assert.deepEqual((await timed("a release of another account", 5000, releaseTheirs)).delivered, ["user@other.test"]);
	const done = (await get(job)).messages_successful;
	await timed("the last page of them", 5000, () => rowsOf(job, { per_page: "20", page: String(Math.ceil(many / 20)) }));
	const cancelled = await timed("cancelling", 3000, async () => addsUp((await p.request("POST", `investigate/bulk/${job.job_id}/cancel`)).body.result));
	assert.equal(cancelled.total_messages_discovered, many + 1);
	t.diagnostic(`${done} were released when it was cancelled after ${Date.now() - began} ms`);
	await ended(job);
	assert.equal((await rowsOf(job, { status: "CANCELLED", per_page: "1" })).length, 1);
	await timed("deleting", 3000, () => p.request("DELETE", `investigate/bulk/${job.job_id}`));
	await until(() => select(p, "SELECT count(*) FROM bulk_message")[0][0] === 0 || select(p, "SELECT count(*) FROM bulk_orphan")[0][0] === 0, "its rows go", 120);
});
