// PhishGuard reports: of campaigns, of what was confirmed or found after delivery, and of BEC; by the vendor's client, by
// dates and pages, through a dead courier.
import assert from "node:assert/strict";
import { test, before, after } from "node:test";
import { sendMail, outcome } from "./lib/smtp.mjs";
import { Postern, until } from "./lib/postern.mjs";
import { select } from "./lib/database.mjs";
import { lure, plain } from "./lib/mail.mjs";
import { Receiver } from "./lib/receivers.mjs";
import { Sdk, load } from "./lib/sdk.mjs";

const SUBJECT = 'Invoice [pay](http://evil.example/x) <img src="http://evil.example/y"> `now`';
const CAMPAIGN = 12;

let p;
let receiver;
before(async () => {
	p = await Postern.start({ settings: { notifications: { allow_private: true } }, domains: [{ name: "example.test" }, { name: "held.test", drop: "MALICIOUS,MALICIOUS-BEC,SUSPICIOUS,SPOOF" }] });
	receiver = await Receiver.start();
	const admin = p.secret("token", "add", "--account", p.account, "--scope", "admin", "chief");
	const made = await p.ask("POST", `/accounts/${p.account}/postern/notifications`, { body: { kind: "webhook", url: receiver.url, events: ["report"] }, token: admin });
	assert.equal(made.status, 201, made.text);
});
after(async () => {
	await receiver?.stop();
	await p?.stop();
});

const reports = async (query = {}) => (await p.get("phishguard/reports", query)).result;
const about = async (domain) => (await reports()).filter((r) => r.tags.some((t) => t.category === "sender_domain" && t.value === domain));
const tags = (report, category) => report.tags.filter((t) => t.category === category).map((t) => t.value);

async function send(mail, to = "user@example.test") {
	assert.equal(outcome(await sendMail(p.smtpPort, { mail: mail.raw, to })).code, 250);
	return mail;
}

const written = (domain, good = () => true) => until(async () => {
	const found = await about(domain);
	assert.ok(found.length < 2, "one report");
	return found.length && good(found[0]) ? found[0] : null;
}, `the report about ${domain}`, 60);

const jobsDone = () => until(() => select(p, "SELECT count(*) FROM job WHERE kind = 'report' AND state = 'open'")[0][0] === 0, "the jobs", 60);

test("a campaign is one report with the right counts, and nothing in it is a link", async () => {
	const from = '"Pay Desk" <desk@campaign.example>';
	const of = (i) => lure({ from, subject: SUBJECT, to: `user${i}@${i % 3 ? "example" : "held"}.test` });
	const mails = [];
	for (let i = 0; i < CAMPAIGN; i++) mails.push(await send(of(i), `user${i}@${i % 3 ? "example" : "held"}.test`));
	const first = await p.found(mails[0].id);
	const report = await written("campaign.example", (r) => r.content.includes(`Mails: ${CAMPAIGN}`));
	assert.equal(report.title, `Campaign of malicious mail from campaign[dot]example: ${CAMPAIGN} mails, 8 delivered`);
	assert.equal(report.priority, "CRITICAL");
	assert.equal(report.disposition, first.final_disposition);
	assert.match(report.content, /^- Delivered: 8$/m);
	assert.match(report.content, /^- Held in quarantine: 4$/m);
	assert.match(report.content, /^- Delivered to: `user11@example\.test`$/m);
	assert.match(report.content, /^- Held for: `user9@held\.test`$/m);
	assert.match(report.content, /^- Host of a link: 203\[dot\]0\[dot\]113\[dot\]7$/m);
	assert.doesNotMatch(report.content, /https?:\/\/|evil\.example|<|(?<!\\)\[(?!dot\]|at\]|:\])/);
	assert.deepEqual(report.fields, { to: [...Array(CAMPAIGN).keys()].map((i) => `user${i}@${i % 3 ? "example" : "held"}.test`), from: "desk@campaign.example",
		postfix_id: first.postfix_id, occurred_at: report.fields.occurred_at, ts: report.fields.occurred_at });
	assert.equal(Date.parse(report.fields.ts), Date.parse(first.scanned_at));
	assert.equal(report.ts, report.created_at);
	assert.deepEqual(tags(report, "cause"), ["campaign"]);

	// It goes on, and courier is killed before it could look: the same report tells of all.
	await send(of(CAMPAIGN + 1), `user${CAMPAIGN + 1}@example.test`);
	for (const pid of p.roles().courier) process.kill(pid, "SIGKILL");
	const later = await written("campaign.example", (r) => r.content.includes(`Mails: ${CAMPAIGN + 1}`));
	assert.deepEqual([later.id, later.created_at], [report.id, report.created_at]);
	assert.ok(later.updated_at > report.updated_at);
});

