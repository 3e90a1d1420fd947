// Every operation with every failure it can have: a table of operations, a table of ways to be refused, and each with each.
import assert from "node:assert/strict";
import net from "node:net";
import { once } from "node:events";
import { test, before, after } from "node:test";
import { COLLECTIONS, integrate, settled } from "./lib/collections.mjs";
import { lure, plain } from "./lib/mail.mjs";
import { operationsOf } from "./lib/openapi.mjs";
import { Postern, until } from "./lib/postern.mjs";
import { sendMail } from "./lib/smtp.mjs";

const NO_UUID = "00000000-0000-4000-8000-000000000000";
const BATCH = { deletes: [], patches: [], puts: [], posts: [] };
const [MIB, MIB16] = [1 << 20, 16 << 20];

// { method, path, status, body, max, list, base, id }: {id} is one that exists, of a message where `id` does not say another;
// max: the largest body; list: what it gives are pages; base: below which it is, if it is not the vendor's
const OPERATIONS = [
	{ method: "GET", path: "investigate", list: "cursor" },
	...["", "/detections", "/preview", "/raw", "/trace", "/action_log"].map((end) => ({ method: "GET", path: `investigate/{id}${end}` })),
	{ method: "POST", path: "investigate/preview", body: () => ({ id: message.id }), max: MIB },
	{ method: "POST", path: "investigate/{id}/reclassify", status: 202, body: { expected_disposition: "SPAM" }, max: 48 * MIB },
	{ method: "GET", path: "submissions", list: "page" },
	{ method: "GET", path: "phishguard/reports", list: "long" },
	{ method: "POST", path: "investigate/{id}/move", body: { destination: "JunkEmail" }, max: MIB },
	{ method: "POST", path: "investigate/move", body: () => ({ ids: [message.id], destination: "JunkEmail" }), max: MIB },
	{ method: "POST", path: "investigate/release", body: () => ({ ids: [message.id] }), max: MIB },
	{ method: "POST", path: "investigate/bulk", status: 201, body: { action: "RELEASE", search_params: { sender: "nobody@example.net" } }, max: MIB },
	{ method: "GET", path: "investigate/bulk", list: "bulk" },
	{ method: "GET", path: "investigate/bulk/{id}", id: () => job.job_id },
	{ method: "GET", path: "investigate/bulk/{id}/messages", list: "bulk", id: () => job.job_id },
	{ method: "POST", path: "investigate/bulk/{id}/cancel", id: () => job.job_id },
	{ method: "DELETE", path: "investigate/bulk/{id}", id: () => job.job_id },
	...COLLECTIONS.flatMap((c) => {
		const path = `settings/${c.path}`;
		const one = `${path}/{id}`;
		return [
			{ c, method: "GET", path, list: "page" },
			{ c, method: "POST", path, status: 201, body: c.make(50), max: MIB },
			{ c, method: "GET", path: one },
			{ c, method: "PATCH", path: one, body: c.change, max: MIB },
			{ c, method: "DELETE", path: one },
			...(c.batch === false ? [] : [{ c, method: "POST", path: `${path}/batch`, body: c.batch ? { deletes: [] } : BATCH, max: MIB16 }]),
			...(c.replacement ? [{ c, method: "PUT", path: one, body: c.replacement, max: MIB }] : []),
			...(c.replacement ? [{ c, method: "DELETE", path }, { c, method: "GET", path: `${one}/verification` }] : []),
		];
	}),
	...[
		{ method: "GET", path: "corrections", list: "page" },
		{ method: "GET", path: "corrections/{id}" },
		{ method: "GET", path: "corrections/{id}/messages", list: "plain" },
		{ method: "DELETE", path: "corrections/{id}" },
		{ method: "GET", path: "detection_settings" },
		{ method: "PATCH", path: "detection_settings", body: { blank_email: "OFF" }, max: MIB },
		{ method: "PUT", path: "detection_settings", body: {}, max: MIB },
		{ method: "GET", path: "auto_moves" },
		{ method: "PATCH", path: "auto_moves", body: { bulk: "JunkEmail" }, max: MIB },
		{ method: "PUT", path: "auto_moves", body: {}, max: MIB },
	].map((o) => ({ base: "postern", id: () => correction.id, ...o })),
];
const BASE = "email-security";
const name = (o) => `${o.method} ${o.base ?? BASE}/${o.path}`;

