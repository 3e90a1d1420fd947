// The vendor's own clients, with nothing but base URL and token changed: the newest, which knows uuids, and an older one,
// which knows integers. Each calls every method of email security that it has.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test, before, after } from "node:test";
import { COLLECTIONS, integrate, nameIntegration, settled } from "./lib/collections.mjs";
import { lockWrites } from "./lib/database.mjs";
import { Sdk, declarationFiles, load } from "./lib/sdk.mjs";
import { sendMail } from "./lib/smtp.mjs";
import { Postern, until } from "./lib/postern.mjs";
import { plain, lure } from "./lib/mail.mjs";

const CLEAN = 45;
const LURES = 7;
const MANY = 23; // objects of a collection
const PACKAGES = [{ name: "cloudflare", form: "uuid" }, { name: "cloudflare-integer", form: "integer", nulls: true }];

let p;
let key;
const sdks = {};
const packages = {};
const account = () => ({ account_id: p.account });

before(async () => {
	for (const one of PACKAGES) packages[one.name] = await load(one.name, one);
	p = await Postern.start();
	key = p.secret("user", "add", "--account", p.account, "admin@example.test");
	for (const { name, form } of PACKAGES) {
		if (!packages[name]) continue;
		const token = p.secret("token", "add", "--account", p.account, "--scope", "write", "--id-form", form, form);
		sdks[name] = new Sdk(packages[name], { apiToken: token, baseURL: p.base });
	}
	await integrate(p);
	for (let i = 0; i < CLEAN; i++) await sendMail(p.smtpPort, { mail: plain({ subject: `Clean number ${i}` }).raw });
	for (let i = 0; i < LURES; i++) await sendMail(p.smtpPort, { mail: lure().raw });
	await until(async () => (await p.get("investigate", { detections_only: "false", per_page: "1000" })).result.length === CLEAN + LURES, "all mail");
});
after(() => p?.stop());

// The same test with each client.
function each(title, body, packagesOf = PACKAGES) {
	for (const { name, form } of packagesOf)
		test(`${name}: ${title}`, async (t) => (sdks[name] ? body(sdks[name], form, packages[name]) : t.skip(`npm package ${name} is not installed`)));
}

