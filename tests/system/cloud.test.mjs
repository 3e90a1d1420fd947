// The connectors for Microsoft Graph and Gmail against small servers that speak their documented subset, faults included.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { GMAIL, Gmail } from "./lib/gmail.mjs";
import { GRAPH, Graph } from "./lib/graph.mjs";
import { Fault, Mailbox, missingTool } from "./lib/mailbox.mjs";

const skip = missingTool() || false;
const TIMES = 9; // where a kept connection is cut before anything came, libcurl asks once more over another one
const HOUR = 3600e3, START = Date.parse("2026-02-03T04:05:06Z");
const US = (ms) => ms * 1000;
const people = ["ann", "ben", "cleo", "dan", "eve", "fay", "gus", "hal", "ida", "jon", "kay", "lea", "max", "ned", "ole", "pia", "rob"].map((n) => `${n}@cloud.test`);
let folder, number = 0;

// The two as the tests see them: what is asked of both is in the same words.
const GRAPH_BOX = {
	name: "graph",
	async start() {
		this.server = await Graph.start({ people });
		this.options = { provider: "graph", server: this.server.url, "token-url": this.server.tokenUrl, tenant: GRAPH.tenant, user: GRAPH.client, secret: GRAPH.secret };
	},
	deliver: (who, m, { at = START, where = "inbox", ...more } = {}) => GRAPH_BOX.server.deliver(who, m.raw, { folder: where, received: new Date(at).toISOString(), ...more }),
	marked: { isRead: true, categories: ["Red, or so", "50%"], flag: { flagStatus: "flagged" }, importance: "high" },
	flags: "read flagged high category=Red%2C%20or%20so category=50%25",
	where: (who, id) => GRAPH_BOX.server.messages(who).filter((m) => m.raw.includes(id)).map((m) => m.folder),
	kept: (who, id) => GRAPH_BOX.server.messages(who).filter((m) => m.raw.includes(id)).map(({ isRead, categories, flag, importance, receivedDateTime }) => ({ isRead, categories, flag, importance, receivedDateTime })),
	byOwner: (who, m, where) => GRAPH_BOX.server.moveByOwner(who, m, where),
	places: { Inbox: "inbox", JunkEmail: "junkemail", DeletedItems: "deleteditems", RecoverableItemsDeletions: "recoverableitemsdeletions" },
	mine: [{ where: "drafts", isDraft: true }, { where: "sentitems" }, { where: "recoverableitemsdeletions" }],
	others: ["junkemail", "archive"],
	whom: "Microsoft Graph",
	refusal: (code, message) => ({ error: { code, message } }),
	list: /mailFolders.*messages/,
	move: /\/move/,
	delete: /permanentDelete/,
	back: /\/move/, // out of what was purged
	scope: () => `${GRAPH_BOX.server.url}/.default`,
	forget: () => GRAPH_BOX.server.expireDeltas(),
};
const GMAIL_BOX = {
	name: "gmail",
	async start() {
		this.server = await Gmail.start({ people });
		const key = path.join(folder, "key.pem");
		writeFileSync(key, this.server.key);
		this.options = { provider: "gmail", server: this.server.url, "token-url": this.server.tokenUrl, user: GMAIL.robot, "secret-file": key, admin: GMAIL.admin };
	},
	deliver: (who, m, { at = START, where = ["INBOX"], marks = [] } = {}) => GMAIL_BOX.server.deliver(who, m.raw, { labels: [...where, ...marks], received: at }),
	marked: { marks: ["STARRED", "Label_7", "CATEGORY_PROMOTIONS"] },
	flags: "STARRED Label_7 CATEGORY_PROMOTIONS",
	where: (who, id) => GMAIL_BOX.server.messages(who).filter((m) => m.raw.includes(id)).map((m) => m.labels.find((l) => ["INBOX", "SPAM", "TRASH", "Label_12"].includes(l)) ?? "ALL"),
	kept: (who, id) => GMAIL_BOX.server.messages(who).filter((m) => m.raw.includes(id)).map(({ labels, received }) => ({ labels: labels.filter((l) => ["STARRED", "Label_7", "CATEGORY_PROMOTIONS"].includes(l)), received })),
	byOwner: (who, m, where) => GMAIL_BOX.server.relabel(who, m, [where]),
	places: { Inbox: "INBOX", JunkEmail: "SPAM", DeletedItems: "TRASH", RecoverableItemsDeletions: "Label_12" },
	mine: [{ where: ["DRAFT"] }, { where: ["SENT"] }, { where: ["INBOX", "CHAT"] }],
	others: [["SPAM"], []],
	whom: "Gmail",
	refusal: (reason, message) => ({ error: { code: 0, message, errors: [{ reason, message }] } }),
	list: /messages\?|history/,
	move: /\/modify/,
	delete: /^DELETE/,
	back: /uploadType/,
	scope: () => GMAIL.mail,
	forget: (who) => GMAIL_BOX.server.forgetHistory(who),
};
const boxes = [GRAPH_BOX, GMAIL_BOX];

