// Courier and API killed while mail is moved hither and thither in its mailboxes, again and again. In the end each copy lies
// where it was last sent, once, whole, with its flags and date; and the records say so.
import assert from "node:assert/strict";
import { test, before, after } from "node:test";
import { select } from "./lib/database.mjs";
import { kill } from "./lib/deaths.mjs";
import { MASTER, MailServer, missing } from "./lib/mailserver.mjs";
import { Mta } from "./lib/mta.mjs";
import { Postern, SLOW, until, wait } from "./lib/postern.mjs";
import { plain } from "./lib/mail.mjs";

const KILLS = process.env.FULL ? 100 : 12;
const ROLES = ["courier", "courier", "api", "courier"];
const MOVERS = 4;
const MAILS = 24;
const PATIENCE_MS = 5000; // of who moves: then he asks again
const USERS = ["ann", "bob", "carl"].map((name) => `${name}@open.test`);
const FOLDERS = { Inbox: "INBOX", JunkEmail: "Spam", DeletedItems: "Trash", RecoverableItemsDeletions: "Recoverable Items", RecoverableItemsPurges: null };
const skip = missing() || false;

let server, p;
before(async () => {
	if (skip) return;
	server = await MailServer.start("open.test", { users: Object.fromEntries(USERS.map((user) => [user, "x"])) });
	for (const user of USERS) server.doveadm("mailbox", "create", "-u", user, FOLDERS.JunkEmail);
	p = await Postern.start({ settings: { mailboxes: { allow_private: true } }, domains: [{ name: "open.test", transport: `[127.0.0.1]:${server.port}` }] });
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

// An answer, or null: whoever waits for an API that dies may wait for ever.
const soon = (asked) => Promise.race([asked, wait(PATIENCE_MS * SLOW).then(() => null)]);

// Until the record says that all copies lie there; whoever gets no answer asks again, as people do.
async function move(mail, destination) {
	let answer;
	for (const end = Date.now() + 120_000 * SLOW; ; await wait(50)) {
		assert.ok(Date.now() < end, `${mail.id} is moved to ${destination}: ${answer?.text}`);
		answer = await soon(p.request("POST", `investigate/${mail.message.id}/move`, { body: { destination } }).catch(() => null));
		if (answer?.status === 200 && answer.body.result.length === mail.to.length && answer.body.result.every((item) => item.success)) break;
	}
	mail.destination = destination;
	mail.moves = (mail.moves ?? 0) + 1;
}

async function moveOn(mails, state, seed) {
	const names = Object.keys(FOLDERS);
	for (let i = seed; !state.over; i++) {
		const mail = mails[i % mails.length];
		await move(mail, names[(i * 7 + (mail.moves ?? 0) * 3) % names.length]);
	}
}

async function everything() {
	const all = [];
	for (const user of USERS)
		for (const folder of Object.values(FOLDERS).filter(Boolean))
			for (const one of await server.messages(user, folder).catch(() => [])) all.push({ user, folder, ...one, uid: undefined });
	return all;
}

test(`${KILLS} deaths during moves`, { skip }, async (t) => {
	const mta = new Mta(p.smtpPort, (n) => ({ ...plain({ to: USERS[0], body: `Hello,\n\nnumber ${n} is below.\n\nAnn\n` }), from: "ann@example.net", to: USERS.slice(0, 1 + n % 3) }), 2, 100 * SLOW);
	await until(() => mta.mails.filter((m) => m.code === 250).length >= MAILS, "mails", 60);
	const mails = (await mta.end()).filter((m) => m.code === 250);
	for (const mail of mails) [mail.message] = await until(async () => {
		const found = await p.find(mail.id);
		return found.length && found;
	}, "it is found");
	await until(async () => (await everything()).length === mails.flatMap((m) => m.to).length, "all are delivered", 60);
	for (const user of USERS) {
		const owner = await server.login(user);
		await owner.command("SELECT INBOX");
		await owner.command("STORE 1:* FLAGS (\\Seen \\Flagged)").catch(() => {});
		owner.end();
	}
	const copyOf = (all, mail, user) => all.filter((one) => one.user === user && one.raw.includes(mail.id));
	const first = await everything();

	const state = { over: false }, deaths = [];
	const movers = Promise.all(Array.from({ length: MOVERS }, (_, i) => moveOn(mails.filter((_, n) => n % MOVERS === i), state, i)));
	try {
		for (let i = 0; i < KILLS; i++) {
			await wait(30 + (i * 97) % 350);
			await kill(p, ROLES[i % ROLES.length], deaths);
		}
	} finally {
		state.over = true;
	}
	await movers;
	await until(() => select(p, "SELECT count(*) FROM job WHERE state = 'open' AND kind = 'move'")[0][0] === 0, "nothing is left to do", 120);

	const moved = mails.filter((mail) => mail.moves);
	const last = await everything();
	for (const mail of mails)
		for (const user of mail.to) {
			const [was] = copyOf(first, mail, user), now = copyOf(last, mail, user);
			const folder = FOLDERS[mail.destination ?? "Inbox"];
			assert.deepEqual(now, folder ? [{ ...was, folder }] : [], `${mail.id} of ${user} in ${folder}`);
		}
	for (const mail of moved) {
		const { delivery_status } = (await p.get(`investigate/${mail.message.id}`)).result;
		assert.deepEqual(delivery_status, [mail.destination === "Inbox" ? "delivered" : "moved"]);
		await move(mail, "Inbox");
	}
	const back = await everything();
	assert.equal(back.length, first.length);
	for (const mail of mails)
		for (const user of mail.to) assert.deepEqual(copyOf(back, mail, user), copyOf(first, mail, user), `${mail.id} of ${user} is as it was`);
	t.diagnostic(`${deaths.length} deaths, ${moved.reduce((n, m) => n + m.moves, 0)} moves of ${moved.length} mails`);
});