let p;
let limited;
let tokens;
let message;
let correction;
let job; // a bulk job that was cancelled

before(async () => {
	p = await Postern.start({ domains: [{ name: "example.test", drop: "MALICIOUS,SUSPICIOUS,SPOOF,SPAM,BULK" }] });
	const token = (word, ...more) => p.secret("token", "add", "--account", p.account, ...more, word);
	const other = p.cli("account", "add", "Other").trim().split("\n").at(-1);
	tokens = { reader: token("reader", "--scope", "read"), integer: token("integer", "--scope", "write", "--id-form", "integer"),
		stranger: p.secret("token", "add", "--account", other, "--scope", "write", "stranger") };
	await integrate(p);
	const mail = lure();
	await sendMail(p.smtpPort, { mail: mail.raw });
	message = await p.found(mail.id);
	const wrong = plain({ body: "Hello,\n\nin the third paragraph of our draft we should say which of the two bridges the committee looked at before the winter.\n" });
	await sendMail(p.smtpPort, { mail: wrong.raw });
	await p.request("POST", `investigate/${(await p.found(wrong.id)).id}/reclassify`, { body: { expected_disposition: "SPAM" } });
	const ours = async (path) => (await p.ask("GET", `/accounts/${p.account}/postern/${path}`)).body.result;
	correction = await until(async () => (await ours("corrections"))[0], "the correction", 30);
	await until(async () => (await ours(`corrections/${correction.id}/messages`))[0], "what it judged", 30);
	// One that courier has not ended before.
	await until(async () => {
		job = (await p.request("POST", "investigate/bulk", { body: { action: "RELEASE", search_params: { sender: "nobody@example.net" } } })).body.result;
		return (await p.request("POST", `investigate/bulk/${job.job_id}/cancel`)).status === 200;
	}, "a cancelled job");
	limited = await Postern.start({ settings: { http: { rate_requests: 1, rate_window_s: 3600 } } });
});
after(async () => {
	await limited?.stop();
	await p?.stop();
});

let serial = 100;

// Calls an operation with something that exists, unless `more` says otherwise; cleans up what it made.
async function call(o, { id, method = o.method, body = o.body, path = o.path, server = p, ...more } = {}) {
	let made;
	if (o.c && o.path.includes("{id}") && id === undefined) {
		made = (await p.request("POST", `settings/${o.c.path}`, { body: o.c.make(serial++) })).body.result;
		id = made.id;
	}
	if (typeof body === "function") body = body();
	id ??= o.id ? o.id() : message.id;
	const answer = await server.ask(method, `/accounts/${server.account}/${o.base ?? BASE}/${path.replace("{id}", id)}`, { body: body === undefined && o.body ? "" : body, ...more });
	if (made) await p.request("DELETE", `settings/${o.c.path}/${made.id}`);
	return answer;
}

// All that a failure must look like.
function refused(answer, status, code) {
	assert.equal(answer.status, status, answer.text);
	assert.match(answer.headers.get("content-type"), /^application\/json/);
	assert.equal(answer.body.success, false);
	assert.equal(answer.body.result, null);
	assert.deepEqual(answer.body.messages, []);
	assert.equal(answer.body.errors[0].code, code, answer.text);
	for (const error of answer.body.errors) assert.ok(typeof error.message === "string" && error.message);
	assert.equal(answer.headers.get("x-should-retry"), status === 409 ? "false" : null);
	assert.ok(answer.headers.get("x-request-id"));
}

test("the table has every operation of the server's own document", async () => {
	const document = await (await fetch(`http://127.0.0.1:${p.httpPort}/openapi.json`)).json();
	const served = [...operationsOf(document)].map(({ method, where }) => `${method.toUpperCase()} ${where.replace(/^.*?(?=(email-security|postern)\/)/, "").replace(/\{\w+\}/g, "{id}")}`)
		.filter((one) => / (email-security|postern\/(corrections|detection_settings|auto_moves))/.test(one));
	assert.deepEqual(OPERATIONS.map(name).sort(), served.sort());
});

