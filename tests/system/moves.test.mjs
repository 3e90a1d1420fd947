// Mail that was delivered is moved in the mailboxes it lies in: by people, by what it is found to be, and back. Postfix and
// Dovecot are real, one pair behind us and one that asks us as a milter; what goes wrong with them is told in words.
import assert from "node:assert/strict";
import { test, before, after } from "node:test";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Cutter } from "./lib/cutter.mjs";
import { MASTER, MailServer, missing } from "./lib/mailserver.mjs";
import { Sdk, load } from "./lib/sdk.mjs";
import { outcome, sendMail } from "./lib/smtp.mjs";
import { Postern, until, wait } from "./lib/postern.mjs";
import { plain } from "./lib/mail.mjs";

const people = (domain) => ["ann", "bob", "carl"].map((name) => `${name}@${domain}`);
const [ANN, BOB, CARL] = people("open.test");
const JUNK = "Spam"; // what the server says its \Junk is
const skip = missing() || false;

let dir, server, beside, p, admin, integration, domain, wire;
// open.test lies behind us; the mail server of beside.test takes its mail in itself, and asks us as a milter.
const serverOf = (user) => user.endsWith("@beside.test") ? beside : server;
const portTo = (user) => user.endsWith("@beside.test") ? beside.port : p.smtpPort;
const ours = (method, where, body, token = admin) => p.ask(method, `/accounts/${p.account}/postern/${where}`, { body, token });
async function done(answer) {
	const { status, body, text } = await answer;
	assert.ok(status === 200 || status === 201, text);
	return body.result;
}
const imap = (more = {}) => ({ name: `dovecot ${Math.random()}`, provider: "imap", server: `127.0.0.1:${wire.port}`, security: "PLAINTEXT", user: MASTER.user, secret: MASTER.password, ...more });

before(async () => {
	if (skip) return;
	server = await MailServer.start("open.test", { users: { [ANN]: "a", [BOB]: "b", [CARL]: "c" } });
	dir = mkdtempSync(path.join(os.tmpdir(), "postern-moves-"));
	chmodSync(dir, 0o755);
	const milter = `unix:${path.join(dir, "milter")}`;
	beside = await MailServer.start("beside.test", { milter });
	for (const user of [ANN, BOB, CARL, ...people("beside.test")]) serverOf(user).doveadm("mailbox", "create", "-u", user, JUNK);
	wire = await Cutter.start(server.imap);
	const transport = `127.0.0.1:${server.port}`;
	p = await Postern.start({ settings: { mailboxes: { allow_private: true }, milter: { listen: milter } },
		domains: [{ name: "open.test", transport: `[127.0.0.1]:${server.port}` }, { name: "bare.test", transport },
			{ name: "beside.test", transport: `[127.0.0.1]:${beside.port}` }] });
	admin = p.secret("token", "add", "--account", p.account, "--scope", "admin", "admin");
	integration = await done(ours("POST", "integrations", imap()));
	[domain] = (await p.get("settings/domains", { domain: "open.test" })).result;
	await p.request("PATCH", `settings/domains/${domain.id}`, { body: { integration_id: integration.id } });
	const other = await done(ours("POST", "integrations", imap({ server: `127.0.0.1:${beside.imap}` })));
	const [its] = (await p.get("settings/domains", { domain: "beside.test" })).result;
	await p.request("PATCH", `settings/domains/${its.id}`, { body: { integration_id: other.id } });
});
after(async () => {
	await p?.stop();
	await wire?.stop();
	await server?.stop();
	await beside?.stop();
	if (dir) rmSync(dir, { recursive: true, force: true });
});

const PERMITS = "our office has finished the yearly review of parking permits and wants every holder to confirm the\n" +
	"vehicle that belongs to each permit before the garage barrier is replaced next month";
const LETTERS = "some letters that were sent to you could not be handed over by the old server, as the room for\n" +
	"them has run out; it is cleaned on Friday, and what nobody has asked for until then will be lost";
