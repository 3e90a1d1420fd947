// Delivered mail is moved in mailboxes at Microsoft Graph and Gmail by the whole gateway: through the API, in words, and back.
import assert from "node:assert/strict";
import { test, before, after } from "node:test";
import { GMAIL, Gmail } from "./lib/gmail.mjs";
import { GRAPH, Graph } from "./lib/graph.mjs";
import { lure, plain } from "./lib/mail.mjs";
import { Postern, until } from "./lib/postern.mjs";
import { outcome, sendMail } from "./lib/smtp.mjs";

const WHEN = new Date(Date.now() - 86400e3).toISOString().replace(/\.\d+/, "");
const RED = { isRead: true, categories: ["Red"] };
const providers = [
	{
		domain: "graph.test",
		start: () => Graph.start({ people: ["ann@graph.test", "ben@graph.test"] }),
		integration: (s) => ({ provider: "graph", tenant_id: GRAPH.tenant, user: GRAPH.client, secret: GRAPH.secret, token_url: s.tokenUrl, server: s.url }),
		put: (s, who, raw) => s.deliver(who, raw, { received: WHEN, ...RED }),
		lies: (s, who, id) => s.messages(who).filter((m) => m.raw.includes(id)).map((m) => [m.folder, m.receivedDateTime, m.isRead, ...m.categories]),
		home: ["inbox", WHEN, true, "Red"],
		names: { JunkEmail: "junkemail", DeletedItems: "deleteditems", RecoverableItemsDeletions: "recoverableitemsdeletions" },
		purged: (lies) => lies.length === 1 && lies[0][0] === "recoverableitemspurges",
		path: /\/move/,
		refusal: { error: { code: "TooManyRequests", message: "Please wait." } },
	},
	{
		domain: "gmail.test",
		start: () => Gmail.start({ people: ["ann@gmail.test", "ben@gmail.test"] }),
		integration: (s) => ({ provider: "gmail", user: GMAIL.robot, secret: s.key, token_url: s.tokenUrl, server: s.url, admin: GMAIL.admin }),
		put: (s, who, raw) => s.deliver(who, raw, { received: Date.parse(/^Date: (.*)$/m.exec(raw)[1]), labels: ["INBOX", "STARRED", "Label_7"] }),
		lies: (s, who, id) => s.messages(who).filter((m) => m.raw.includes(id)).map((m) => [...m.labels].sort()),
		home: ["INBOX", "Label_7", "STARRED"],
		names: { JunkEmail: "SPAM", DeletedItems: "TRASH", RecoverableItemsDeletions: "Label_12" },
		purged: (lies) => lies.length === 0,
		path: /\/modify/,
		refusal: { error: { code: 429, message: "Please wait.", errors: [{ reason: "rateLimitExceeded" }] } },
	},
];
let p, admin;
const ours = async (method, where, body) => {
	const answer = await p.ask(method, `/accounts/${p.account}/postern/${where}`, { body, token: admin });
	assert.ok(answer.status === 200 || answer.status === 201, answer.text);
	return answer.body.result;
};

before(async () => {
	p = await Postern.start({ settings: { mailboxes: { allow_private: true } }, domains: providers.map((b) => ({ name: b.domain })) });
	admin = p.secret("token", "add", "--account", p.account, "--scope", "admin", "admin");
	for (const b of providers) {
		b.server = await b.start();
		const integration = await ours("POST", "integrations", { name: b.domain, ...b.integration(b.server) });
		b.integrationId = integration.id;
		const [domain] = (await p.get("settings/domains", { domain: b.domain })).result;
		await p.request("PATCH", `settings/domains/${domain.id}`, { body: { integration_id: integration.id } });
	}
});
after(async () => {
	await p?.stop();
	for (const b of providers) b.server?.stop();
});