test("each operation does what it is for, in one envelope", async () => {
	for (const o of OPERATIONS) {
		const answer = await call(o);
		assert.equal(answer.status, o.status ?? 200, `${name(o)}: ${answer.text}`);
		assert.match(answer.headers.get("content-type"), /^application\/json/);
		assert.match(answer.headers.get("x-request-id"), /./);
		const { success, errors, messages, result, result_info: info } = answer.body;
		assert.deepEqual({ success, errors }, { success: true, errors: [] });
		assert.ok(Array.isArray(messages));
		assert.equal(Array.isArray(result), !!o.list || o.path.endsWith("action_log") || /(release|move)$/.test(o.path) || (o.method === "DELETE" && !o.path.includes("{id}")), name(o));
		const info_of = (per_page) => ({ count: result.length, page: 1, per_page, total_count: result.length });
		// Clients that know no pages of reports would lose those beyond the first.
		const page = { page: info_of(20), bulk: { ...info_of(20), next: null, previous: null }, plain: info_of(20), long: info_of(1000),
			cursor: { count: result.length, page: 0, per_page: 20, total_count: 0, next: null, previous: null } };
		assert.deepEqual(info, page[o.list], name(o));
		if (o.c && o.status === 201) await p.request("DELETE", `settings/${o.c.path}/${result.id}`);
	}
});

// What goes wrong before anybody looks at what was asked: [title, status, code, what is sent instead, of which operations]
const any = () => true;
const has = (word) => (o) => o.path.includes(word);
const FAILURES = [
	["no credentials", 400, 9106, { token: null }, any],
	["not a token", 400, 6003, { token: null, headers: { authorization: "Basic eDp5" } }, any],
	["an unknown token", 401, 10000, { token: "x".repeat(40) }, any],
	["an unknown pair", 403, 9103, { token: null, headers: { "x-auth-email": "user@example.com", "x-auth-key": "144c9defac04969c7bfad8efaa8ea194" } }, any],
	["a token that may only read", 403, 10000, () => ({ token: tokens.reader }), (o) => o.method !== "GET"],
	["a token of another account", 403, 10000, () => ({ token: tokens.stranger }), any],
	["an unknown uuid", 404, 14004, { id: NO_UUID }, has("{id}")],
	["an unknown number", 404, 14004, { id: "999999999" }, has("{id}")],
	["the number beyond all", 404, 14004, { id: "9223372036854775808" }, has("{id}")],
	["no number", 404, 14004, { id: "0" }, has("{id}")],
	["something that is no id", 404, 14004, { id: "x%3Ay" }, has("{id}")],
	["a path below it", 404, 7003, (o) => ({ path: `${o.path}/nothing/more` }), any],
	["a method that is not offered", 405, 14005, { method: "OPTIONS" }, any],
	["a body that is no JSON", 400, 14000, { body: '{"' }, (o) => o.body],
	["an empty body", 400, 14000, { body: "" }, (o) => o.body],
	["a mark before the body", 400, 14000, { body: "\ufeff{}" }, (o) => o.body],
	["two values", 400, 14000, { body: "{}{}" }, (o) => o.body],
	["a key twice", 400, 14000, { body: '{"a":1,"a":1}' }, (o) => o.body],
	["a text instead of an object", 400, 14001, { body: '"text"' }, (o) => o.body],
	["null instead of an object", 400, 14001, { body: "null" }, (o) => o.body],
	["a body of text", 415, 14015, { headers: { "content-type": "text/plain" } }, (o) => o.body],
	["a form", 415, 14015, { headers: { "content-type": "application/x-www-form-urlencoded" } }, (o) => o.body],
	["a page that is none", 400, 14001, { query: { page: "0" } }, (o) => o.list],
	["a page of too many", 400, 14001, { query: { per_page: "1001" } }, (o) => o.list],
	["a page of none", 400, 14001, { query: { per_page: "0" } }, (o) => o.list],
	["a page in words", 400, 14001, { query: { per_page: "ten" } }, (o) => o.list],
	["a direction that is none", 400, 14001, { query: { direction: "up" } }, (o) => o.list === "page"],
	["an order that is none", 400, 14001, { query: { order: "comments" } }, (o) => o.list === "page"],
	["a filter that is none", 400, 14001, { query: { is_trusted_sender: "yes" } }, (o) => o.list && o.path.includes("allow")],
];

