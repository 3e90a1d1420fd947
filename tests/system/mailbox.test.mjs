// The IMAP connector against a real Dovecot: what it finds, reads, moves and puts back, and what it says when things go wrong.
import assert from "node:assert/strict";
import { writeFileSync, readFileSync } from "node:fs";
import { test, before, after } from "node:test";
import { Cutter } from "./lib/cutter.mjs";
import { Mailbox, Fault, missingTool } from "./lib/mailbox.mjs";
import { MailServer, MASTER, missing } from "./lib/mailserver.mjs";
import { until } from "./lib/postern.mjs";

const skip = missing() || missingTool() || false;
const PASSWORD = "the owner's own";
let server, number = 0;

const address = (name) => `${name}@box.test`;

before(async () => {
	if (skip) return;
	const users = Object.fromEntries(["ann", "ben", "cleo", "dan", "eve", "fay", "gus", "hal", "ida", "jon", "kay", "lea", "max"].map((name) => [address(name), PASSWORD]));
	server = await MailServer.start("box.test", { users, tls: true, postfix: false });
});
after(() => server?.stop());

// As the master user, in clear: what most tests want.
const open = (name, more = {}) => Mailbox.open({ provider: "imap", server: `127.0.0.1:${server.imap}`, security: "PLAINTEXT",
	user: MASTER.user, secret: MASTER.password, address: address(name), ...more });

async function withBox(name, work, more) {
	const box = await open(name, more);
	try {
		return await work(box);
	} finally {
		assert.equal(await box.close(), 0);
	}
}

function mail(more = "") {
	const id = `<${++number}.${process.pid}@elsewhere.test>`;
	return { id, raw: Buffer.from(`From: a@elsewhere.test\r\nTo: b@box.test\r\nMessage-ID: ${id}\r\nSubject: number ${number}\r\n${more}\r\nHello.\r\n.\r\n..\r\nlast\r\n`, "latin1") };
}

async function deliver(name, more) {
	const m = mail(more);
	await server.deliver(address(name), m.raw);
	return m;
}

// Marks and a date of its own, so that keeping them can be seen.
async function mark(name, flags = "\\Seen \\Flagged $Mine") {
	const imap = await server.login(address(name));
	await imap.command("SELECT INBOX");
	await imap.command(`STORE 1:* FLAGS (${flags})`);
	imap.end();
}

// In a folder, with a date in the past.
async function append(name, { raw }, { folder = "INBOX", flags = "\\Seen $Mine", date = "03-Feb-2024 04:05:06 +0100" } = {}) {
	const imap = await server.login(address(name));
	await imap.command(`APPEND "${folder}" (${flags}) "${date}" {${raw.length}+}\r\n${raw.toString("latin1")}`);
	imap.end();
}

const file = (name) => server.file(`${name}-${++number}.eml`);
const where = async (name, id, folders = ["INBOX", "Junk", "Trash", "Recoverable Items"]) => {
	const found = [];
	for (const folder of folders) {
		const messages = await server.messages(address(name), folder).catch(() => []);
		for (const m of messages) if (m.raw.includes(id)) found.push({ folder, flags: m.flags, date: m.date });
	}
	return found;
};

test("the ways in: master user and own password, in clear, by STARTTLS and by TLS", { skip }, async () => {
	const pem = server.file("authorities.pem");
	writeFileSync(pem, server.authorities);
	const { id } = await deliver("ann");
	for (const [security, port] of [["PLAINTEXT", server.imap], ["STARTTLS", server.imap], ["TLS", server.imaps]])
		for (const who of [{}, { login: "own", "own-password": PASSWORD }])
			await withBox("ann", async (box) => assert.equal((await box.find(id)).items.length, 1),
				{ ...who, security, server: `127.0.0.1:${port}`, authorities: pem });
});

