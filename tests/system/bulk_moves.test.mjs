// Bulk jobs that move, in the mailboxes of a real mail server: there, and back.
import assert from "node:assert/strict";
import { test, before, after } from "node:test";
import { lure, plain } from "./lib/mail.mjs";
import { MASTER, MailServer, missing } from "./lib/mailserver.mjs";
import { outcome, sendMail } from "./lib/smtp.mjs";
import { Postern, until } from "./lib/postern.mjs";

const USERS = ["ann@open.test", "bob@open.test", "carl@open.test"];
const JUNK = "Spam"; // what the server says its \Junk is
const skip = missing() || false;

let server, p;
before(async () => {
	if (skip) return;
	server = await MailServer.start("open.test", { users: Object.fromEntries(USERS.map((user) => [user, "secret"])) });
	for (const user of USERS) server.doveadm("mailbox", "create", "-u", user, JUNK);
	p = await Postern.start({ settings: { mailboxes: { allow_private: true } },
		domains: [{ name: "open.test", transport: `[127.0.0.1]:${server.port}` }, { name: "bare.test" }, { name: "held.test", drop: "MALICIOUS,SUSPICIOUS" }] });
	const token = p.secret("token", "add", "--account", p.account, "--scope", "admin", "admin");
	const integration = await p.ask("POST", `/accounts/${p.account}/postern/integrations`, { token,
		body: { name: "dovecot", provider: "imap", server: `127.0.0.1:${server.imap}`, security: "PLAINTEXT", user: MASTER.user, secret: MASTER.password } });
	assert.equal(integration.status, 201, integration.text);
	const [domain] = (await p.get("settings/domains", { domain: "open.test" })).result;
	assert.equal((await p.request("PATCH", `settings/domains/${domain.id}`, { body: { integration_id: integration.body.result.id } })).status, 200);
});
after(async () => {
	await p?.stop();
	await server?.stop();
});

const bulk = async (destination, search_params) => {
	const { status, text, body } = await p.request("POST", "investigate/bulk", { body: { action: "MOVE", destination, search_params } });
	assert.equal(status, 201, text);
	return await until(async () => {
		const job = (await p.get(`investigate/bulk/${body.result.job_id}`)).result;
		assert.equal(job.total_messages_discovered, job.messages_pending + job.messages_successful + job.messages_failed + job.messages_skipped + job.messages_cancelled);
		return job.status === "COMPLETED" && job;
	}, "the end of the job", 120);
};
const rowsOf = async (job) => (await p.get(`investigate/bulk/${job.job_id}/messages`, { per_page: "1000" })).result;
const there = async (user, folder) => (await server.messages(user, folder)).length;

test("all that a search finds is moved for all its recipients, and back; what no mailbox has is passed over", { skip }, async () => {
	const subject = "Minutes of harvest";
	const send = async (to) => {
		const mail = plain({ to: to[0], subject });
		assert.equal(outcome(await sendMail(p.smtpPort, { to, mail: mail.raw })).code, 250);
	};
	for (let i = 0; i < 12; i++) await send(i % 3 ? [USERS[i % 3]] : [USERS[0], USERS[1]]);
	await send(["nobody@bare.test"]);
	for (const [user, n] of [[USERS[0], 4], [USERS[1], 8], [USERS[2], 4]]) await until(async () => await there(user, "INBOX") === n, `${user} has all`, 60);
	const search = { exact_subject: subject, detections_only: false };
	const job = await bulk("JunkEmail", search);
	assert.deepEqual([job.messages_successful, job.messages_skipped, job.messages_failed], [12, 1, 0], JSON.stringify(await rowsOf(job)));
	for (const user of USERS) assert.deepEqual([await there(user, "INBOX"), await there(user, JUNK) > 0], [0, true]);
	for (const row of await rowsOf(job)) {
		assert.deepEqual([row.action_type, row.action_params.type, row.action_params.destination], ["MOVE", "MOVE", "JunkEmail"]);
		const bare = row.action_params.client_recipient.endsWith("@bare.test");
		assert.equal(row.status, bare ? "SKIPPED" : "COMPLETED");
		if (bare) assert.match(row.status_message, /no integration/);
		else assert.deepEqual(row.message.delivery_status, ["moved"]);
	}
	const back = await bulk("Inbox", { ...search, recipient: "open.test" });
	assert.equal(back.messages_successful, 12);
	for (const [user, n] of [[USERS[0], 4], [USERS[1], 8], [USERS[2], 4]]) assert.deepEqual([await there(user, "INBOX"), await there(user, JUNK)], [n, 0]);
});

test("what nobody got is in no mailbox", { skip }, async () => {
	const mail = lure({ to: "user@held.test", subject: "URGENT: verify your password now heldx" });
	await sendMail(p.smtpPort, { to: ["user@held.test"], mail: mail.raw });
	await p.found(mail.id);
	const job = await bulk("DeletedItems", { subject: "heldx" });
	const [row] = await rowsOf(job);
	assert.deepEqual([job.messages_skipped, row.status, row.status_message], [1, "SKIPPED", "it was delivered to nobody"]);
});