// What was sent is what came, and more.
function contains(got, want, what) {
	for (const [name, value] of Object.entries(want)) assert.deepEqual(got[name], value, `${what}: ${name}`);
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function checkTail(object, form) {
	if (form === "uuid") assert.match(object.id, UUID);
	else assert.ok(Number.isSafeInteger(object.id) && object.id > 0, `${object.id}`);
	assert.match(object.created_at, TIME);
	assert.match(object.modified_at, TIME);
	if ("last_modified" in object) assert.equal(object.last_modified, object.modified_at);
}

each("iterates all messages to the end, each once, the newest first", async (sdk) => {
	for (const per_page of [undefined, 10, 52, 1000]) {
		sdk.requests = 0;
		const seen = await sdk.all("investigate.list", { ...account(), detections_only: false, ...(per_page ? { per_page } : {}) });
		assert.equal(sdk.requests, Math.ceil((CLEAN + LURES) / (per_page ?? 20)) + 1, "pages, and the empty one that ends them");
		assert.equal(seen.length, CLEAN + LURES);
		assert.equal(new Set(seen.map((m) => m.id)).size, seen.length);
		const times = seen.map((m) => Date.parse(m.scanned_at));
		assert.deepEqual(times, [...times].sort((a, b) => b - a));
	}
});

each("filters messages", async (sdk) => {
	const all = (query) => sdk.all("investigate.list", { ...account(), per_page: 20, ...query });
	const detected = await all({});
	assert.equal(detected.length, LURES);
	const one = detected[0];
	const cases = [
		[{ final_disposition: one.final_disposition }, detected.filter((m) => m.final_disposition === one.final_disposition).length],
		[{ detections_only: false, final_disposition: "NONE" }, CLEAN],
		[{ detections_only: false, subject: "number 17 clean" }, 1],
		[{ detections_only: false, sender: "sender@example.net" }, CLEAN + LURES],
		[{ detections_only: false, sender: "nobody@example.net" }, 0],
		[{ detections_only: false, recipient: "user@example.test" }, CLEAN + LURES],
		[{ detections_only: false, domain: "example.test" }, CLEAN + LURES],
		[{ detections_only: false, query: "CLEAN minutes" }, 0],
		[{ detections_only: false, query: "clean 44" }, 1],
		[{ message_id: one.message_id }, 1],
		[{ alert_id: one.alert_id }, 1],
		[{ delivery_status: "bounced" }, 0],
		[{ message_action: "MOVED" }, 0],
		[{ metric: "metric" }, LURES],
		[{ start: new Date(Date.now() - 3_600_000).toISOString(), end: new Date().toISOString() }, LURES],
		[{ start: "2019-12-27T18:11:19.117Z", end: "2019-12-27T18:11:19.117Z" }, 0],
	];
	for (const [query, n] of cases) assert.equal((await all(query)).length, n, JSON.stringify(query));
});

each("follows the cursor beside its own pages", async (sdk) => {
	const first = await sdk.call("investigate.list", { ...account(), detections_only: false, per_page: 10 });
	const rest = await sdk.all("investigate.list", { ...account(), detections_only: false, per_page: 10, cursor: first.result_info.next });
	assert.equal(rest.length, CLEAN + LURES - 10);
	assert.equal(new Set([...first.result, ...rest].map((m) => m.id)).size, CLEAN + LURES);
});

each("reads one message, its detections, raw text and trace", async (sdk, _, { Client }) => {
	const { result: [first] } = await sdk.call("investigate.list", { ...account(), per_page: 1 });
	for (const id of [first.id, first.postfix_id]) {
		const message = await sdk.call("investigate.get", id, account());
		assert.equal(message.id, first.id);
		const detections = await sdk.call("investigate.detections.get", id, account());
		assert.ok(detections.links.length > 0 && detections.attachments.length > 0);
		assert.match((await sdk.call("investigate.raw.get", id, account())).raw, /URGENT: verify/);
		assert.match((await sdk.call("investigate.preview.get", id, account())).screenshot, /^iVBOR/);
		const trace = await sdk.call("investigate.trace.get", id, account());
		assert.ok(trace.inbound.lines.length > 0);
	}
	await assert.rejects(sdk.call("investigate.get", first.id, account(), { query: { submission: true } }), Client.NotFoundError);
	await assert.rejects(sdk.call("investigate.get", "4NjAAAAAAAAAAAA-2026-11-20T10:00:00", account()), Client.NotFoundError);
});

each("draws a message without a detection, in the form of its time", async (sdk, form, { Client }) => {
	const { result: [clean] } = await sdk.call("investigate.list", { ...account(), detections_only: false, final_disposition: "NONE", per_page: 1 });
	const name = form === "uuid" ? "id" : "postfix_id";
	assert.match((await sdk.call("investigate.preview.create", { ...account(), [name]: clean[name] })).screenshot, /^iVBOR/);
	await assert.rejects(sdk.call("investigate.preview.get", clean.id, account()), Client.NotFoundError);
	await assert.rejects(sdk.call("investigate.preview.create", { ...account(), [name]: "4NjAAAAAAAAAAAA" }), Client.NotFoundError);
});

each("lists the report of the lures", async (sdk) => {
	await until(async () => (await p.get("phishguard/reports")).result.length === 1, "the report", 40);
	const [report] = await sdk.all("phishguard.reports.list", account());
	assert.ok(Number.isSafeInteger(report.id));
	assert.match(report.title, /^Campaign of malicious mail from login\[dot\]example\[dot\]org: \d+ mails/);
}, PACKAGES.slice(0, 1));

each("moves what lies in mailboxes alone, and tells of the rest", async (sdk, form) => {
	const { result: [first] } = await sdk.call("investigate.list", { ...account(), per_page: 1 });
	const id = form === "uuid" ? first.id : first.postfix_id;
	const one = await sdk.call("investigate.move.create", id, { ...account(), destination: "JunkEmail" });
	const many = await sdk.call("investigate.move.bulk", { ...account(), destination: "JunkEmail", ...(form === "uuid" ? { ids: [id] } : { postfix_ids: [id] }) });
	for (const { result: [item] } of [one, many])
		assert.deepEqual([item.success, item.recipient, item.message_id], [false, first.client_recipients[0], first.message_id]);
});

each("releases, in the form of its time, what is not held: that is no fault", async (sdk, form) => {
	const { result: [first] } = await sdk.call("investigate.list", { ...account(), per_page: 1 });
	const { result: [item] } = await sdk.call("investigate.release.bulk", { ...account(), ...(form === "uuid" ? { ids: [first.id] } : { body: [first.postfix_id] }) });
	assert.deepEqual(item, { id: first.id, postfix_id: first.postfix_id, delivered: [], failed: [], undelivered: [] });
});

// One that is over, of messages that nobody sent.
async function bulkJob(sdk) {
	const job = await sdk.call("investigate.bulk.create", { ...account(), action: "RELEASE", search_params: { sender: "nobody@example.net" } });
	const now = await until(async () => {
		const one = await sdk.call("investigate.bulk.get", job.job_id, account());
		return one.completed_at && one;
	}, "its end");
	assert.deepEqual([now.status, now.total_messages_discovered, now.search_params], ["COMPLETED", 0, job.search_params]);
	return now;
}

each("makes, lists and deletes bulk jobs; bulk.test.mjs has more of them", async (sdk, _, { Client }) => {
	const jobs = [];
	for (let i = 0; i < 3; i++) jobs.unshift(await bulkJob(sdk));
	const ids = jobs.map((job) => job.job_id);
	for (const per_page of [undefined, 1, 3, 1000])
		assert.deepEqual((await sdk.all("investigate.bulk.list", { ...account(), ...(per_page ? { per_page } : {}) })).map((job) => job.job_id), ids);
	assert.deepEqual(await sdk.all("investigate.bulk.list", { ...account(), status: "FAILED", action_type: "RELEASE" }), []);
	for (const id of ids) {
		assert.deepEqual(await sdk.all("investigate.bulk.messages.list", id, account()), []);
		await assert.rejects(sdk.call("investigate.bulk.cancel.create", id, account()), Client.ConflictError);
		assert.equal((await sdk.call("investigate.bulk.delete", id, account())).id, id);
	}
	let cancelled; // one that courier has not ended before
	await until(async () => {
		const { job_id } = await sdk.call("investigate.bulk.create", { ...account(), action: "RELEASE", search_params: { sender: "nobody@example.net" } });
		cancelled = await sdk.call("investigate.bulk.cancel.create", job_id, account()).catch(() => null);
		await until(() => sdk.call("investigate.bulk.delete", job_id, account()).catch(() => null), "it is deleted");
		return cancelled;
	}, "a cancelled job");
	assert.equal(cancelled.status, "CANCELLED");
}, PACKAGES.slice(0, 1));

each("says that a message should be judged otherwise, and lists what was said", async (sdk) => {
	const { result: [first] } = await sdk.call("investigate.list", { ...account(), per_page: 1 });
	assert.deepEqual(await sdk.call("investigate.reclassify.create", first.id, { ...account(), expected_disposition: "MALICIOUS" }), {});
	const [said] = await sdk.all("submissions.list", { ...account(), query: first.postfix_id, requested_disposition: "MALICIOUS" });
	assert.equal(said.original_postfix_id, first.postfix_id);
	assert.equal(said.type, "Team");
});

// Without a create method the rows come by other means, as an operator would make them.
async function fill(sdk, form, c) {
	const where = `settings.${c.name}.create`;
	const made = [];
	for (let i = 0; i < MANY; i++) {
		const sent = c.make(i);
		const object = sdk.has(where) ? await sdk.call(where, { ...account(), ...sent })
			: (await p.request("POST", `settings/${c.path}`, { body: sent, token: sdk.client.apiToken })).body.result;
		contains(object, sent, `${c.name} ${i}`);
		checkTail(object, form);
		made.push(object);
	}
	return made;
}

async function listAll(sdk, c, made) {
	const newest = made.map((o) => o.id).reverse();
	const list = (query) => sdk.all(`settings.${c.name}.list`, { ...account(), ...query });
	for (const per_page of [undefined, 7, MANY, 1000]) {
		sdk.requests = 0;
		const seen = await list(per_page ? { per_page } : {});
		assert.deepEqual(seen.map((o) => o.id), newest, `${c.name} by ${per_page}`);
		assert.equal(sdk.requests, Math.ceil(MANY / (per_page ?? 20)) + 1);
	}
	assert.deepEqual((await list({ page: 3, per_page: 5 })).map((o) => o.id), newest.slice(10), "from the third page on");
	if (!c.order) return;
	const ids = async (query) => (await list({ per_page: 9, ...query })).map((o) => o.id);
	assert.deepEqual(await ids({ order: c.order }), [...newest].reverse());
	assert.deepEqual(await ids({ order: c.order, direction: "desc" }), newest);
	assert.deepEqual(await ids({ order: "created_at", direction: "asc" }), [...newest].reverse());
	for (const [query, finds] of c.filters) {
		const found = (await list({ per_page: 4, ...query })).map((o) => o.id);
		assert.deepEqual(found, newest.filter((_, k) => finds(MANY - 1 - k)), `${c.name} ${JSON.stringify(query)}`);
	}
}

// The same object under its other id, and in the other form of answer.
async function bothForms(c, object, form) {
	const other = form === "uuid" ? "integer" : "uuid";
	const token = p.secret("token", "add", "--account", p.account, "--scope", "read", "--id-form", other, `other-${c.name}-${form}`);
	const seen = (await p.request("GET", `settings/${c.path}/${object.id}`, { token })).body.result;
	assert.notEqual(typeof seen.id, typeof object.id);
	const back = (await p.request("GET", `settings/${c.path}/${String(seen.id).toUpperCase()}`, { token })).body.result;
	assert.deepEqual(settled(back), settled(seen));
}

async function change(sdk, c, made, call) {
	const [first] = made;
	assert.deepEqual(settled(await call("get", first.id, account())), settled(first));
	const { ip_restrictions } = first; // that the older client must send
	const same = await call("edit", first.id, { ...account(), ...(ip_restrictions ? { ip_restrictions } : {}) });
	assert.deepEqual(settled(same), settled(first), "a change of nothing");
	const edited = await call("edit", first.id, { ...account(), ...c.change });
	contains(edited, { ...c.make(0), ...c.change, id: first.id, created_at: first.created_at }, c.name);
	assert.ok(edited.modified_at > first.modified_at);
	assert.deepEqual(settled(await call("get", first.id, account())), settled(edited));
	if (!sdk.has(`settings.${c.name}.update`)) return;
	const replaced = await call("update", first.id, { ...account(), ...c.replacement });
	contains(replaced, { ...c.replacement, domain: first.domain, lookback_hops: 1, transport: "", folder: null, integration_id: null, require_tls_inbound: null }, c.name);
}

async function batch(sdk, c, made, call) {
	if (!sdk.has(`settings.${c.name}.batch`)) return;
	const [changed, one, two, three] = made;
	const free = (sent) => Object.fromEntries(Object.entries(sent).filter(([name]) => !c.fixed?.includes(name)));
	const done = await call("batch", { ...account(), deletes: [{ id: one.id }, { id: changed.id }], patches: [{ id: two.id, ...c.change }],
		puts: [{ id: three.id, ...free(c.make(3)) }], posts: [c.make(MANY), c.make(1)] });
	assert.deepEqual(done.deletes, [{ id: one.id }, { id: changed.id }]);
	contains(done.patches[0], { id: two.id, ...c.change }, "patched");
	contains(done.puts[0], { id: three.id, ...c.make(3) }, "replaced");
	assert.equal(done.posts.length, 2);
	contains(done.posts[0], c.make(MANY), "created");
	made.splice(0, 2);
	made.push(...done.posts);
}

async function removeAll(sdk, c, made, call, Client) {
	if (sdk.has(`settings.${c.name}.bulkDelete`)) {
		assert.deepEqual((await call("bulkDelete", account())).getPaginatedItems(), [], "nothing was selected");
		const { id } = made.pop();
		const gone = (await sdk.start(`settings.${c.name}.bulkDelete`, [account(), { query: { id } }])).getPaginatedItems();
		assert.deepEqual(gone, [sdk.check(`settings.${c.name}.bulkDelete`, { id })]);
	}
	for (const { id } of made) assert.deepEqual(await call("delete", id, account()), { id });
	for (const method of ["delete", "get"]) await assert.rejects(call(method, made[0].id, account()), Client.NotFoundError);
	await assert.rejects(call("edit", made[0].id, { ...account(), ...c.change }), Client.NotFoundError);
}

for (const c of COLLECTIONS)
	each(`settings.${c.name}`, async (sdk, form, { Client }) => {
		const call = (method, ...words) => sdk.call(`settings.${c.name}.${method}`, ...words);
		const others = c.name === "domains" ? await sdk.all("settings.domains.list", account()) : [];
		// The domain that mail comes for would be among the others.
		for (const { domain } of others) p.cli("domain", "delete", "--account", p.account, domain);
		const made = await fill(sdk, form, c);
		await listAll(sdk, c, made);
		await bothForms(c, made[0], form);
		await change(sdk, c, made, call);
		await batch(sdk, c, made, call);
		await removeAll(sdk, c, made, call, Client);
		assert.deepEqual(await sdk.all(`settings.${c.name}.list`, account()), []);
		for (const { domain } of others) p.addDomain({ name: domain });
		if (others.length) await nameIntegration(p);
	}, c.newer ? PACKAGES.slice(0, 1) : PACKAGES);

each("an answer of another type would be noticed", async (sdk) => {
	const where = "settings.blockSenders.create";
	const made = await sdk.call(where, { ...account(), ...COLLECTIONS[1].make(99) });
	await sdk.call("settings.blockSenders.delete", made.id, account());
	const { declared, answer } = sdk.methods.get(where);
	const wrong = [{ ...made, id: [made.id] }, { ...made, pattern: null }, { ...made, is_regex: "false" }, { ...made, pattern_type: "NAME" }];
	for (const value of wrong) assert.equal(declared.faults(answer.type, value).length, 1, JSON.stringify(value));
	for (const name of Object.keys(made)) {
		const { [name]: _, ...less } = made;
		const known = declared.find(answer.type.name, "").type.fields.has(name);
		assert.equal(declared.faults(answer.type, less).length, known ? 1 : 0, name);
	}
});

each("has no method that was forgotten", (sdk) => {
	assert.deepEqual(sdk.forgotten(), []);
});

// ---- failures ----

const flags = { is_regex: false, is_trusted_sender: true, is_acceptable_sender: false, is_exempt_recipient: false, verify_sender: true };
const policy = (pattern) => ({ ...account(), ...flags, pattern, pattern_type: "DOMAIN" });
const create = "settings.allowPolicies.create";

// The error of a call that must fail, and how many requests it took.
async function failure(sdk, ...words) {
	sdk.requests = 0;
	try {
		await sdk.call(...words);
	} catch (error) {
		return { error, requests: sdk.requests };
	}
	return assert.fail("must fail");
}

each("says each failure as the client's own exception, and which is worth another try", async (sdk, form, kind) => {
	const { Client } = kind;
	const as = (options) => new Sdk(kind, { apiToken: sdk.client.apiToken, baseURL: p.base, maxRetries: 2, ...options });
	const mine = as({});
	const reader = as({ apiToken: p.secret("token", "add", "--account", p.account, "--scope", "read", `reader-${form}`) });
	const other = p.cli("account", "add", `Other ${form}`).trim();
	const twice = await mine.call(create, policy("twice.example"));
	const cases = [
		[400, Client.BadRequestError, 14001, mine, create, policy("")],
		[400, Client.BadRequestError, 14001, mine, "investigate.list", { ...account(), cursor: "cursor" }],
		[401, Client.AuthenticationError, 10000, as({ apiToken: "x".repeat(40) }), "investigate.list", account()],
		[403, Client.PermissionDeniedError, 10000, reader, create, policy("reader.example")],
		[403, Client.PermissionDeniedError, 10000, mine, "investigate.list", { account_id: other }],
		[403, Client.PermissionDeniedError, 9103, as({ apiToken: null, apiEmail: "admin@example.test", apiKey: `${key}x` }), "investigate.list", account()],
		[404, Client.NotFoundError, 14004, mine, "settings.allowPolicies.get", form === "uuid" ? "f174e90a-fafe-4643-bbbc-4a0ed4fc8415" : 999999999, account()],
		[404, Client.NotFoundError, 7003, mine, "investigate.list", { account_id: "nobody" }],
		[409, Client.ConflictError, 14009, mine, create, policy("TWICE.example")],
		[413, Client.APIError, 14013, mine, create, { ...policy("large.example"), comments: "a".repeat(2_000_000) }],
	];
	for (const [status, type, code, from, where, ...words] of cases) {
		const { error, requests } = await failure(from, where, ...words);
		assert.ok(error instanceof type, `${status}: ${error}`);
		assert.equal(error.status, status);
		assert.equal(error.errors[0].code, code);
		assert.equal(requests, 1, `${status} is not tried again`);
	}
	const { error } = await failure(mine, create, policy(""));
	assert.deepEqual(error.errors.map((e) => e.source?.pointer), ["/pattern"]);
	await mine.call("settings.allowPolicies.delete", twice.id, account());
	const byKey = as({ apiToken: null, apiEmail: "admin@example.test", apiKey: key });
	assert.equal((await byKey.call("investigate.list", { ...account(), per_page: 1 })).result.length, 1);
	assert.ok(await reader.call("investigate.list", account()));
});

// A write waits some ten seconds for the lock, so not every run waits for a second try.
for (const [one, two] of [PACKAGES, [...PACKAGES].reverse()].slice(0, process.env.FULL ? 2 : 1))
	test(`a locked store: ${one.name} throws, ${two.name} gets through when it is free`, async (t) => {
		if (!packages[one.name] || !packages[two.name]) return t.skip("npm packages are not installed");
		const as = ({ name }, maxRetries) => new Sdk(packages[name], { apiToken: sdks[name].client.apiToken, baseURL: p.base, maxRetries });
		const hasty = as(one, 0);
		const patient = as(two, 20);
		const unlock = await lockWrites(p);
		try {
			const late = process.env.FULL && patient.call(create, policy("locked.example"));
			const { error } = await failure(hasty, create, policy("never.example"));
			assert.ok(error instanceof packages[one.name].Client.InternalServerError, `${error}`);
			assert.equal(error.status, 503);
			assert.equal(error.errors[0].code, 14053);
			if (process.env.FULL) await until(() => patient.requests > 1, "another try", 60);
			await unlock();
			const { id } = await (late || patient.call(create, policy("locked.example")));
			assert.deepEqual([...new Set(patient.statuses)], late ? [503, 201] : [201]);
			await patient.call("settings.allowPolicies.delete", id, account());
		} finally {
			await unlock();
		}
	});

each("gets over the death of the process that answers", async (sdk, form, kind) => {
	const patient = new Sdk(kind, { apiToken: sdk.client.apiToken, baseURL: p.base, maxRetries: 10 });
	const seen = [];
	for await (const message of patient.start("investigate.list", [{ ...account(), detections_only: false, per_page: 10 }])) {
		if (seen.length % 20 === 5) process.kill(p.roles().api[0], "SIGKILL");
		seen.push(message.id);
	}
	assert.equal(new Set(seen).size, CLEAN + LURES);
	assert.equal(seen.length, CLEAN + LURES);
	await until(() => p.isReady(), "ready again");
});

for (const { name } of PACKAGES)
	test(`${name}: waits as long as a rate limit says`, async (t) => {
		if (!packages[name]) return t.skip(`npm package ${name} is not installed`);
		const limited = await Postern.start({ settings: { http: { rate_requests: 3, rate_window_s: 2 } } });
		try {
			const options = { apiToken: limited.token, baseURL: limited.base };
			const sdk = new Sdk(packages[name], { ...options, maxRetries: 2 });
			const where = ["investigate.list", { account_id: limited.account }];
			const hasty = new Sdk(packages[name], options);
			let refused;
			while (!refused) refused = await hasty.call(...where).then(() => null, (e) => e);
			assert.ok(refused instanceof packages[name].Client.RateLimitError, `${refused}`);
			assert.equal(refused.errors[0].code, 14029);
			await sdk.call(...where);
			assert.equal(sdk.requests, 2);
		} finally {
			await limited.stop();
		}
	});

// ---- the examples in the client's own documentation ----

// What stands for ids there, and what they are here.
const THEIR_ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353";
const THEIR_OBJECT = /'f174e90a-fafe-4643-bbbc-4a0ed4fc8415'|\b240[0-3]\b/g;
const THEIR_MESSAGE = /4Njp3P0STMz2c02Q(-2024-01-05T10:00:00-12345678)?/g;
// Their entries of puts name no object, or one that was deleted before.
const REFUSED = {
	"settings.blockSenders.batch": ["/puts/0/id"], "settings.contentPolicies.batch": ["/puts/0/id"],
	"settings.trustedDomains.batch": ["/puts/0/id"], "settings.domains.batch": ["/patches/0", "/puts/0"],
	// It moves, and says not where to; what is over is not cancelled.
	"investigate.bulk.create": ["/destination"], "investigate.bulk.cancel.create": [undefined],
};

function examples(name) {
	return declarationFiles(name).flatMap((file) => [...readFileSync(file, "utf8").matchAll(/```ts\n([\s\S]*?)```/g)].map((found) => {
		const code = found[1].replace(/^\s*\* ?/gm, "");
		return { code, where: /client\s*\.emailSecurity\.([\w.]+)\(/.exec(code)[1] };
	}));
}

each("runs every example of its own documentation", async (sdk, form, { name }) => {
	const message = (await sdk.call("investigate.list", { ...account(), per_page: 1 })).result[0];
	const ours = examples(name);
	assert.ok(ours.length >= 30, `${ours.length} examples`);
	for (const { code, where } of ours) {
		const c = COLLECTIONS.find((one) => where.startsWith(`settings.${one.name}.`));
		// A row for those that name one, and none of what an earlier example made.
		const made = c && await p.request("POST", `settings/${c.path}`, { body: c.make(90), token: sdk.client.apiToken });
		const job = where.startsWith("investigate.bulk.") && await bulkJob(sdk);
		const text = code.replaceAll(THEIR_ACCOUNT, p.account).replaceAll(THEIR_MESSAGE, message.id)
			.replaceAll(THEIR_OBJECT, JSON.stringify(job ? job.job_id : made?.body.result.id));
		const run = new Function("client", `return (async () => { ${text} })();`);
		const pointers = await run(sdk.client).then(() => undefined, (e) => {
			assert.ok(e.errors, `${where}: ${e}`);
			return e.errors.map((one) => one.source?.pointer);
		});
		assert.deepEqual(pointers, REFUSED[where], where);
		for (const { id, domain } of c ? await sdk.all(`settings.${c.name}.list`, account()) : [])
			if (domain !== "example.test" || c.name !== "domains") await sdk.call(`settings.${c.name}.delete`, id, account());
	}
});