for (const [title, status, code, how, whose] of FAILURES)
	test(`${status} ${code}: ${title}`, async (t) => {
		const ours = OPERATIONS.filter(whose);
		for (const o of ours) refused(await call(o, typeof how === "function" ? how(o) : how).catch((e) => assert.fail(`${name(o)}: ${e}`)), status, code);
		t.diagnostic(`${ours.length} operations`);
	});

test("405 names the methods that are offered", async () => {
	const by = {};
	for (const o of OPERATIONS) (by[`${o.base ?? BASE}/${o.path}`] ??= []).push(o);
	for (const [path, ours] of Object.entries(by)) {
		const answer = await call(ours[0], { method: "OPTIONS" });
		assert.deepEqual(answer.headers.get("allow").split(", ").sort(), ours.map((o) => o.method).sort(), path);
	}
});

test("404 for an account that is none, 403 for one of others", async () => {
	for (const o of OPERATIONS)
		for (const [id, status, code] of [["XYZ", 404, 7003], ["0123456789ABCDEF0123456789ABCDEF", 404, 7003], ["f".repeat(32), 403, 10000]]) {
			const url = `${p.base}/accounts/${id}/${o.base ?? BASE}/${o.path.replace("{id}", NO_UUID)}`;
			const answer = await fetch(url, { method: o.method, headers: { authorization: `Bearer ${p.token}` } });
			const text = await answer.text();
			refused({ status: answer.status, headers: answer.headers, body: JSON.parse(text), text }, status, code);
		}
});

test("413 for a body beyond its ceiling, before it is sent", async () => {
	const status = async (o, length) => {
		const socket = net.connect(p.httpPort, "127.0.0.1");
		await once(socket, "connect");
		socket.write(`${o.method} /accounts/${p.account}/${o.base ?? BASE}/${o.path.replace("{id}", NO_UUID)} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${p.token}\r\n` +
			`Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: ${length}\r\n\r\n`);
		const [answer] = await once(socket, "data");
		socket.destroy();
		return Number(answer.toString("latin1", 9, 12));
	};
	for (const o of OPERATIONS.filter((one) => one.max)) {
		assert.equal(await status(o, o.max + 1), 413, name(o));
		assert.equal(await status(o, o.max), 100, name(o));
	}
});

test("429 when a limit is reached, whatever is asked", async () => {
	await limited.request("GET", "investigate");
	for (const o of OPERATIONS) {
		const answer = await call(o, { id: NO_UUID, server: limited });
		refused(answer, 429, 14029);
		assert.match(answer.headers.get("retry-after"), /^[1-9]\d*$/);
		assert.match(answer.headers.get("ratelimit"), /^"default";r=0;t=\d+$/);
	}
});

// ---- what exists already, and what is required ----