const BADGES = "the badges that open the side doors are replaced in the coming weeks, since the makers of the old ones\n" +
	"have given up; whoever has not sent a photograph of the back of his badge will stand before a closed door";
const letter = (words) => plain({ from: "Facility <facility@sender.example>", subject: `About ${words.slice(0, 12)}`,
	body: `Dear colleague,\n\n${words}, ticket ${Math.floor(Math.random() * 9e6)}.\n\nKind regards, the facility team\n` });

// Delivered: it is in all their inboxes.
async function deliver(mail, ...to) {
	assert.equal(outcome(await sendMail(portTo(to[0]), { from: "facility@sender.example", to, mail: mail.raw })).code, 250);
	for (const user of to) if (!user.endsWith("@bare.test")) await until(() => lies(mail, user), `${user} has it`);
	return await p.found(mail.id);
}
// Where a mail lies: { flags, date, raw } and the folder, or undefined.
async function lies(mail, user) {
	for (let looks = 1; ; looks++) {
		const found = [];
		for (const folder of ["INBOX", JUNK, "Trash", "Recoverable Items", "Archive"])
			for (const one of await serverOf(user).messages(user, folder).catch(() => []))
				if (one.raw.includes(mail.id)) found.push({ folder, ...one, uid: undefined });
		if (found.length <= 1) return found[0];
		assert.ok(looks < 5, `${user} has it in ${found.map((one) => one.folder)}`); // else it was moved while we looked
	}
}
const folderOf = async (mail, user) => (await lies(mail, user))?.folder;
async function mark(mail, user, flags, folder = "INBOX") {
	const owner = await serverOf(user).login(user);
	await owner.command(`SELECT "${folder}"`);
	const number = /\* SEARCH (\d+)/.exec(await owner.command(`SEARCH HEADER Message-ID "${mail.id}"`))[1];
	await owner.command(`STORE ${number} FLAGS (${flags})`);
	owner.end();
}
async function moveAsOwner(mail, user, from, to) {
	const owner = await serverOf(user).login(user);
	await owner.command(`CREATE "${to}"`).catch(() => {});
	await owner.command(`SELECT "${from}"`);
	const number = /\* SEARCH (\d+)/.exec(await owner.command(`SEARCH HEADER Message-ID "${mail.id}"`))[1];
	await owner.command(`MOVE ${number} "${to}"`);
	owner.end();
}
const now = async (message) => (await p.get(`investigate/${message.id}`)).result;
const move = async (message, destination) => (await p.request("POST", `investigate/${message.id}/move`, { body: { destination } })).body.result;
const short = (items) => items.map((i) => [i.recipient, i.success]).sort();
const traceOf = async (message) => (await p.get(`investigate/${message.id}/trace`)).result.outbound.lines.map((l) => l.message);
const automatic = (table) => done(ours("PUT", "auto_moves", table));