before(async () => {
	if (skip) return;
	folder = mkdtempSync(path.join(tmpdir(), "cloud-"));
	for (const b of boxes) await b.start();
});
after(() => {
	for (const b of boxes) b.server?.stop();
	if (folder) rmSync(folder, { recursive: true });
});

const file = () => path.join(folder, `${++number}.eml`);

function mail({ id = `<${++number}.o'b+x@elsewhere.test>`, date = START } = {}) {
	return { id, raw: Buffer.from(`From: a@elsewhere.test\r\nDate: ${new Date(date).toUTCString()}\r\nMessage-ID: ${id}\r\nSubject: number ${number}\r\n\r\nHello \xff.\r\n.\r\nlast`, "latin1") };
}

async function withBox(b, address, work, more) {
	const box = await Mailbox.open({ ...b.options, address, ...more });
	try {
		return await work(box);
	} finally {
		assert.equal(await box.close(), 0);
	}
}

// A fault of opening.
const refused = (b, address, more) => Mailbox.open({ ...b.options, address, ...more }).then(() => assert.fail("let in"), (e) => {
	if (!(e instanceof Fault)) throw e;
	return e;
});

// All that is new behind a cursor.
async function all(box, scan, cursor, since, most = 3) {
	const items = [];
	for (let more = true; more;) {
		const c = await box.changes(scan, cursor, since, most);
		assert.ok(c.items.length <= most, `${c.items.length} items`);
		assert.deepEqual(c.items.map((i) => i.received_us), c.items.map((i) => i.received_us).sort((a, b) => a - b));
		items.push(...c.items.map((i) => i.message_id));
		({ cursor, more } = c);
	}
	return { ids: items.sort(), cursor };
}