test("the words of a refused login", { skip }, async () => {
	const stranger = server.file("stranger.pem");
	writeFileSync(stranger, readFileSync("/etc/ssl/certs/ca-certificates.crt", "latin1").split(/(?<=-----END CERTIFICATE-----\n)/)[0]);
	for (const [more, error, trouble, text] of [
		[{ secret: "wrong" }, "denied", "login refused", /^The login is refused\. .*Authentication failed/],
		[{ login: "own", "own-password": "wrong" }, "denied", "login refused", /Authentication failed/],
		[{ login: "own" }, "denied", "login refused", /no password for this mailbox/],
		[{ security: "TLS", server: `127.0.0.1:${server.imaps}`, authorities: stranger }, "denied", "unreachable", /not trusted/],
		[{ server: "127.0.0.1:1" }, "later", "unreachable", /refused/],
		[{ address: address("nobody") }, "denied", "no such mailbox", /^The login is right, but there is no such mailbox, .*Authorization failed/],
	]) {
		const fault = await open("ann", more).then(() => assert.fail("let in"), (e) => e);
		assert.ok(fault instanceof Fault, String(fault));
		assert.deepEqual([fault.error, fault.trouble], [error, trouble], fault.text);
		assert.match(fault.text, text);
		assert.ok(!fault.text.includes(MASTER.password) && !fault.text.includes(PASSWORD));
	}
});

test("a mail is found wherever it lies, and read as it is, unread", { skip }, async () => {
	const { id, raw } = await deliver("ben");
	await deliver("ben");
	await withBox("ben", async (box) => {
		const { items } = await box.find(id);
		assert.equal(items.length, 1);
		assert.deepEqual([items[0].folder, items[0].message_id, items[0].flags], ["INBOX", id, ""]);
		const to = file("fetched");
		const marks = await box.fetch(items[0], to);
		assert.equal(marks.flags, "");
		assert.ok(readFileSync(to).equals((await server.messages(address("ben")))[0].raw));
		assert.ok(readFileSync(to).includes(raw));
		assert.equal(readFileSync(to).length, items[0].size);
		assert.deepEqual((await server.messages(address("ben")))[0].flags, []);
		assert.deepEqual((await box.find(id.slice(0, -1))).items, [], "what is part of another one is not it");
		assert.deepEqual((await box.find("<none@elsewhere.test>")).items, []);
		await box.move(items[0], "JunkEmail");
		assert.deepEqual((await box.find(id)).items.map((item) => item.folder), ["Junk"]);
	});
});

test("a move keeps flags and dates, and back", { skip }, async () => {
	const m = mail();
	await append("cleo", m);
	const [before] = await where("cleo", m.id);
	await withBox("cleo", async (box) => {
		let [at] = (await box.find(m.id)).items;
		assert.deepEqual([at.flags, at.received_us], ["\\Seen $Mine", Date.parse("2024-02-03T03:05:06Z") * 1000]);
		for (const [destination, folder] of [["JunkEmail", "Junk"], ["DeletedItems", "Trash"], ["RecoverableItemsDeletions", "Recoverable Items"], ["Inbox", "INBOX"], ["JunkEmail", "Junk"]]) {
			const from = at;
			at = await box.move(from, destination);
			assert.equal(at.folder, folder);
			assert.deepEqual(await where("cleo", m.id), [{ ...before, folder }]);
			const again = await box.fault("move", from, destination);
			assert.deepEqual([again.error, again.trouble], ["absent", "message not found"]);
		}
		assert.deepEqual(await box.move(at, "JunkEmail"), { error: "ok", trouble: "none", folder: "Junk", id: at.id }, "it lies there");
		at = await box.moveBack(at, "INBOX");
		assert.deepEqual((await box.find(m.id)).items.map(({ folder, id }) => ({ folder, id })), [{ folder: at.folder, id: at.id }]);
		at = await box.moveBack(at, "Projects/2024");
		assert.equal((await server.messages(address("cleo"), "Projects/2024")).length, 1, "a folder that was gone is made again");
	});
	const imap = await server.login(address("cleo"));
	const subscribed = await imap.command('LSUB "" "*"');
	imap.end();
	for (const [name, is] of [["Junk", true], ["Trash", true], ["Recoverable Items", false]])
		assert.equal(subscribed.includes(name), is, subscribed);
});