for (const c of COLLECTIONS)
	test(`${c.path}: repetitions, what is required, and ids in every form`, async () => {
		const path = `settings/${c.path}`;
		const ask = (method, where, body, token) => p.request(method, where, { body, token });
		const post = async (body) => (await ask("POST", path, body)).body.result;
		const first = await post(c.make(60));
		const second = await post(c.make(61));
		const key = Object.keys(c.make(60)).filter((field) => !["comments", "notes", "transport", "lookback_hops"].includes(field));
		const same = Object.fromEntries(key.map((field) => [field, c.make(60)[field]]));

		refused(await ask("POST", path, c.make(60)), 409, 14009);
		if (!c.fixed) refused(await ask("PATCH", `${path}/${second.id}`, same), 409, 14009);
		assert.deepEqual(settled((await p.get(`${path}/${second.id}`)).result), settled(second));

		// An object that lacks what it must have; all faults at once, each with its place.
		const empty = await ask("POST", path, {});
		refused(empty, 400, 14001);
		const pointers = empty.body.errors.map((e) => e.source.pointer);
		for (const pointer of pointers) {
			const { [pointer.slice(1)]: _, ...less } = c.make(62);
			assert.deepEqual((await ask("POST", path, less)).body.errors.map((e) => e.source.pointer), [pointer]);
			refused(await ask("POST", path, { ...c.make(62), [pointer.slice(1)]: null }), 400, 14001);
			if (!c.fixed?.includes(pointer.slice(1))) refused(await ask("PATCH", `${path}/${first.id}`, { [pointer.slice(1)]: null }), 400, 14001);
		}
		assert.ok(pointers.length > 0);

		// What only the server sets is ignored in requests.
		const readonly = { id: NO_UUID, created_at: "2014-01-01T05:20:00.12345Z", modified_at: null, last_modified: 7 };
		const patched = await ask("PATCH", `${path}/${first.id}`, readonly);
		assert.deepEqual(settled(patched.body.result), settled(first));

		// One object, by all its names.
		const number = (await ask("GET", `${path}/${first.id}`, undefined, tokens.integer)).body.result.id;
		for (const id of [first.id, first.id.toUpperCase(), number, `0${number}`, first.id.replaceAll("-", "%2D")]) {
			assert.deepEqual(settled((await ask("GET", `${path}/${id}`)).body.result), settled(first), `${id}`);
			assert.deepEqual(settled((await ask("PATCH", `${path}/${id}`, {})).body.result), settled(first), `${id}`);
		}
		if (c.batch === undefined) {
			const all = [number, String(number), first.id, first.id.toUpperCase()].map((id) => ({ id, ...readonlyWithout(readonly) }));
			const done = await ask("POST", `${path}/batch`, { ...BATCH, patches: all });
			assert.deepEqual(done.body.result.patches.map(settled), all.map(() => settled(first)), done.text);
			refused(await ask("POST", `${path}/batch`, { ...BATCH, posts: [c.make(63), c.make(60)] }), 409, 14009);
			refused(await ask("POST", `${path}/batch`, { ...BATCH, deletes: [{ id: first.id }, { id: NO_UUID }] }), 404, 14004);
			refused(await ask("POST", `${path}/batch`, { ...BATCH, deletes: Array(1001).fill({ id: first.id }) }), 400, 14001);
			const twice = await ask("POST", `${path}/batch`, { ...BATCH, deletes: [{ id: first.id }, { id: number }] });
			refused(twice, 404, 14004);
			assert.equal(twice.body.errors[0].source.pointer, "/deletes/1");
			assert.deepEqual(settled((await p.get(`${path}/${first.id}`)).result), settled(first), "nothing of these was done");
		}
		if (c.batch !== false) {
			for (const id of [0, -1, 1.5, 1e30, true, "x", "", "1 ", null, [], {}]) {
				const wrong = await ask("POST", `${path}/batch`, { ...(c.batch ? {} : BATCH), deletes: [{ id }] });
				assert.deepEqual(wrong.body.errors.map((e) => [e.code, e.source.pointer]), [[14001, "/deletes/0/id"]], `${id}`);
			}
			for (const array of Object.keys(c.batch ? { deletes: 0 } : BATCH)) {
				const { [array]: _, ...less } = c.batch ? { deletes: [] } : BATCH;
				for (const body of [less, { ...less, [array]: null }, { ...less, [array]: {} }])
					assert.deepEqual((await ask("POST", `${path}/batch`, body)).body.errors.map((e) => e.source.pointer), [`/${array}`]);
			}
		}

		// Deleted by number, answered by uuid; with the body that some clients send. The second time there is nothing.
		const gone = await ask("DELETE", `${path}/${number}`, {});
		assert.deepEqual(gone.body.result, { id: first.id });
		for (const method of ["GET", "PATCH", "DELETE"]) refused(await ask(method, `${path}/${first.id}`, method === "GET" ? undefined : {}), 404, 14004);
		const byNumber = await p.request("DELETE", `${path}/${second.id}`, { token: tokens.integer, headers: { "content-type": "application/json" } });
		assert.equal(typeof byNumber.body.result.id, "number");
	});

// The read-only fields but for the id, which names an entry.
function readonlyWithout({ id, ...rest }) {
	return rest;
}

// ---- lists ----