for (const b of boxes) {
	test(`${b.name}: a mail is found wherever it lies and read as it is, unread`, { skip }, async () => {
		const m = mail(), other = mail();
		b.deliver(people[0], other);
		b.deliver(people[0], m, { where: b.others[0] });
		b.deliver(people[0], m, b.marked);
		b.deliver(people[0], m, b.mine[0]);
		await withBox(b, people[0], async (box) => {
			const { items } = await box.find(m.id);
			assert.equal(items.length, 2);
			assert.equal(items[0].flags, b.flags);
			assert.deepEqual(items.map((i) => [i.message_id, i.received_us]), Array(2).fill([m.id, US(START)]));
			const to = file();
			const marks = await box.fetch(items[0], to);
			assert.deepEqual(readFileSync(to), m.raw);
			assert.deepEqual([marks.flags, marks.received_us], [b.flags, US(START)]);
			assert.deepEqual((await box.find("<nobody@elsewhere.test>")).items, []);
			const gone = await box.fault("fetch", { ...items[0], id: "18c0dead" }, to);
			assert.deepEqual([gone.error, gone.trouble], ["absent", "message not found"]);
		});
	});

	test(`${b.name}: all that have the Message-ID are found`, { skip }, async () => {
		const id = `<alike@${b.name}.test>`;
		for (let n = 0; n < 30; n++) b.deliver(people[16], mail({ id }));
		await withBox(b, people[16], async (box) => assert.equal((await box.find(id)).items.length, 30));
	});

	test(`${b.name}: all that is new is told, page by page, over connections`, { skip }, async () => {
		const who = people[1], since = US(START), old = mail(), first = Array.from({ length: 8 }, () => mail());
		b.deliver(who, old, { at: START - HOUR });
		for (const [i, m] of first.entries()) b.deliver(who, m, { at: START + i * 1000 });
		let cursor;
		await withBox(b, who, async (box) => {
			const found = await all(box, "Inbox", "", since);
			assert.deepEqual([...new Set(found.ids)], first.map((m) => m.id).sort());
			cursor = found.cursor;
		});
		await withBox(b, who, async (box) => {
			({ cursor } = await all(box, "Inbox", cursor, 0)); // what may be told twice
			const later = [mail(), mail(), mail(), mail()];
			for (const m of later) b.deliver(who, m, { at: Date.now() });
			const found = await all(box, "Inbox", cursor, 0);
			assert.deepEqual(found.ids, later.map((m) => m.id).sort());
			assert.deepEqual((await all(box, "Inbox", found.cursor, 0)).ids, []);
		});
	});

	test(`${b.name}: all items are those of all folders, but for what people write and what is hidden`, { skip }, async () => {
		const who = people[2], wanted = [mail(), mail(), mail()], hidden = mail();
		b.deliver(who, wanted[0]);
		for (const [i, where] of b.others.entries()) b.deliver(who, wanted[i + 1], { where });
		for (const more of b.mine) b.deliver(who, mail(), more);
		b.deliver(who, hidden);
		await withBox(b, who, async (box) => {
			const { items } = await box.find(hidden.id);
			await box.move(items[0], "RecoverableItemsDeletions");
			const found = await all(box, "AllItems", "", US(START - HOUR));
			assert.deepEqual(found.ids, wanted.map((m) => m.id).sort());
			const later = mail();
			b.deliver(who, later, { where: b.others[0], at: Date.now() });
			for (const more of b.mine) b.deliver(who, mail(), { ...more, at: Date.now() });
			assert.ok((await all(box, "AllItems", found.cursor, 0)).ids.includes(later.id));
		});
	});

	test(`${b.name}: from now on is from now on`, { skip }, async () => {
		const who = people[3];
		b.deliver(who, mail(), { at: Date.now() - 5 * HOUR });
		await withBox(b, who, async (box) => {
			const now = await box.changes("AllItems", "", "now");
			assert.deepEqual([now.items, now.more], [[], false]);
			const m = mail();
			b.deliver(who, m, { at: Date.now() });
			assert.deepEqual((await all(box, "AllItems", now.cursor, 0)).ids, [m.id]);
		});
	});

	test(`${b.name}: a cursor that means nothing any more`, { skip }, async () => {
		const who = people[4];
		await withBox(b, who, async (box) => {
			let { cursor } = await all(box, "Inbox", "", US(START));
			({ cursor } = await all(box, "Inbox", cursor, 0));
			b.forget(who);
			for (const old of [cursor, "rubbish", "list x", "1 2 3\nx"]) {
				const fault = await box.fault("changes", "Inbox", old, 0);
				assert.deepEqual([fault.error, fault.trouble], ["absent", "mailbox was renumbered"], old);
			}
		});
	});

	test(`${b.name}: moved everywhere and back, with marks and dates`, { skip }, async () => {
		const who = people[5], m = mail();
		b.deliver(who, m, b.marked);
		const was = b.kept(who, m.id);
		await withBox(b, who, async (box) => {
			const [origin] = (await box.find(m.id)).items;
			let at = origin;
			for (const [destination, name] of Object.entries(b.places).reverse()) {
				const to = await box.move(at, destination);
				assert.deepEqual([to.folder, b.where(who, m.id), b.kept(who, m.id)], [name, [name], was], destination);
				if (to.folder !== at.folder) {
					const again = await box.fault("move", at, destination);
					assert.deepEqual([again.error, again.trouble], ["absent", "message not found"]);
				}
				at = to;
				assert.equal((await box.find(m.id)).items.length, 1, destination);
			}
			at = await box.move(at, "JunkEmail");
			at = await box.moveBack(at, origin.folder);
			assert.deepEqual([at.folder, b.where(who, m.id), b.kept(who, m.id)], [origin.folder, [b.places.Inbox], was]);
		});
	});

	test(`${b.name}: a mail that its owner moved meanwhile`, { skip }, async () => {
		const who = people[6], m = mail(), there = b.deliver(who, m);
		await withBox(b, who, async (box) => {
			const [at] = (await box.find(m.id)).items;
			b.byOwner(who, there, b.places.DeletedItems);
			for (const [verb, ...words] of [["move", at, "JunkEmail"], ["delete", at], ["fetch", at, file()]]) {
				const fault = await box.fault(verb, ...words);
				assert.deepEqual([fault.error, fault.trouble], ["absent", "message not found"], verb);
				assert.match(fault.text, /moved it/);
			}
			assert.deepEqual(b.where(who, m.id), [b.places.DeletedItems]);
			await box.move((await box.find(m.id)).items[0], "JunkEmail");
		});
	});

	test(`${b.name}: taken out and put back, once, whatever breaks`, { skip }, async () => {
		const who = people[7], m = mail(), to = file();
		b.deliver(who, m, b.marked);
		const was = b.kept(who, m.id);
		await withBox(b, who, async (box) => {
			const [at] = (await box.find(m.id)).items;
			const marks = await box.fetch(at, to);
			b.server.fault({ path: b.delete, cut: "before" });
			assert.deepEqual([(await box.fault("delete", at)).trouble, b.where(who, m.id)], ["connection lost", [b.places.Inbox]]);
			await box.delete(at);
			assert.deepEqual((await box.find(m.id)).items, []);
			for (const cut of ["before", "after", undefined, undefined]) {
				if (cut) {
					b.server.fault({ path: b.back, cut, times: cut === "before" ? TIMES : 1 });
					assert.deepEqual([(await box.fault("restore", to, marks, at.folder)).error], ["later"]);
					b.server.faults = [];
				} else {
					await box.restore(to, marks, at.folder);
				}
			}
			assert.deepEqual([b.where(who, m.id), b.kept(who, m.id)], [[b.places.Inbox], was]);
		});
	});

	test(`${b.name}: another mail of its Message-ID and time is not what was put back`, { skip }, async () => {
		const who = people[7], m = mail(), to = file();
		const twin = { ...m, raw: Buffer.from(m.raw.toString("latin1").replace(/^Subject: .*$/m, "Subject: Something else"), "latin1") };
		const there = (one) => b.server.messages(who).filter(({ raw }) => raw.includes(one.raw)).length; // Gmail puts a line before it
		assert.notDeepEqual(twin.raw, m.raw);
		b.deliver(who, m);
		await withBox(b, who, async (box) => {
			const [at] = (await box.find(m.id)).items, marks = await box.fetch(at, to);
			await box.delete(at);
			b.deliver(who, twin);
			for (let i = 0; i < 2; i++) await box.restore(to, marks, at.folder);
			assert.deepEqual([there(m), there(twin), b.where(who, m.id)], [1, 1, [b.places.Inbox, b.places.Inbox]]);
		});
	});

	test(`${b.name}: a token that is over is renewed once`, { skip }, async () => {
		await withBox(b, people[8], async (box) => {
			const before = b.server.issued;
			await box.find("<x@y>");
			await box.find("<x@y>");
			assert.equal(b.server.issued, before);
			b.server.expireTokens();
			await box.find("<x@y>");
			assert.equal(b.server.issued, before + 1);
			b.server.fault({ path: b.list, status: 401, error: b.refusal("InvalidAuthenticationToken", "It is over."), times: 2 });
			const fault = await box.fault("find", "<x@y>");
			assert.deepEqual([fault.error, fault.trouble, fault.text], ["denied", "token expired", `${b.whom} answered 401 InvalidAuthenticationToken: It is over.`]);
			assert.equal(b.server.issued, before + 2);
		});
	});

	test(`${b.name}: troubles have their words and say when to come again`, { skip }, async () => {
		const who = people[9], m = mail();
		b.deliver(who, m);
		await withBox(b, who, async (box) => {
			const [at] = (await box.find(m.id)).items;
			for (const [fault, error, trouble, retry, text] of [
				[{ status: 429, headers: { "retry-after": "17" }, error: b.refusal("TooManyRequests", "Too many.") }, "later", "asked to wait", 17000, /429 TooManyRequests: Too many\./],
				[{ status: 503, headers: { "retry-after": new Date(Date.now() + 100e3).toUTCString() } }, "later", "asked to wait", 0, /answered 503/],
				[{ status: 504 }, "later", "asked to wait", 0, /answered 504/],
				[{ status: 500, error: b.refusal("UnknownError", "") }, "later", "refused", 0, /answered 500 UnknownError/],
				[{ status: 403, error: b.refusal("ErrorAccessDenied", "Access is denied.") }, "denied", "not permitted", 0, /403 ErrorAccessDenied: Access is denied\./],
				[{ status: 302, headers: { location: "http://127.0.0.1:1/" } }, "denied", "refused", 0, /answered 302/],
				[{ cut: "before", times: TIMES }, "later", "connection lost", 0, /^\w/],
			]) {
				b.server.fault({ path: b.move, ...fault });
				const got = await box.fault("move", at, "JunkEmail");
				b.server.faults = [];
				assert.deepEqual([got.error, got.trouble], [error, trouble], got.text);
				assert.match(got.text, text);
				assert.ok(!/token-\d|secret|PRIVATE/.test(got.text), got.text);
				if (retry) assert.equal(got.retryAfterMs, retry);
				if (/[a-z]/.test(fault.headers?.["retry-after"] ?? "")) assert.ok(got.retryAfterMs > 50e3 && got.retryAfterMs <= 100e3, `${got.retryAfterMs}`);
				assert.deepEqual(b.where(who, m.id), [b.places.Inbox]);
			}
			// Done, but the answer was cut: asked again, it is elsewhere already.
			b.server.fault({ path: b.move, cut: "after" });
			assert.ok(["later", "ok"].includes(await box.move(at, "JunkEmail").then(() => "ok", (e) => e.error)));
			assert.equal((await box.fault("move", at, "JunkEmail")).error, "absent");
			assert.equal((await box.find(m.id)).items.length, 1);
			assert.deepEqual(b.where(who, m.id), [b.places.JunkEmail]);
		});
	});

	test(`${b.name}: mailboxes that are not there, and people`, { skip }, async () => {
		const fault = await refused(b, "nobody@cloud.test");
		assert.deepEqual([fault.error, fault.trouble], ["denied", "no such mailbox"], fault.text);
		const far = await refused(b, people[10], { server: "http://127.0.0.1:1", scope: b.scope() });
		assert.deepEqual([far.error, far.trouble], ["later", "unreachable"], far.text);
		await withBox(b, people[10], async (box) => {
			b.server.peoplePage = 5;
			assert.deepEqual((await box.run("people")).people, people);
		});
	});
}