test("what the server says a folder is for counts more than its name", { skip }, async () => {
	const m = await deliver("dan");
	server.doveadm("mailbox", "create", "-u", address("dan"), "Junk", "Spam");
	await withBox("dan", async (box) => {
		const [at] = (await box.find(m.id)).items;
		assert.equal((await box.move(at, "JunkEmail")).folder, "Spam");
		const { error, trouble, ...names } = await box.run("folders");
		assert.deepEqual(names, { Inbox: "INBOX", JunkEmail: "Spam", DeletedItems: "", RecoverableItemsDeletions: "", RecoverableItemsPurges: "" });
	});
});

test("a server whose folders all lie below the inbox", { skip }, async () => {
	const below = await MailServer.start("box.test", { users: { [address("ann")]: PASSWORD }, postfix: false, prefix: "INBOX.", separator: "." });
	try {
		const m = mail();
		await below.deliver(address("ann"), m.raw);
		await withBox("ann", async (box) => {
			let [at] = (await box.find(m.id)).items;
			for (const [destination, folder] of [["JunkEmail", "INBOX.Junk"], ["RecoverableItemsDeletions", "INBOX.Recoverable Items"], ["Inbox", "INBOX"], ["JunkEmail", "INBOX.Junk"]]) {
				at = await box.move(at, destination);
				assert.equal(at.folder, folder);
				assert.deepEqual((await box.find(m.id)).items.map((item) => item.folder), [folder]);
			}
			assert.equal((await below.messages(address("ann"), "INBOX.Junk")).length, 1);
		}, { server: `127.0.0.1:${below.imap}` });
	} finally {
		await below.stop();
	}
});

test("deleted is gone, restored is as it was", { skip }, async () => {
	const [m, other] = [mail(), mail()];
	await append("eve", m, { flags: "\\Seen \\Answered $Mine" });
	await append("eve", other, { flags: "\\Deleted" });
	const before = await server.messages(address("eve"));
	await withBox("eve", async (box) => {
		const [at] = (await box.find(m.id)).items;
		const kept = file("kept");
		const marks = await box.fetch(at, kept);
		assert.deepEqual(await box.delete(at), { error: "ok", trouble: "none", folder: "", id: "" });
		assert.deepEqual((await server.messages(address("eve"))).map(({ uid }) => uid), [before[1].uid], "nothing else is expunged");
		assert.equal((await box.fault("delete", at)).trouble, "message not found");
		const to = await box.restore(kept, marks, "INBOX");
		assert.deepEqual(await box.restore(kept, marks, "INBOX"), to, "done twice it is done once");
		const after = await server.messages(address("eve"));
		assert.equal(after.length, 2);
		assert.deepEqual({ ...after[1], uid: 0 }, { ...before[0], uid: 0 });
		assert.equal(to.id.split(".")[1], String(after[1].uid));
	});
});

test("a mail without Message-ID is put back once, too", { skip }, async () => {
	const raw = Buffer.from("From: machine@elsewhere.test\r\nSubject: alert\r\n\r\nalert\r\n");
	await append("eve", { raw }, { folder: "INBOX" });
	await withBox("eve", async (box) => {
		const all = (await box.changes("Inbox", "", 0)).items;
		const at = all.find((item) => item.message_id === "");
		const kept = file("kept");
		const marks = await box.fetch(at, kept);
		await box.delete(at);
		const to = await box.restore(kept, marks, "INBOX");
		assert.deepEqual(await box.restore(kept, marks, "INBOX"), to);
		assert.equal((await server.messages(address("eve"))).filter((m) => m.raw.equals(raw)).length, 1);
	});
});