const PACKAGES = [
	{ name: "cloudflare", form: "uuid", words: PERMITS, destination: "JunkEmail", folder: JUNK },
	{ name: "cloudflare-integer", form: "integer", nulls: true, words: LETTERS, destination: "RecoverableItemsPurges", folder: undefined },
	{ name: "cloudflare", form: "uuid", words: BADGES, destination: "DeletedItems", folder: "Trash", beside: true },
];
for (const { name, form, words, destination, folder, beside: milter, ...how } of PACKAGES)
	test(`${name}${milter ? ", by the milter" : ""}: a phish in two mailboxes is reclassified, moved with its siblings, reported, and all is put back`, { skip }, async (t) => {
		const kind = await load(name, how);
		if (!kind) return t.skip(`npm package ${name} is not installed`);
		const token = p.secret("token", "add", "--account", p.account, "--scope", "write", "--id-form", form, `${form}${milter ?? ""}`);
		const sdk = new Sdk(kind, { apiToken: token, baseURL: p.base });
		const account = { account_id: p.account };
		const [ANN, BOB, CARL] = people(milter ? "beside.test" : "open.test");
		await automatic({ malicious: destination });

		const mail = letter(words), sibling = letter(words), other = plain({ to: ANN });
		const message = await deliver(mail, ANN, BOB);
		const near = await deliver(sibling, CARL);
		const clean = await deliver(other, ANN);
		await mark(mail, ANN, "\\Seen \\Flagged");
		await moveAsOwner(sibling, CARL, "INBOX", "Archive");
		const before = [await lies(mail, ANN), await lies(mail, BOB), await lies(sibling, CARL)];
		assert.deepEqual(before.map((one) => one.folder), ["INBOX", "INBOX", "Archive"]);
		await wait(1100); // internal dates are seconds

		await sdk.call("investigate.reclassify.create", form === "uuid" ? message.id : message.postfix_id, { ...account, expected_disposition: "MALICIOUS" });
		for (const [one, user] of [[mail, ANN], [mail, BOB], [sibling, CARL]])
			await until(async () => await folderOf(one, user) === folder, `${user}'s copy is moved`, 60);
		assert.equal(await folderOf(other, ANN), "INBOX");
		for (const one of [message, near]) {
			const told = await until(async () => {
				const told = await now(one);
				return told.delivery_status[0] === "moved" && told;
			}, "it is told", 30);
			assert.deepEqual([told.final_disposition, told.delivery_status], ["MALICIOUS", ["moved"]]);
			assert.deepEqual(told.action_log.filter((e) => e.operation === "MOVE").map((e) => e.properties.folder), [destination]);
		}
		assert.deepEqual((await now(clean)).delivery_status, ["delivered"]);
		const reports = async () => (await p.get("phishguard/reports")).result;
		const report = await until(async () => (await reports()).find((r) => r.fields.postfix_id === message.postfix_id), "the report", 40);
		assert.equal(report.disposition, "MALICIOUS");

		const correction = (await done(ours("GET", "corrections"))).find((c) => c.postfix_id === message.postfix_id);
		await done(ours("DELETE", `corrections/${correction.id}`));
		const places = [[mail, ANN], [mail, BOB], [sibling, CARL]];
		for (const [i, [one, user]] of places.entries()) {
			await until(async () => await folderOf(one, user) === before[i].folder, `${user}'s copy is back`, 60);
			assert.deepEqual(await lies(one, user), before[i]);
		}
		for (const one of [message, near])
			await until(async () => (await now(one)).delivery_status[0] === "delivered", "it is told", 30);
		await automatic({});

		const id = form === "uuid" ? message.id : message.postfix_id;
		const one = await sdk.call("investigate.move.create", id, { ...account, destination: "RecoverableItemsDeletions" });
		assert.deepEqual(short(one.result ?? one), [[ANN, true], [BOB, true]]);
		assert.equal(await folderOf(mail, ANN), "Recoverable Items");
		const many = await sdk.call("investigate.move.bulk", { ...account, destination: "Inbox", ...(form === "uuid" ? { ids: [id] } : { postfix_ids: [id] }) });
		assert.deepEqual(short(many.result ?? many), [[ANN, true], [BOB, true]]);
		assert.deepEqual(await lies(mail, ANN), before[0]);
	});

test("what is bad when it comes is moved out of the inbox it is delivered to", { skip }, async () => {
	await automatic({ malicious: "DeletedItems", suspicious: "DeletedItems", spam: "DeletedItems", spoof: "DeletedItems", bulk: "DeletedItems" });
	const { lure } = await import("./lib/mail.mjs");
	const mail = lure({ to: ANN });
	assert.equal(outcome(await sendMail(p.smtpPort, { from: "x@login.example.org", to: [ANN, BOB], mail: mail.raw })).code, 250);
	for (const user of [ANN, BOB]) await until(async () => await folderOf(mail, user) === "Trash", `${user}'s is moved`, 40);
	const message = await p.found(mail.id);
	await until(async () => (await now(message)).delivery_status[0] === "moved", "it is told");
	const [entry] = (await p.get(`investigate/${message.id}/action_log`)).result.filter((e) => e.operation === "MOVE");
	assert.deepEqual([entry.success, entry.properties.requested_by, entry.properties.service], [true, "courier", "auto_moves"]);
	await automatic({});
});