test("graph: refused logins", { skip }, async () => {
	for (const [more, error, trouble, text] of [
		[{ secret: "wrong" }, "denied", "login refused", /^The token service answered 401 invalid_client: AADSTS7000215: Invalid client secret provided\.$/],
		[{ scope: "other" }, "denied", "not permitted", /400 invalid_scope: AADSTS70011/],
		[{ user: "" }, "denied", "login refused", /user is not set/],
		[{ "token-url": "http://127.0.0.1:1/t" }, "later", "unreachable", /^The token service: /],
		[{ "token-url": "ftp://127.0.0.1/t" }, "denied", "unreachable", /does not begin with https:/],
	]) {
		const fault = await refused(GRAPH_BOX, people[11], more);
		assert.deepEqual([fault.error, fault.trouble], [error, trouble], fault.text);
		assert.match(fault.text, text);
	}
});

test("gmail: refused logins, and what Google calls forbidden but is not", { skip }, async () => {
	const { server } = GMAIL_BOX, m = mail(), other = await Gmail.start();
	other.stop();
	for (const [more, trouble, text] of [
		[{ "secret-file": "/dev/null" }, "login refused", /secret is not set/],
		[{ "secret-file": writeKey("no key") }, "login refused", /no RSA private key/],
		[{ "secret-file": writeKey(other.key) }, "login refused", /invalid_grant: Invalid JWT Signature/],
		[{ scope: "https://www.googleapis.com/auth/gmail.readonly" }, "not permitted", /insufficientPermissions/],
	]) {
		const fault = await refused(GMAIL_BOX, people[11], more);
		assert.deepEqual([fault.error, fault.trouble], ["denied", trouble], fault.text);
		assert.match(fault.text, text);
	}
	server.unauthorized = true;
	const fault = await refused(GMAIL_BOX, people[12]);
	server.unauthorized = false;
	assert.deepEqual([fault.error, fault.trouble], ["denied", "not permitted"]);
	assert.match(fault.text, /401 unauthorized_client: Client is unauthorized/);
	server.deliver(people[11], m.raw);
	await withBox(GMAIL_BOX, people[11], async (box) => {
		server.fault({ path: /messages/, status: 403, error: GMAIL_BOX.refusal("userRateLimitExceeded", "Slower.") });
		const busy = await box.fault("find", m.id);
		assert.deepEqual([busy.error, busy.trouble], ["later", "asked to wait"]);
	});
});

