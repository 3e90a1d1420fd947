// Courier and API killed while bulk jobs move mail from folder to folder, many in one step. Behind each job every copy lies where
// it was to go, once, whole, with its flags and date; every row has its end, and counters say what the rows say.
import assert from "node:assert/strict";
import { test, before, after } from "node:test";
import { select } from "./lib/database.mjs";
import { addsUp, ask, kill } from "./lib/deaths.mjs";
import { plain } from "./lib/mail.mjs";
import { MASTER, MailServer, missing } from "./lib/mailserver.mjs";
import { Postern, until, wait } from "./lib/postern.mjs";
import { sendMail } from "./lib/smtp.mjs";

const KILLS = process.env.FULL ? 100 : 12;
const ROLES = ["courier", "courier", "api", "courier"];
const MAILS = process.env.FULL ? 900 : 300; // more than a few steps take
const WORD = "harvest";
const USERS = ["ann", "bob", "carl"].map((name) => `${name}@open.test`);
const STEPS = [["JunkEmail", "Spam"], ["DeletedItems", "Trash"], ["Inbox", "INBOX"]];
const skip = missing() || false;

let server, p;
before(async () => {
	if (skip) return;
	server = await MailServer.start("open.test", { users: Object.fromEntries(USERS.map((user) => [user, "x"])), postfix: false });
	for (const user of USERS) for (const [, folder] of STEPS.slice(0, 2)) server.doveadm("mailbox", "create", "-u", user, folder);
	p = await Postern.start({ settings: { mailboxes: { allow_private: true } }, domains: [{ name: "open.test" }] });
	const admin = p.secret("token", "add", "--account", p.account, "--scope", "admin", "admin");
	const { body } = await p.ask("POST", `/accounts/${p.account}/postern/integrations`, { token: admin,
		body: { name: "dovecot", provider: "imap", server: `127.0.0.1:${server.imap}`, security: "PLAINTEXT", user: MASTER.user, secret: MASTER.password } });
	const [domain] = (await p.get("settings/domains")).result;
	await p.request("PATCH", `settings/domains/${domain.id}`, { body: { integration_id: body.result.id } });
});
after(async () => {
	await p?.stop();
	await server?.stop();
});

// Every seventh has two recipients. It is taken in by Postern, and put into the mailboxes as a mail server behind it would.
async function send() {
	const mails = Array.from({ length: MAILS }, (_, i) => ({ ...plain({ to: USERS[i % 3], subject: `Minutes of ${WORD}`, body: `Hello,\n\nnumber ${i} is below.\n` }),
		to: i % 7 ? [USERS[i % 3]] : [USERS[i % 3], USERS[(i + 1) % 3]] }));
	const one = async (mail) => {
		await sendMail(p.smtpPort, { from: "ann@example.net", to: mail.to, mail: mail.raw });
		for (const user of mail.to) await server.deliver(user, mail.raw);
	};
	for (let i = 0; i < MAILS; i += 6) await Promise.all(mails.slice(i, i + 6).map(one));
	for (const user of USERS) {
		const owner = await server.login(user);
		await owner.command("SELECT INBOX");
		await owner.command("STORE 1:* FLAGS (\\Seen \\Flagged)").catch(() => {});
		owner.end();
	}
}

// { user: { folder: [what lies there, in an order of its own] } }
async function everything() {
	const all = {};
	for (const user of USERS)
		for (const [, folder] of STEPS) {
			const messages = (await server.messages(user, folder)).map(({ flags, date, raw }) => ({ flags, date, raw: raw.toString("latin1") }));
			(all[user] ??= {})[folder] = messages.sort((a, b) => (a.raw < b.raw ? -1 : 1));
		}
	return all;
}

async function checkRows(id) {
	const rows = [];
	for (let page = 1; rows.length < MAILS; page++) {
		const { result } = (await ask(p, "GET", `investigate/bulk/${id}/messages`, { query: { per_page: "1000", page: `${page}` } })).body;
		if (!result.length) break;
		rows.push(...result);
	}
	assert.deepEqual(rows.filter((r) => r.status !== "COMPLETED").map((r) => [r.status, r.status_message]), []);
	assert.deepEqual([rows.length, new Set(rows.map((r) => r.postfix_id)).size], [MAILS, MAILS]);
}

test(`${KILLS} deaths during bulk moves`, { skip }, async (t) => {
	await send();
	await until(async () => (await p.get("investigate", { query: WORD, per_page: "1000", detections_only: "false" })).result.length === MAILS, "all are found", 60);
	const first = await everything(), deaths = [];
	let jobs = 0, hits = 0;

	for (; deaths.length < KILLS || jobs % STEPS.length; jobs++) {
		const [destination, folder] = STEPS[jobs % STEPS.length];
		const { status, text, body } = await ask(p, "POST", "investigate/bulk", { body: { action: "MOVE", destination, search_params: { subject: WORD, detections_only: false } } });
		assert.equal(status, 201, text);
		const id = body.result.job_id;
		const job = async () => addsUp((await ask(p, "GET", `investigate/bulk/${id}`)).body.result);
		await until(async () => (await job()).status === "PROCESSING", "it has begun", 60);
		for (let n = 0; n < 8 && deaths.length < KILLS; n++) {
			await wait(20 + (deaths.length * 97) % 250);
			await kill(p, ROLES[deaths.length % ROLES.length], deaths);
			hits += select(p, "SELECT count(*) FROM bulk_message WHERE status = 'PROCESSING'")[0][0] > 0;
		}
		const end = await until(async () => (await job()).status === "COMPLETED" && job(), `all are in ${folder}`, 180);
		assert.deepEqual([end.total_messages_discovered, end.messages_successful], [MAILS, MAILS]);
		await checkRows(id);
		const now = await everything();
		for (const user of USERS)
			for (const [, at] of STEPS) assert.deepEqual(now[user][at], at === folder ? first[user].INBOX : [], `${at} of ${user}, behind the move to ${folder}`);
	}
	assert.equal(select(p, "SELECT count(*) FROM job WHERE state = 'open' AND kind IN ('move', 'bulk')")[0][0], 0);
	assert.equal(select(p, "SELECT count(*) FROM bulk_message WHERE child IS NOT NULL")[0][0], 0);
	assert.ok(hits > 0, "some left moves undone");
	t.diagnostic(`${deaths.length} deaths, behind ${hits} of them moves were undone, ${jobs} jobs of ${MAILS} messages`);
});