test("people move one, many, and each copy has its result", { skip }, async () => {
	const [one, two, apart] = [letter(PERMITS), letter(PERMITS), plain({ to: "x@bare.test" })];
	const first = await deliver(one, ANN, BOB), second = await deliver(two, ANN);
	const bare = await deliver(apart, "x@bare.test");
	await mark(one, BOB, "\\Flagged");
	const before = await lies(one, BOB);

	const items = await move(first, "DeletedItems");
	assert.deepEqual(short(items), [[ANN, true], [BOB, true]]);
	assert.deepEqual([items[0].message_id, items[0].operation, items[0].item_count, items[0].destination], [one.id, "MOVE", 1, "DeletedItems"]);
	assert.equal(items[0].completed_at, items[0].completed_timestamp);
	assert.deepEqual([await folderOf(one, ANN), await folderOf(one, BOB)], ["Trash", "Trash"]);
	assert.deepEqual((await now(first)).delivery_status, ["moved"]);
	assert.deepEqual(short(await move(first, "DeletedItems")), [[ANN, true], [BOB, true]]); // it lies there already
	assert.ok((await traceOf(first)).some((line) => /^in the mailbox of ann@open\.test: moved from INBOX to Trash$/.test(line)));

	const many = await p.request("POST", "investigate/move", { body: { destination: "RecoverableItemsPurges", ids: [first.id, second.id, first.id, bare.id] } });
	assert.deepEqual(short(many.body.result), [[ANN, true], [ANN, true], [BOB, true], ["x@bare.test", false]]);
	assert.match(many.body.result.find((i) => !i.success).status, /has no integration/);
	for (const [mail, user] of [[one, ANN], [one, BOB], [two, ANN]]) assert.equal(await lies(mail, user), undefined);
	assert.deepEqual(short(await move(first, "Inbox")), [[ANN, true], [BOB, true]]);
	assert.deepEqual(await lies(one, BOB), before);
	assert.deepEqual((await now(first)).delivery_status, ["delivered"]);

	const refused = async (where, body, status, code) => {
		const answer = await p.request("POST", where, { body });
		assert.deepEqual([answer.status, answer.body.errors[0].code], [status, code], answer.text);
	};
	await refused("investigate/move", { destination: "Inbox", ids: [bare.id] }, 400, 14030);
	await refused(`investigate/${bare.id}/move`, { destination: "Inbox" }, 400, 14030);
	await refused("investigate/move", { destination: "Inbox", ids: [second.id, "no-such"] }, 404, 14004);
	await refused("investigate/move", { destination: "Attic", ids: [second.id] }, 400, 14001);
	await refused("investigate/move", { destination: "Inbox", ids: [] }, 400, 14001);
	assert.equal(await lies(two, ANN), undefined);
});

test("another mail with the same Message-ID stays", { skip }, async () => {
	const mail = letter(PERMITS);
	const message = await deliver(mail, ANN);
	const forged = Buffer.from(mail.raw.toString("latin1").replace("garage barrier", "kitchen table"), "latin1");
	await server.deliver(ANN, forged);
	const isForged = (one) => one.raw.includes("kitchen table");
	assert.deepEqual(short(await move(message, "JunkEmail")), [[ANN, true]]);
	assert.equal((await server.messages(ANN)).filter(isForged).length, 1);
	assert.equal((await server.messages(ANN, JUNK)).filter((one) => one.raw.includes(mail.id)).length, 1);

	const owner = await server.login(ANN);
	await owner.command(`SELECT "${JUNK}"`);
	await owner.command("STORE 1:* +FLAGS (\\Deleted)");
	await owner.command("EXPUNGE");
	owner.end();
	const [item] = await until(async () => {
		const items = await move(message, "DeletedItems");
		return !items[0].success && items;
	}, "it is told");
	assert.match(item.status, /cannot be told to be this message/);
	assert.equal((await server.messages(ANN)).filter(isForged).length, 1);
});