test("gmail: a date that the mail itself tells wrongly, and a label that went", { skip }, async () => {
	const who = people[13], m = mail({ date: START - 1000 * HOUR }), to = file();
	writeFileSync(to, m.raw);
	await withBox(GMAIL_BOX, who, async (box) => {
		const at = await box.restore(to, { flags: "UNREAD Label_99 STARRED", received_us: US(START) }, "ALL");
		const [there] = GMAIL_BOX.server.messages(who);
		assert.deepEqual([at.folder, at.id, there.labels], ["ALL", there.id, ["UNREAD", "STARRED"]]);
		assert.ok(Date.now() - there.received < HOUR);
	});
});

test("graph: what Exchange does not keep is made anew of its bytes, once", { skip }, async () => {
	const who = people[13], m = mail(), to = file(), b = GRAPH_BOX, there = b.deliver(who, m, b.marked);
	const was = b.kept(who, m.id);
	await withBox(b, who, async (box) => {
		const [at] = (await box.find(m.id)).items;
		const marks = await box.fetch(at, to), mailbox = b.server.people.get(who);
		const purged = await box.delete(at);
		assert.equal(purged.id, there.id);
		assert.deepEqual(b.where(who, m.id), ["recoverableitemspurges"]);
		mailbox.messages = mailbox.messages.filter((x) => x.id !== there.id);
		for (const fault of [{ path: /POST.*\/messages$/, cut: "before" }, { path: /POST.*\/messages$/, cut: "after" }, { path: /PATCH/, cut: "before", times: TIMES }, { path: /PATCH/, cut: "after" }, { path: /\/move/, cut: "before", times: TIMES }, { path: /\/move/, cut: "after" }]) {
			b.server.fault(fault);
			assert.equal((await box.fault("restore", to, marks, at.folder)).error, "later");
			b.server.faults = [];
		}
		await box.restore(to, marks, at.folder);
		await box.restore(to, marks, at.folder);
		assert.deepEqual([b.where(who, m.id), b.kept(who, m.id)], [["inbox"], was]);
		assert.deepEqual(mailbox.messages[0].raw, m.raw);
	});
});

