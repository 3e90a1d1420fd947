// What a confirmed submission teaches: mail of the same campaign is judged so, what is here already follows, and it is undone.
import assert from "node:assert/strict";
import { test, before, after } from "node:test";
import { sendMail, outcome } from "./lib/smtp.mjs";
import { Postern, until } from "./lib/postern.mjs";
import { plain } from "./lib/mail.mjs";

let p;
before(async () => {
	p = await Postern.start({
		domains: [{ name: "example.test", drop: "MALICIOUS,SUSPICIOUS" }],
		records: { "proved.example TXT": ["v=spf1 ip4:127.0.0.1 -all"], "proved.example MX": ["10 mx.proved.example"] },
	});
});
after(() => p?.stop());

const words = (theme) => `Dear colleague,

our ${theme} office has finished the yearly review of parking permits and wants every holder to confirm the
vehicle that belongs to each permit before the garage barrier is replaced next month, ticket ${Math.floor(Math.random() * 9e6)}.

Kind regards, the facility team
`;
const letter = (theme, more = {}) => plain({ from: "Facility <facility@sender.example>", subject: `Permits of the ${theme} garage`, body: words(theme), ...more });

async function send(mail, { from = "facility@sender.example", to = "user@example.test" } = {}) {
	const reply = outcome(await sendMail(p.smtpPort, { from, to, mail: mail.raw }));
	assert.equal(reply.code, 250, reply.text);
	return await p.found(mail.id);
}
const now = async (message) => (await p.get(`investigate/${message.id}`)).result;
const ours = (method, where, { account = p.account, ...options } = {}) => p.ask(method, `/accounts/${account}/postern/${where}`, options);
const corrections = async (query) => (await ours("GET", "corrections", { query })).body.result;

// Says what the message is, and gives the correction.
async function teach(message, expected_disposition) {
	const answer = await p.request("POST", `investigate/${message.id}/reclassify`, { body: { expected_disposition } });
	assert.equal(answer.status, 202, answer.text);
	return await until(async () => (await corrections({ per_page: 100 })).find((c) => c.postfix_id === message.postfix_id), "the correction", 30);
}
const becomes = (message, disposition) => until(async () => (await now(message)).final_disposition === disposition, `${message.id} to be ${disposition}`, 30);
// How many messages it said that it is about.
async function undo(c) {
	const { status, body } = await ours("DELETE", `corrections/${c.id}`);
	assert.equal(status, 200);
	assert.deepEqual([body.result.id, body.result.released], [c.id, 0]);
	return body.result.messages;
}
const effect = async (c, query) => (await ours("GET", `corrections/${c.id}/messages`, { query })).body;

test("a campaign is learnt, shown and undone", async () => {
	const first = await send(letter("northern"));
	const earlier = await send(letter("northern"), { to: "other@example.test" });
	const other = await send(plain());
	assert.deepEqual([first, earlier, other].map((m) => m.final_disposition), ["NONE", "NONE", "NONE"]);

	const c = await teach(first, "MALICIOUS");
	assert.deepEqual([c.disposition, c.original_disposition, c.created_by, c.subject, c.from, c.edf_hash],
		["MALICIOUS", "NONE", "token:tests", first.subject, "facility@sender.example", first.edf_hash]);
	const next = await send(letter("northern"), { to: "third@example.test" });
	assert.equal(next.final_disposition, "MALICIOUS");
	assert.equal(next.is_quarantined, true);
	const [finding] = next.findings.filter((f) => f.name === "campaign.confirmed");
	assert.match(finding.detail, new RegExp(`^correction ${c.id}: the fingerprint is the same$`));
	assert.ok(next.threat_categories.includes("CampaignMatch"));
	await becomes(earlier, "MALICIOUS");
	const log = (await now(earlier)).action_log;
	assert.equal(log.at(-1).status, `from NONE to MALICIOUS by correction ${c.id}`);
	assert.equal((await now(other)).final_disposition, "NONE");

	await until(async () => (await effect(c)).result.length === 3, "three messages", 30);
	const shown = await effect(c);
	assert.deepEqual(shown.result.map((m) => [m.id, m.before, m.after]),
		[next, earlier, first].map((m) => [m.id, "NONE", "MALICIOUS"]));
	assert.deepEqual(shown.result_info, { count: 3, page: 1, per_page: 20, total_count: 3 });
	assert.deepEqual((await effect(c, { page: 2, per_page: 2 })).result.map((m) => m.postfix_id), [first.postfix_id]);

	assert.equal(await undo(c), 3);
	for (const message of [first, earlier, next]) await becomes(message, "NONE");
	assert.equal((await now(next)).is_quarantined, true); // to let it go is a person's
	const undone = (await now(earlier)).action_log.at(-1);
	assert.equal(undone.status, "from MALICIOUS to NONE as the correction was undone");
	assert.match(c.created_by, /^token:/);
	assert.deepEqual([log.at(-1).properties.requested_by, undone.properties.requested_by], ["courier", c.created_by]);
	const later = await send(letter("northern"), { to: "fourth@example.test" });
	assert.equal(later.final_disposition, "NONE");
	assert.equal((await ours("GET", `corrections/${c.id}/messages`)).status, 404);
});