test("changes: since a time, from now on, in pages, over connections", { skip }, async () => {
	const old = mail(), fresh = [mail(), mail(), mail()];
	await append("fay", old, { date: "01-Jan-2020 00:00:00 +0000" });
	for (const m of fresh) await append("fay", m, { date: "05-May-2025 12:00:00 +0000" });
	const since = Date.parse("2025-05-05T11:59:59Z") * 1000;
	let cursor = await withBox("fay", async (box) => {
		let page = await box.changes("Inbox", "", since, 2);
		assert.deepEqual([page.items.map((i) => i.message_id), page.more], [[fresh[0].id, fresh[1].id], true]);
		page = await box.changes("Inbox", page.cursor, since, 2);
		assert.deepEqual([page.items.map((i) => i.message_id), page.more], [[fresh[2].id], false]);
		assert.deepEqual((await box.changes("Inbox", page.cursor, since)).items, []);
		assert.deepEqual((await box.changes("Inbox", "", "now")).items, []);
		assert.equal((await box.changes("Inbox", "", 0)).items.length, 4);
		return page.cursor;
	});
	const late = mail();
	await append("fay", late, { date: "02-Feb-2019 00:00:00 +0000" });
	await withBox("fay", async (box) => {
		const page = await box.changes("Inbox", cursor, since);
		assert.deepEqual(page.items.map((i) => i.message_id), [late.id], "what came since then counts, whatever its date");
	});
});

test("changes of all folders leave out drafts, what was sent, and what was hidden", { skip }, async () => {
	server.doveadm("mailbox", "create", "-u", address("gus"), "Sent", "Drafts", "Junk", "Lists/C", "Recoverable Items");
	await withBox("gus", async (box) => {
		const start = await box.changes("AllItems", "", "now");
		assert.deepEqual(start.items, []);
		const seen = {};
		for (const folder of ["INBOX", "Sent", "Drafts", "Junk", "Lists/C", "Recoverable Items"]) await append("gus", (seen[folder] = mail()), { folder });
		server.doveadm("mailbox", "create", "-u", address("gus"), "New");
		await append("gus", (seen.New = mail()), { folder: "New", date: new Date(Date.now() + 60_000).toUTCString().replace(/^\w+, (\d+) (\w+) (\d+) ([\d:]+) GMT$/, "$1-$2-$3 $4 +0000") });
		const page = await box.changes("AllItems", start.cursor, 0);
		assert.deepEqual(page.items.map((i) => i.folder).sort(), ["INBOX", "Junk", "Lists/C", "New"]);
		assert.deepEqual((await box.changes("AllItems", page.cursor, 0)).items, []);
	});
});

test("IDLE wakes when mail comes, and not before", { skip }, async () => {
	await withBox("hal", async (box) => {
		const { cursor } = await box.changes("Inbox", "", "now");
		assert.ok((await box.wait(300)).waited_ms >= 300);
		const waiting = box.wait(15000);
		await deliver("hal");
		const { waited_ms } = await waiting;
		assert.ok(waited_ms < 10000, `${waited_ms} ms`);
		const page = await box.changes("Inbox", cursor, 0);
		assert.equal(page.items.length, 1);
		await deliver("hal"); // between a look and a wait
		assert.ok((await box.wait(15000)).waited_ms < 10000);
	});
});

test("a mailbox that was made anew: numbers mean nothing any more", { skip }, async () => {
	const user = address("ida");
	server.doveadm("mailbox", "create", "-u", user, "Work");
	const m = mail();
	await append("ida", m, { folder: "Work" });
	const [at, cursor] = await withBox("ida", async (box) => [(await box.find(m.id)).items[0], (await box.changes("AllItems", "", 0)).cursor]);
	server.doveadm("mailbox", "delete", "-u", user, "Work");
	await new Promise((done) => setTimeout(done, 1100)); // its new number is the time in seconds
	server.doveadm("mailbox", "create", "-u", user, "Work");
	await append("ida", m, { folder: "Work" });
	await withBox("ida", async (box) => {
		for (const fault of [await box.fault("fetch", at, file("x")), await box.fault("move", at, "JunkEmail"), await box.fault("delete", at), await box.fault("changes", "AllItems", cursor, 0)])
			assert.deepEqual([fault.error, fault.trouble], ["absent", "mailbox was renumbered"], fault.text);
		assert.equal((await box.find(m.id)).items.length, 1);
		assert.equal((await box.changes("AllItems", "", 0)).items.length, 1);
	});
	assert.deepEqual((await where("ida", m.id, ["Work"])).length, 1, "nothing was done");
});