test("graph: clouds without permanentDelete, and without folders to recover from", { skip }, async () => {
	const server = await Graph.start({ people: people.slice(0, 1), permanentDelete: false });
	const bare = await Graph.start({ people: people.slice(0, 1), without: ["recoverableitemsdeletions", "recoverableitemspurges", "drafts"] });
	try {
		for (const s of [server, bare]) {
			const m = mail(), b = { options: { ...GRAPH_BOX.options, server: s.url, "token-url": s.tokenUrl } };
			s.deliver(people[0], m.raw);
			await withBox(b, people[0], async (box) => {
				const [at] = (await box.find(m.id)).items;
				if (s === server) {
					const to = await box.delete(at);
					assert.deepEqual([s.messages(people[0])[0].folder, to.id], ["recoverableitemspurges", at.id]);
					await box.moveBack(to, at.folder);
					assert.equal(s.messages(people[0])[0].folder, "inbox");
				} else {
					const fault = await box.fault("move", at, "RecoverableItemsDeletions");
					assert.deepEqual([fault.error, fault.trouble], ["denied", "no such folder"]);
					assert.match(fault.text, /no folder RecoverableItemsDeletions/);
					assert.deepEqual([...new Set((await all(box, "AllItems", "", 0)).ids)], [m.id]);
				}
			});
		}
	} finally {
		server.stop();
		bare.stop();
	}
});