test("what a person said of a message stays when a correction is undone", async () => {
	const first = await send(letter("southern"));
	const second = await send(letter("southern"), { to: "other@example.test" });
	const c = await teach(first, "MALICIOUS");
	await becomes(second, "MALICIOUS");
	const newer = await teach(second, "SPAM");
	await becomes(second, "SPAM");
	await until(async () => (await effect(newer)).result.length === 1, "the newer one to be followed", 30);
	const third = await send(letter("southern"), { to: "third@example.test" });
	assert.equal(third.final_disposition, "SPAM"); // the newest word counts
	assert.equal((await corrections({ per_page: 100 })).find((one) => one.id === c.id).superseded_by, newer.id);
	for (const [one, by] of [[c, newer.id], [newer, null]])
		assert.equal((await ours("GET", `corrections/${one.id}`)).body.result.superseded_by, by);
	const judged = async (one) => (await effect(one, { per_page: 100 })).result.filter((m) => m.before !== m.after).map((m) => m.id);
	const [older, newest] = [await judged(c), await judged(newer)];
	assert.ok(older.includes(first.id) && older.includes(second.id) && newest.includes(second.id));
	assert.equal(await undo(c), older.filter((id) => !newest.includes(id)).length, "the others are the newer one's");
	await until(async () => (await now(first)).final_disposition !== "MALICIOUS", "the first one to be undone", 30);
	assert.equal((await now(second)).final_disposition, "SPAM");
	await undo(newer);
	await becomes(third, "NONE");
	await becomes(second, "NONE");
});

test("taken back by saying that it is harmless", async () => {
	const first = await send(letter("inner"));
	const second = await send(letter("inner"), { to: "other@example.test" });
	const c = await teach(first, "MALICIOUS");
	await becomes(second, "MALICIOUS");
	assert.equal((await p.request("POST", `investigate/${first.id}/reclassify`, { body: { expected_disposition: "NONE" } })).status, 202);
	for (const message of [first, second]) await becomes(message, "NONE");
	const third = await send(letter("inner"), { to: "third@example.test" });
	assert.equal(third.final_disposition, "NONE");
	assert.deepEqual(third.findings.filter((f) => f.name.startsWith("campaign.")), []);
	assert.equal((await corrections({ submission_id: c.submission_id })).length, 1);
	assert.notEqual((await ours("GET", `corrections/${c.id}`)).body.result.superseded_by, null);
});

test("harmless is only who is proved to be the same sender", async () => {
	const from = "Facility <facility@proved.example>";
	const body = `${words("eastern")}\nVerify your password within 24 hours or your account will be suspended: http://203.0.113.7/login\n`;
	const mail = (more) => letter("eastern", { from, subject: "URGENT: verify your password now", headers: "Reply-To: collect@mailbox.example.info\n", body, ...more });
	const first = await send(mail(), { from: "facility@proved.example" });
	assert.notEqual(first.final_disposition, "NONE");
	const c = await teach(first, "NONE");
	assert.equal(c.authenticated_domain, "proved.example");
	const same = await send(mail(), { from: "facility@proved.example", to: "other@example.test" });
	assert.equal(same.final_disposition, "NONE");
	assert.ok(same.findings.some((f) => f.suppressed_by === `correction ${c.id}`));
	const copied = await send(mail({ from: "Facility <facility@proved.example.org>" }), { from: "facility@proved.example.org" });
	const forged = await send(mail(), { from: "facility@sender.example" });
	for (const m of [copied, forged]) assert.notEqual(m.final_disposition, "NONE");
	/* Its sender was known by then, so it may weigh less than the first did. */
	const before = (await effect(c)).result.find((m) => m.id === same.id).before;
	assert.notEqual(before, "NONE");
	await undo(c);
	await becomes(same, before);
	await becomes(first, first.final_disposition);
});

test("nobody makes one, and another account has none", async () => {
	assert.equal((await ours("POST", "corrections", { body: {} })).status, 405);
	const other = p.cli("account", "add", "Other").trim().split("\n").at(-1);
	const token = p.secret("token", "add", "--account", other, "--scope", "write", "stranger");
	const c = await teach(await send(letter("western")), "SPAM");
	const reader = p.secret("token", "add", "--account", p.account, "--scope", "read", "reader");
	assert.equal((await ours("DELETE", `corrections/${c.id}`, { token: reader })).status, 403);
	assert.equal((await ours("GET", `corrections/${c.id}/messages`, { token: reader })).status, 200);
	for (const path of [`corrections/${c.id}`, `corrections/${c.id}/messages`])
		assert.equal((await ours("GET", path, { token, account: other })).status, 404, path);
});