test("a few malicious mails, and clean ones, are none", async () => {
	const before = await reports();
	const parcel = () => {
		const mail = lure({ from: "few@few.example", subject: "Your parcel" });
		return { ...mail, raw: Buffer.from(mail.raw.toString("latin1").replace(/Your account is[^:]*/, "The courier missed you twice today, see where your goods wait"), "latin1") };
	};
	for (let i = 0; i < 4; i++) await send(parcel());
	assert.equal((await p.get("investigate", { sender: "few@few.example", final_disposition: "MALICIOUS" })).result.length, 4);
	for (let i = 0; i < 6; i++) await send(plain({ from: "ann@clean.example" }));
	await jobsDone();
	assert.deepEqual(await about("clean.example"), []);
	assert.deepEqual((await reports()).map((r) => r.id), before.map((r) => r.id));
});

test("what was delivered as clean and is confirmed to be bad", async () => {
	const mail = await send(plain({ from: "Ann <ann@late.example>", subject: "Minutes of the board" }));
	const message = await p.found(mail.id);
	assert.equal(message.final_disposition, "NONE");
	assert.equal((await p.request("POST", `investigate/${message.id}/reclassify`, { body: { expected_disposition: "MALICIOUS" } })).status, 202);
	const report = await written("late.example", (r) => tags(r, "cause").length === 2);
	assert.deepEqual(tags(report, "cause"), ["found_after_delivery", "confirmed_submission"]);
	assert.match(report.title, /^Mail found to be bad after its delivery from late\[dot\]example: 1 mail, 1 delivered$/);
	assert.equal(report.priority, "HIGH");
	assert.match(report.content, /delivered before it was found to be bad/);
	assert.match(report.content, /Somebody submitted the mail as bad, and that was confirmed/);
	assert.match(report.content, /1\. Take the mail out of the mailboxes/);
});

test("what turned out to be good is said to be, and the report stays", async () => {
	const [report] = await about("late.example");
	const { postfix_id } = report.fields;
	const says = async (expected_disposition, good) => {
		assert.equal((await p.request("POST", `investigate/${postfix_id}/reclassify`, { body: { expected_disposition } })).status, 202);
		const now = await written("late.example", good);
		assert.deepEqual([now.id, now.created_at, now.fields], [report.id, report.created_at, report.fields]);
		return now;
	};
	const good = await says("NONE", (r) => r.priority === "LOW");
	assert.equal(good.title, "Mail found to be bad after its delivery from late[dot]example: found to be good since");
	assert.equal(good.disposition, "NONE");
	assert.match(good.content, /It was found to be good since/);
	assert.doesNotMatch(good.content, /Take the mail out|Indicators/);
	assert.deepEqual(tags(good, "disposition"), ["NONE"]);
	const bad = await says("MALICIOUS", (r) => r.priority === "HIGH");
	assert.equal(bad.title, report.title);
});