test("graph: folders in folders are followed, new ones too, and gone ones not", { skip }, async () => {
	const who = people[14], b = GRAPH_BOX, mailbox = b.server.people.get(who), ms = [mail(), mail(), mail()];
	for (let i = 0; i < 12; i++) mailbox.addFolder(`top ${i}`, "inbox");
	mailbox.addFolder("deep", "top 11");
	b.deliver(who, ms[0], { where: "deep" });
	await withBox(b, who, async (box) => {
		let { ids, cursor } = await all(box, "AllItems", "", US(START));
		assert.deepEqual(ids, [ms[0].id]);
		({ cursor } = await all(box, "AllItems", cursor, 0));
		mailbox.addFolder("new", "deep");
		b.deliver(who, ms[1], { where: "new", at: Date.now() });
		({ ids, cursor } = await all(box, "AllItems", cursor, 0));
		assert.deepEqual(ids, [ms[1].id]);
		mailbox.folders = mailbox.folders.filter((f) => f.name !== "top 3");
		b.deliver(who, ms[2], { where: "deep", at: Date.now() });
		({ ids, cursor } = await all(box, "AllItems", cursor, 0));
		assert.deepEqual(ids, [ms[2].id]);
	});
});

test("graph: pages that are empty and lead to others, and messages with more than anybody has", { skip }, async () => {
	const who = people[12], b = GRAPH_BOX, ms = [mail({ id: "<odd id 'o>" }), mail()];
	b.deliver(who, ms[0], { categories: Array.from({ length: 2000 }, (_, i) => `number ${i}`) });
	b.deliver(who, ms[1], { at: START + 1000 });
	b.server.emptyFirst = true;
	try {
		await withBox(b, who, async (box) => {
			const [at, ...more] = (await box.find(ms[0].id)).items;
			assert.equal(more.length, 0);
			assert.ok(at.flags.startsWith("category=number%200 category=number%201 ") && at.flags.length <= 1024);
			assert.deepEqual((await all(box, "AllItems", "", US(START))).ids, ms.map((m) => m.id).sort());
			await box.move(at, "JunkEmail");
		});
	} finally {
		b.server.emptyFirst = false;
	}
});

test("graph: a list that goes on at another server is not followed", { skip }, async () => {
	const who = people[15], b = GRAPH_BOX;
	for (let i = 0; i < 5; i++) b.deliver(who, mail());
	await withBox(b, who, async (box) => {
		b.server.linkTo = "http://127.0.0.1:1/?";
		const fault = await box.fault("changes", "Inbox", "", 0, 2);
		b.server.linkTo = "";
		assert.deepEqual([fault.error, fault.trouble], ["later", "refused"]);
		assert.match(fault.text, /another place/);
	});
});

test("waiting ends at its deadline", { skip }, async () => {
	for (const b of boxes)
		await withBox(b, people[0], async (box) => {
			const { waited_ms: ms } = await box.wait(300);
			assert.ok(ms >= 300 && ms < 5000, `${ms}`);
		});
});

function writeKey(text) {
	const to = file();
	writeFileSync(to, text);
	return to;
}