test("moved by its owner meanwhile: absent where it was, found where it is", { skip }, async () => {
	const m = await deliver("jon");
	server.doveadm("mailbox", "create", "-u", address("jon"), "Mine");
	await withBox("jon", async (box) => {
		const [at] = (await box.find(m.id)).items;
		const imap = await server.login(address("jon"));
		await imap.command("SELECT INBOX");
		await imap.command("UID MOVE 1 Mine");
		imap.end();
		const fault = await box.fault("move", at, "JunkEmail");
		assert.deepEqual([fault.error, fault.trouble], ["absent", "message not found"]);
		const { items } = await box.find(m.id);
		assert.deepEqual(items.map((item) => item.folder), ["Mine"]);
		assert.equal((await box.move(items[0], "JunkEmail")).folder, "Junk");
	});
});

test("a connection that is cut anywhere: the next try ends it, and nothing is there twice", { skip }, async () => {
	const wire = await Cutter.start(server.imap);
	const through = { server: `127.0.0.1:${wire.port}` };
	try {
		for (const plan of [{ from: "client", when: /UID MOVE/ }, { from: "server", when: /COPYUID/ }, { from: "client", when: /SELECT/ }]) {
			const m = await deliver("kay");
			let at, lost;
			await withBox("kay", async (box) => {
				[at] = (await box.find(m.id)).items;
				wire.cut(plan);
				lost = await box.fault("move", at, "JunkEmail");
				assert.deepEqual([lost.error, lost.trouble], ["later", "connection lost"], lost.text);
				assert.equal((await box.run("is_broken")).broken, true);
				assert.equal((await box.fault("find", m.id)).trouble, "connection lost");
			}, through);
			await withBox("kay", async (box) => {
				await box.move(at, "JunkEmail").catch((fault) => assert.equal(fault.trouble, "message not found", fault.text));
			}, through);
			assert.deepEqual((await where("kay", m.id)).map(({ folder }) => folder), ["Junk"]);
		}
		for (const plan of [{ from: "client", when: /APPEND/ }, { from: "client", when: /last\r\n/ }, { from: "server", when: /APPENDUID/ }]) {
			const m = mail(), kept = file("kept"), marks = { flags: "\\Seen", received_us: Date.parse("2024-02-03T03:05:06Z") * 1000 };
			writeFileSync(kept, m.raw);
			await withBox("kay", async (box) => {
				wire.cut(plan);
				assert.equal((await box.fault("restore", kept, marks, "INBOX")).trouble, "connection lost");
			}, through);
			await withBox("kay", (box) => box.restore(kept, marks, "INBOX"), through);
			assert.equal((await where("kay", m.id)).length, 1);
		}
		assert.equal(wire.cuts, 6);
	} finally {
		await wire.stop();
	}
});

test("a mailbox that is gone, and a password that was changed", { skip }, async () => {
	server.setPassword(address("lea"), "another");
	const own = await open("lea", { login: "own", "own-password": PASSWORD }).then(() => assert.fail("let in"), (e) => e);
	assert.deepEqual([own.error, own.trouble], ["denied", "login refused"]);
	await withBox("lea", (box) => box.find("<x@y>"), { login: "own", "own-password": "another" });
	server.setPassword(address("lea"), null);
	const gone = await open("lea").then(() => assert.fail("let in"), (e) => e);
	assert.deepEqual([gone.error, gone.trouble], ["denied", "no such mailbox"]);
});

test("a large mail comes and goes whole", { skip }, async () => {
	const m = mail(`X-Long: ${"x".repeat(60000)}\r\n`);
	m.raw = Buffer.concat([m.raw, Buffer.alloc(20_000_000, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\r\n")]);
	await append("max", m);
	await withBox("max", async (box) => {
		const [at] = (await box.find(m.id)).items, kept = file("large");
		const marks = await box.fetch(at, kept);
		assert.ok(readFileSync(kept).equals(m.raw));
		await box.delete(at);
		await box.restore(kept, marks, "INBOX");
		assert.ok((await server.messages(address("max")))[0].raw.equals(m.raw));
	});
});