test("lists: an empty value is none, unknown parameters are ignored, pages end", async () => {
	for (const o of OPERATIONS.filter((one) => one.list === "page" && one.c)) {
		for (let i = 0; i < 3; i++) await p.request("POST", o.path, { body: o.c.make(70 + i) });
		const all = (await p.get(o.path)).result.map(settled);
		const ask = async (query) => {
			const answer = await fetch(`${p.base}/accounts/${p.account}/email-security/${o.path}?${query}`, { headers: { authorization: `Bearer ${p.token}` } });
			return { status: answer.status, ...await answer.json() };
		};
		const found = async (query) => (await ask(query)).result.map(settled);
		const filters = o.c.filters.flatMap(([query]) => Object.keys(query));
		const empty = ["page", "per_page", "order", "direction", "search", ...filters].map((one) => `${one}=`).join("&");
		assert.deepEqual(await found(empty), all, empty);
		assert.deepEqual(await found("nothing=x&status_message=&&=&a"), all);
		assert.deepEqual(await found("page%5B%5D=2&per_page=2"), all.slice(2, 4), "a name in brackets");
		assert.deepEqual(await found("page=2&per%5Fpage=2"), all.slice(2, 4), "a name with escapes");
		const last = await ask("page=1000000000&per_page=1000");
		assert.deepEqual([last.status, last.result, last.result_info.count, last.result_info.total_count], [200, [], 0, all.length]);
		assert.equal((await ask("page=1000000001")).status, 400);
		for (const { id } of all) if (o.c.name !== "domains" || id !== all.at(-1).id) await p.request("DELETE", `${o.path}/${id}`);
	}
});

// ---- requests as clients in other languages send them ----

const stainless = (lang, version) => ({ "x-stainless-lang": lang, "x-stainless-package-version": version, "x-stainless-os": "Linux", "x-stainless-arch": "x64",
	"x-stainless-runtime": lang, "x-stainless-runtime-version": "1.0", "x-stainless-retry-count": "0", "x-stainless-timeout": "60", accept: "application/json" });

test("Go: integers in paths, escaped colons, a body with every DELETE", async () => {
	const headers = { ...stainless("go", "6.6.0"), "user-agent": "Cloudflare/Go 6.6.0" };
	const go = (method, path, body) => p.request(method, path, { body, headers, token: tokens.integer });
	const id = encodeURIComponent(message.id);
	assert.match(id, /%3A/);
	assert.equal((await go("GET", `investigate/${id}`)).body.result.id, message.id);
	assert.equal((await go("GET", `investigate/${id}/trace`)).status, 200);
	const made = (await go("POST", "settings/block_senders", COLLECTIONS[1].make(80))).body.result;
	assert.ok(Number.isInteger(made.id));
	assert.equal((await go("PATCH", `settings/block_senders/${made.id}`, { comments: "from Go" })).body.result.comments, "from Go");
	refused(await go("DELETE", "settings/block_senders/0"), 404, 14004); // what it sends when it could not read an id
	assert.deepEqual((await go("DELETE", `settings/block_senders/${made.id}`, {})).body.result, { id: made.id });
});

test("Python: an array as repeated keys, nulls and flags in the query, a client's own headers", async () => {
	const headers = { ...stainless("python", "4.3.1"), "user-agent": "Cloudflare/Python 4.3.1", "x-stainless-async": "false" };
	const python = async (path) => (await p.request("GET", path, { headers, token: tokens.integer })).body;
	const domains = await python("settings/domains?domain=none.example&domain=example.test&status=&integration_id=");
	assert.deepEqual(domains.result.map((d) => d.domain), ["example.test"]);
	assert.deepEqual((await python("settings/domains?domain[]=EXAMPLE.test")).result.map((d) => d.domain), ["example.test"]);
	assert.deepEqual((await python("investigate?detections_only=true&cursor=&start=")).result.map((m) => m.id), [message.id]);
	assert.equal((await python("investigate?detections_only=false&action_log=false&submissions=false")).result.length, 2);
	const short = `http://127.0.0.1:${p.httpPort}/accounts/${p.account}/email-security/investigate`;
	const answer = await fetch(short, { headers: { ...headers, authorization: `Bearer ${p.token}` } });
	assert.equal(answer.status, 200, "without the vendor's prefix");
});
