// Two clients that write the same settings at once, and a process that is killed while they do: no update is lost, every
// batch is whole or absent, and what is counted agrees with what is there.
import assert from "node:assert/strict";
import { test, before, after, beforeEach } from "node:test";
import { COLLECTIONS } from "./lib/collections.mjs";
import { select } from "./lib/database.mjs";
import { Postern, until, wait } from "./lib/postern.mjs";

const SECONDS = process.env.FULL ? 60 : 5;
const KILLS = process.env.FULL ? 60 : 10;
const GROUP = 20; // objects that are always changed together
const LOAD = 150; // objects that a batch replaces, in the kill test
const c = COLLECTIONS.find((one) => one.name === "allowPolicies");
const path = `settings/${c.path}`;
const EMPTY = { deletes: [], patches: [], puts: [], posts: [] };

let p;
let tokens;
before(async () => {
	p = await Postern.start();
	tokens = ["one", "two"].map((name) => p.secret("token", "add", "--account", p.account, "--scope", "write", name));
});
after(() => p?.stop());

beforeEach(async () => {
	const { result } = await p.get(path, { per_page: "1000" });
	if (result.length) assert.equal((await p.request("POST", `${path}/batch`, { body: { ...EMPTY, deletes: result.map(({ id }) => ({ id })) } })).status, 200);
});

// What the store says of itself: rows and their bytes, as they are and as they are counted; writes by the audit and by the
// account's revision, which grows with each.
function books() {
	const [[objects, bytes]] = select(p, `SELECT count(*), coalesce(sum(length(CAST(body AS BLOB))), 0) FROM ${c.table}`);
	const [[held, size]] = select(p, `SELECT objects, bytes FROM holding WHERE collection = '${c.table}'`);
	const [[rev]] = select(p, "SELECT rev FROM policy_rev WHERE account = 1");
	const audit = select(p, "SELECT body FROM audit ORDER BY num").map(([body]) => JSON.parse(body));
	return { objects, bytes, held, size, rev, audit: audit.filter((row) => row.collection === c.table) };
}

// Whether the books agree with each other, and with the objects as the audit tells of them: each change begins with what
// the one before it left.
async function checkBooks(from) {
	const now = books();
	assert.deepEqual([now.held, now.size], [now.objects, now.bytes], "what is counted is what is there");
	const objects = new Map();
	const requests = new Set();
	for (const [i, row] of now.audit.entries()) {
		if (i >= from.audit.length) requests.add(row.request_id);
		const is = objects.get(row.object);
		if (row.action === "create") {
			assert.equal(is, undefined);
			objects.set(row.object, row.after);
			continue;
		}
		for (const [field, value] of Object.entries(row.before)) assert.deepEqual(is[field], value, `${row.object} ${field}: a change was lost`);
		if (row.action === "delete") objects.delete(row.object);
		else objects.set(row.object, { ...is, ...row.after });
	}
	const { result: rows } = await p.get(path, { per_page: "1000" });
	assert.equal(objects.size, rows.length);
	for (const row of rows)
		for (const [field, value] of Object.entries(objects.get(row.id))) assert.deepEqual(row[field], value, `${row.id} ${field}: not as the audit tells`);
	assert.equal(now.rev - from.rev, requests.size, "one revision for each write");
	return now.audit.slice(from.audit.length);
}

const post = (n) => ({ ...c.make(1), pattern: `r${n}.example`, comments: "start" });

test(`${SECONDS} s of two clients writing the same objects`, async (t) => {
	const made = (await p.request("POST", `${path}/batch`, { body: { ...EMPTY, posts: Array.from({ length: GROUP + 3 }, (_, n) => post(n)) } })).body.result.posts;
	const group = made.slice(0, GROUP);
	const shared = made.slice(GROUP);
	const from = books();
	const statuses = {};
	const changed = { fields: 0, batches: 0, names: 0 };
	const ends = Date.now() + SECONDS * 1000;
	const ask = async (method, where, token, body) => {
		const answer = await p.request(method, where, { body, token });
		statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
		return answer;
	};

	// Each client has a field of its own in the same object: after its change is answered it stays, whatever the other does.
	const fields = [(n) => ({ comments: `c${n}` }), (n) => ({ is_trusted_sender: n % 2 === 0 })];
	async function field(who, object) {
		for (let n = 0; Date.now() < ends; n++) {
			const body = fields[who](n);
			const answer = await ask("PATCH", `${path}/${object.id}`, tokens[who], body);
			assert.equal(answer.status, 200, answer.text);
			const seen = (await ask("GET", `${path}/${object.id}`, tokens[who])).body.result;
			for (const [name, value] of Object.entries(body)) assert.deepEqual([answer.body.result[name], seen[name]], [value, value]);
			changed.fields++;
		}
	}

	// A batch sets the same mark in the whole group, half by patches and half by puts.
	async function batch(who) {
		for (let n = 0; Date.now() < ends; n++) {
			const mark = `${who}-${n}`;
			const body = { ...EMPTY, patches: group.slice(0, GROUP / 2).map(({ id }) => ({ id, comments: mark })),
				puts: group.slice(GROUP / 2).map(({ id, pattern }) => ({ id, pattern, pattern_type: "DOMAIN", is_regex: false, comments: mark })) };
			const answer = await ask("POST", `${path}/batch`, tokens[who], body);
			assert.equal(answer.status, 200, answer.text);
			changed.batches++;
		}
	}

	async function read() {
		const ids = new Set(group.map(({ id }) => id));
		while (Date.now() < ends) {
			const { result } = (await ask("GET", `${path}?per_page=1000`, tokens[0])).body;
			const marks = new Set(result.filter(({ id }) => ids.has(id)).map(({ comments }) => comments));
			assert.equal(marks.size, 1, `a batch in parts: ${[...marks]}`);
		}
	}

	// Both make, rename and delete one name: one of them is first.
	async function name(who) {
		for (let n = 0; Date.now() < ends; n++) {
			const body = { ...c.make(0), pattern: `name${n % 3}.example` };
			const answer = await ask("POST", path, tokens[who], body);
			assert.ok([201, 409].includes(answer.status), answer.text);
			if (answer.status !== 201) continue;
			const { id } = answer.body.result;
			const renamed = await ask("PATCH", `${path}/${id}`, tokens[who], { pattern: `name${(n + 1) % 3}.example` });
			assert.ok([200, 409].includes(renamed.status), renamed.text);
			assert.equal((await ask("DELETE", `${path}/${id}`, tokens[who])).status, 200);
			assert.equal((await ask("DELETE", `${path}/${id}`, tokens[who])).status, 404);
			changed.names++;
		}
	}

	await Promise.all([...[0, 1].flatMap((who) => [...shared.map((object) => field(who, object)), batch(who), name(who)]), read()]);
	await checkBooks(from);
	assert.equal((await p.get(path, { per_page: "1000" })).result.length, made.length);
	for (const [what, n] of Object.entries(changed)) assert.ok(n > 10, `${what}: ${n}`);
	t.diagnostic(`${JSON.stringify(changed)}; answers ${JSON.stringify(statuses)}`);
});