test("BEC is one by its first mail", async () => {
	const person = await p.request("POST", "settings/impersonation_registry", { body: { name: "Jane Doe", email: "jane@example.test", is_email_regex: false } });
	assert.equal(person.status, 201);
	await send(plain({ from: "Jane Doe <jane@bec.example>", to: "user@held.test", headers: "Reply-To: jane.doe.77@gmail.com\n",
		body: "Are you available? I need you to purchase some gift cards for a client. Scratch the back and send me the codes, I will reimburse you tonight.\n" }), "user@held.test");
	const report = await written("bec.example");
	assert.deepEqual(tags(report, "cause"), ["business_email_compromise"]);
	assert.equal(report.disposition, "MALICIOUS-BEC");
	assert.equal(report.priority, "MEDIUM");
	assert.match(report.content, /Replies go to: jane\[dot\]doe\[dot\]77\[at\]gmail/);
});

test("dates and pages", async () => {
	const all = await reports();
	assert.equal(all.length, 3);
	assert.deepEqual(all.map((r) => r.id), all.map((r) => r.id).sort((a, b) => b - a));
	const { result, result_info: info } = await p.get("phishguard/reports", { page: "2", per_page: "2" });
	assert.deepEqual(info, { count: 1, page: 2, per_page: 2, total_count: 3 });
	assert.deepEqual(result, [all[2]]);
	assert.equal((await p.get("phishguard/reports")).result_info.per_page, 1000);
	const day = all[0].created_at.slice(0, 10);
	const dayBefore = new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
	const ids = async (query) => (await reports(query)).map((r) => r.id);
	const [last, middle, first] = all.map((r) => r.id);
	for (const [query, want] of [
		[{ start: all[1].created_at }, [last, middle]],
		[{ end: all[1].created_at }, [middle, first]],
		[{ start: all[1].created_at, end: all[1].created_at }, [middle]],
		[{ from_date: dayBefore, to_date: day }, [last, middle, first]],
		[{ to_date: dayBefore.replace(/^\d{4}/, "2020") }, []],
		[{ from_date: "2020-01-01", start: all[0].created_at }, [last]],
		[{ to_date: "2020-01-01", from_date: "2019-01-01", end: all[2].created_at }, [first]],
	]) assert.deepEqual(await ids(query), want, JSON.stringify(query));
	for (const query of [{ from_date: "2026" }, { to_date: "2026-13-01" }, { start: "yesterday" }, { per_page: "1001" }, { start: all[0].created_at, end: all[2].created_at }])
		assert.equal((await p.request("GET", "phishguard/reports", { query })).status, 400, JSON.stringify(query));
});

test("whoever wants to know is told of each, once", async () => {
	const all = await reports();
	await until(() => receiver.events.length >= all.length, "the events");
	assert.deepEqual(receiver.events.map((e) => [e.type, e.object.id]), all.map((r) => ["report", r.id]).reverse());
	assert.deepEqual(Object.keys(receiver.events.at(-1).object), Object.keys(all[0]));
});

test("what many say at once is one report", async () => {
	const mail = await send(plain({ from: "Ann <ann@many.example>", subject: "Plans for the summer", body: "The boat is ready, and the children bring the tents on Friday night.\n" }));
	const { id } = await p.found(mail.id);
	const answers = await Promise.all(Array.from({ length: 12 }, () => p.request("POST", `investigate/${id}/reclassify`, { body: { expected_disposition: "MALICIOUS" } })));
	assert.deepEqual([...new Set(answers.map((a) => a.status))], [202]);
	await written("many.example", (r) => tags(r, "cause").length === 2);
	await jobsDone();
	assert.equal((await about("many.example")).length, 1);
});

// The client with integer ids is older than the method.
test("the vendor's client: all reports, page by page", async (t) => {
	const module = await load("cloudflare");
	if (!module) return t.skip("npm package cloudflare is not installed");
	for (const form of ["uuid", "integer"]) {
		const token = p.secret("token", "add", "--account", p.account, "--scope", "read", "--id-form", form, form);
		const sdk = new Sdk(module, { apiToken: token, baseURL: p.base });
		const all = await reports();
		const seen = await sdk.all("phishguard.reports.list", { account_id: p.account, per_page: 2 });
		assert.deepEqual(seen, all);
		const one = await sdk.all("phishguard.reports.list", { account_id: p.account, start: all[0].created_at, end: all[0].created_at });
		assert.deepEqual(one, [all[0]]);
	}
});