// Through the gateway into the mailbox, as a mail server would put it there.
async function deliver(b, who) {
	const mail = plain({ to: who });
	assert.equal(outcome(await sendMail(p.smtpPort, { from: "ann@example.net", to: [who], mail: mail.raw })).code, 250);
	const there = await until(() => p.sink.mails.find((m) => m.raw.includes(mail.id)), "it is delivered");
	b.put(b.server, who, there.raw);
	return { id: mail.id, message: await p.found(mail.id) };
}

async function move(message, destination) {
	const { body, text } = await p.request("POST", `investigate/${message.id}/move`, { body: { destination } });
	assert.equal(body.result?.length, 1, text);
	return body.result[0];
}

for (const b of providers) {
	const ann = `ann@${b.domain}`, lies = (m, who = ann) => b.lies(b.server, who, m.id);

	test(`${b.domain}: moved everywhere, taken out, put back`, async () => {
		const m = await deliver(b, ann);
		for (const [destination, name] of Object.entries(b.names)) {
			const item = await move(m.message, destination);
			assert.equal(item.success, true, item.status);
			assert.ok(lies(m)[0].includes(name), `${destination}: ${lies(m)}`);
		}
		assert.equal((await move(m.message, "RecoverableItemsPurges")).success, true);
		assert.ok(b.purged(lies(m)), String(lies(m)));
		const back = await move(m.message, "Inbox");
		assert.equal(back.success, true, back.status);
		assert.deepEqual(lies(m), [b.home]);
		assert.deepEqual((await p.get(`investigate/${m.message.id}`)).result.delivery_status, ["delivered"]);
	});

	test(`${b.domain}: a provider that asks to wait is asked again`, async () => {
		const m = await deliver(b, ann);
		b.server.fault({ path: b.path, status: 429, headers: { "retry-after": "2" }, error: b.refusal });
		const began = Date.now(), item = await move(m.message, "JunkEmail");
		await until(() => lies(m)[0].includes(b.names.JunkEmail), "it is moved", 40);
		assert.ok(Date.now() - began >= 2000, item.status);
	});

	test(`${b.domain}: a mailbox that is not there, and a secret that is wrong, in words`, async () => {
		const who = `nobody@${b.domain}`, mail = plain({ to: who });
		assert.equal(outcome(await sendMail(p.smtpPort, { from: "ann@example.net", to: [who], mail: mail.raw })).code, 250);
		const item = await move(await p.found(mail.id), "JunkEmail");
		assert.equal(item.success, false);
		assert.match(item.status, /ErrorInvalidUser|Invalid email or User ID/);

		const m = await deliver(b, ann), where = `integrations/${b.integrationId}`;
		await ours("PATCH", where, { secret: "wrong" });
		const refused = await move(m.message, "JunkEmail");
		await ours("PATCH", where, { secret: b.integration(b.server).secret });
		assert.equal(refused.success, false);
		assert.match(refused.status, /invalid_client: AADSTS7000215|no RSA private key/);
		assert.equal((await move(m.message, "JunkEmail")).success, true);
	});
}

for (const b of providers)
	test(`${b.domain}: what lies in the mailboxes is scanned back, and stays`, async () => {
		const people = [`ann@${b.domain}`, `ben@${b.domain}`], ids = [];
		for (let i = 0; i < 12; i++) {
			const who = people[i % 2], mail = lure({ to: who });
			ids.push(mail.id);
			b.put(b.server, who, mail.raw);
		}
		const { id } = await ours("POST", "retro_scans", { integration_id: b.integrationId, days: 365 });
		const scan = await until(async () => {
			const scan = await ours("GET", `retro_scans/${id}`);
			return ["COMPLETED", "FAILED"].includes(scan.state) && scan;
		}, "it ends", 60);
		assert.deepEqual([scan.state, scan.mailboxes_total, scan.mailboxes_done, scan.mailboxes_failed, scan.messages_failed], ["COMPLETED", 2, 2, 0, 0], scan.status);
		for (const mailId of ids) assert.equal((await p.found(mailId)).final_disposition, "MALICIOUS");
		for (const [i, mailId] of ids.entries()) assert.equal(b.lies(b.server, people[i % 2], mailId).length, 1);
	});