test("no number of older mails with the same Message-ID hides a mail", { skip }, async () => {
	const mail = letter(PERMITS);
	const decoy = (n) => Buffer.from(mail.raw.toString("latin1").replace("garage barrier", `kitchen table ${n}`), "latin1");
	for (let n = 0; n < 40; n++) await server.deliver(ANN, decoy(n));
	assert.equal(outcome(await sendMail(p.smtpPort, { from: "facility@sender.example", to: [ANN], mail: mail.raw })).code, 250);
	const message = await p.found(mail.id);
	const those = async (folder) => (await server.messages(ANN, folder)).filter((one) => one.raw.includes(mail.id));
	await until(async () => (await those("INBOX")).length === 41, "it lies there");
	const [item] = await move(message, "JunkEmail");
	assert.equal(item.success, true, item.status);
	assert.deepEqual((await those(JUNK)).map((one) => one.raw.includes("kitchen table")), [false]);
	assert.equal((await those("INBOX")).length, 40);
});

test("a mail that was sent twice: the one that is meant is moved, and not the other in the inbox", { skip }, async () => {
	const mail = letter(PERMITS);
	const message = await deliver(mail, ANN);
	const raw = (await lies(mail, ANN)).raw.toString("latin1");
	await moveAsOwner(mail, ANN, "INBOX", "Archive");
	const twin = raw.replace(/^(X-Postern-Processed: )\w+/m, (_, name) => `${name}5BL5w0000000kKxm`);
	assert.notEqual(twin, raw);
	await server.deliver(ANN, Buffer.from(twin, "latin1"));
	const [item] = await move(message, "JunkEmail");
	assert.equal(item.success, true, item.status);
	const marks = async (folder) => (await server.messages(ANN, folder)).filter((one) => one.raw.includes(mail.id)).map((one) => /^X-Postern-Processed: (\w+)/m.exec(one.raw.toString("latin1"))[1]);
	assert.deepEqual(await marks(JUNK), [message.postfix_id]);
	assert.deepEqual(await marks("INBOX"), ["5BL5w0000000kKxm"]);
});

test("what goes wrong is told in words, and mended by another try", { skip }, async () => {
	const mail = letter(PERMITS);
	const message = await deliver(mail, ANN, BOB);
	const set = (change) => done(ours("PATCH", `integrations/${integration.id}`, change));

	await set({ secret: "not the master's" });
	const denied = await move(message, "JunkEmail");
	assert.deepEqual(short(denied), [[ANN, false], [BOB, false]]);
	assert.match(denied[0].status, /Authentication failed/);
	assert.deepEqual((await now(message)).delivery_status, ["move_failed"]);
	assert.deepEqual([await folderOf(mail, ANN), await folderOf(mail, BOB)], ["INBOX", "INBOX"]);
	assert.ok((await traceOf(message)).some((line) => line.startsWith(`not moved to JunkEmail in the mailbox of ${ANN}, try 1: `)));
	await set({ secret: MASTER.password });

	server.setPassword(BOB, null); // his mailbox is gone
	const gone = await move(message, "JunkEmail");
	assert.deepEqual(short(gone), [[ANN, true], [BOB, false]]);
	server.setPassword(BOB, "b");
	assert.deepEqual((await now(message)).delivery_status.sort(), ["move_failed", "moved"]);
	assert.deepEqual(short(await move(message, "JunkEmail")), [[ANN, true], [BOB, true]]);

	wire.cut({ from: "server", when: /COPYUID/ }); // it was done, and nobody heard of it
	const items = await move(message, "DeletedItems");
	await until(async () => await folderOf(mail, ANN) === "Trash" && await folderOf(mail, BOB) === "Trash", "both are moved", 40);
	assert.equal(items.length, 2);
	await until(async () => (await now(message)).delivery_status.join() === "moved", "it is told", 40);
});