// A client whose every batch deletes all that the one before it made, makes as many anew and says so in a row that stays.
class Replacer {
	constructor(who) {
		this.who = who;
		this.n = 0;
		this.acknowledged = 0;
		this.unheard = { done: 0, absent: 0 };
	}

	// A reading that a death interrupts is done anew.
	async rows() {
		const ask = () => p.request("GET", path, { query: { per_page: "1000", search: `w${this.who}-` }, token: tokens[this.who] });
		const { result } = (await until(() => ask().then((answer) => answer.status === 200 && answer, () => null), "an answer")).body;
		return { ledger: result.find(({ pattern }) => pattern.startsWith("ledger")), load: result.filter(({ pattern }) => !pattern.startsWith("ledger")) };
	}

	async begin() {
		const made = await p.request("POST", path, { body: { ...post(0), pattern: `ledger${this.who}.example`, comments: `w${this.who}-0` } });
		assert.equal(made.status, 201, made.text);
	}

	// All rows are of the batch that the ledger names, and that is one of two.
	async check(earliest, latest) {
		const { ledger, load } = await this.rows();
		const n = Number(ledger.comments.split("-")[1]);
		assert.ok(n >= earliest && n <= latest, `batch ${n}, not ${earliest} to ${latest}`);
		assert.equal(load.length, n ? LOAD : 0, "as many as a batch makes");
		for (const { comments } of load) assert.equal(comments, ledger.comments);
		return { n, ledger, load };
	}

	async run(isOver) {
		while (!isOver()) {
			const { ledger, load } = await this.check(this.n, this.n);
			const mark = `w${this.who}-${this.n + 1}`;
			const body = { ...EMPTY, deletes: load.map(({ id }) => ({ id })), patches: [{ id: ledger.id, comments: mark }],
				posts: Array.from({ length: LOAD }, (_, k) => ({ ...post(0), pattern: `${mark}-${k}.example`, comments: mark })) };
			const answer = await p.request("POST", `${path}/batch`, { body, token: tokens[this.who] }).catch(() => null);
			if (answer) {
				assert.equal(answer.status, 200, answer.text);
				this.n++;
				this.acknowledged++;
				continue;
			}
			await until(() => p.isReady(), "the process is there again");
			const { n } = await this.check(this.n, this.n + 1);
			this.unheard[n === this.n ? "absent" : "done"]++;
			this.n = n;
		}
	}
}

test(`${KILLS} deaths in the middle of batches`, async (t) => {
	const writers = [new Replacer(0), new Replacer(1)];
	for (const one of writers) await one.begin();
	const from = books();
	let over = false;
	const running = writers.map((one) => one.run(() => over));
	try {
		for (let i = 0; i < KILLS; i++) {
			await wait(30 + (i * 37) % 170);
			const [pid] = await until(() => p.roles().api, "a process to kill");
			process.kill(pid, "SIGKILL");
			await until(() => p.roles().api?.[0] !== pid && p.isReady(), "ready again");
		}
	} finally {
		over = true;
		await Promise.all(running);
	}
	const audit = await checkBooks(from);
	for (const one of writers) await one.check(one.n, one.n);
	// Each batch left all of its rows in the audit.
	const requests = new Map();
	for (const row of audit) requests.set(row.request_id, [...(requests.get(row.request_id) ?? []), row]);
	for (const rows of requests.values()) {
		const count = (action) => rows.filter((row) => row.action === action).length;
		assert.deepEqual([count("update"), count("create")], [1, LOAD]);
		assert.ok([0, LOAD].includes(count("delete")));
	}
	const done = writers.reduce((sum, one) => sum + one.n, 0);
	assert.equal(requests.size, done);
	const unheard = writers.reduce((sum, one) => sum + one.unheard.done + one.unheard.absent, 0);
	assert.ok(unheard > 0, "deaths fell into batches");
	t.diagnostic(`${done} batches; unheard: ${JSON.stringify(writers.map((one) => one.unheard))}`);
});