const GARDEN = "the gardener would like to know whose bicycles stand behind the east wing since the spring, for the\n" +
	"hedge is to be cut there, and what has no name on it by Monday is brought to the cellar";
for (const [destination, folder] of [["JunkEmail", JUNK], ["RecoverableItemsPurges", undefined]])
	test(`a move to ${destination} that nobody heard of is undone with its verdict`, { skip }, async () => {
		await automatic({ malicious: destination });
		const mail = letter(GARDEN);
		const message = await deliver(mail, ANN);
		await mark(mail, ANN, "\\Flagged");
		const before = await lies(mail, ANN);
		wire.cut({ from: "server", when: folder ? /COPYUID/ : /OK Expunge/, stays: true });
		const asked = await p.request("POST", `investigate/${message.id}/reclassify`, { body: { expected_disposition: "MALICIOUS" } });
		assert.equal(asked.status, 202, JSON.stringify(asked.body));
		await until(async () => await folderOf(mail, ANN) === folder, "it is moved", 40);
		const correction = await until(async () => (await done(ours("GET", "corrections"))).find((c) => c.postfix_id === message.postfix_id), "the correction", 40);
		await done(ours("DELETE", `corrections/${correction.id}`));
		await until(async () => (await now(message)).final_disposition === "NONE", "it is judged as before", 40);
		wire.mend();
		await until(async () => await folderOf(mail, ANN) === "INBOX", "it is back", 60);
		assert.deepEqual(await lies(mail, ANN), before);
		await until(async () => (await now(message)).delivery_status.join() === "delivered", "it is told", 40);
		await automatic({});
	});

test("an integration shows no secret, is tested, and stays while a domain names it", { skip }, async () => {
	const shown = await done(ours("GET", `integrations/${integration.id}`));
	assert.ok(!("secret" in shown) && !JSON.stringify(shown).includes(MASTER.password));
	const { select } = await import("./lib/database.mjs");
	assert.ok(!JSON.stringify(select(p, "SELECT body FROM integration")).includes(MASTER.password));
	assert.ok(!JSON.stringify(select(p, "SELECT body FROM audit")).includes(MASTER.password));

	const works = await done(ours("POST", `integrations/${integration.id}/test`, { mailbox: ANN }));
	assert.deepEqual([works.success, works.mailbox], [true, ANN], works.status);
	assert.match(works.status, /JunkEmail is Spam/);
	const nobody = await done(ours("POST", `integrations/${integration.id}/test`, { mailbox: "nobody@open.test" }));
	assert.equal(nobody.success, false);
	assert.match(nobody.status, /^The login is right, but there is no such mailbox/);
	// Each hears of its own.
	const both = await Promise.all([ANN, "nobody@open.test", BOB].map((mailbox) => done(ours("POST", `integrations/${integration.id}/test`, { mailbox }))));
	assert.deepEqual(both.map((one) => [one.mailbox, one.success]), [[ANN, true], ["nobody@open.test", false], [BOB, true]]);
	assert.ok(both[0].status.includes(ANN) && both[2].status.includes(BOB), JSON.stringify(both));
	const unnamed = await ours("POST", `integrations/${integration.id}/test`);
	assert.deepEqual([unnamed.status, unnamed.body.errors[0].source.pointer], [400, "/mailbox"]);

	const kept = await ours("DELETE", `integrations/${integration.id}`);
	assert.deepEqual([kept.status, kept.body.errors[0].code], [409, 14010]);
	assert.match(kept.body.errors[0].message, /integration_id of open\.test/);
	const other = await p.request("PATCH", `settings/domains/${domain.id}`, { body: { integration_id: "f174e90a-fafe-4643-bbbc-4a0ed4fc8415" } });
	assert.deepEqual([other.status, other.body.errors[0].source.pointer], [400, "/integration_id"]);
});
