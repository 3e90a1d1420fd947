// What the test suites of the vendor's clients send, against what those suites expect to be there: an object of a known id
// in each collection and a held message of a known id, as before every call. They were written for a server without a
// memory, so everything is put back after each. All of it must succeed but for what REFUSED names.
import assert from "node:assert/strict";
import { test, before, after } from "node:test";
import { COLLECTIONS, INTEGRATION, integrate } from "./lib/collections.mjs";
import { preset } from "./lib/database.mjs";
import { lure } from "./lib/mail.mjs";
import { Sdk, load } from "./lib/sdk.mjs";
import { sendMail } from "./lib/smtp.mjs";
import { Postern } from "./lib/postern.mjs";

const ACCOUNT = { account_id: "023e105f4ecef8ad9ca31a8372d0c353" };
const UUID = "f174e90a-fafe-4643-bbbc-4a0ed4fc8415";
const MESSAGE = "4Njp3P0STMz2c02Q-2024-01-05T10:00:00-12345678";
const NUMBERS = {
	allow_policy: 2401, block_sender: 2402, domain: 2400, impersonation: 2403, trusted_domain: 2401,
	content_policy: 2404, sending_restriction: 2405, url_ignore: 2406, // of which no suite names a number
};
const TIME = "2019-12-27T18:11:19.117Z";

const search = { search: "search", direction: "asc", page: 1 };
const domain = {
	allowed_delivery_modes: ["DIRECT"], drop_dispositions: ["MALICIOUS"], ip_restrictions: ["192.0.2.0/24", "2001:db8::/32"], regions: ["GLOBAL"],
};
const more = {
	folder: "AllItems", integration_id: INTEGRATION, lookback_hops: 1,
	require_tls_inbound: true, require_tls_outbound: true, transport: "transport",
};
const allow = {
	is_acceptable_sender: false, is_exempt_recipient: false, is_regex: false, is_trusted_sender: true,
	pattern: "test@example.com", pattern_type: "EMAIL", verify_sender: true,
};
const allowed = { ...allow, comments: "Trust all messages send from test@example.com", is_recipient: false, is_sender: true, is_spoof: false };
const flags = { is_acceptable_sender: true, is_exempt_recipient: true, is_trusted_sender: true, verify_sender: true };
const block = { is_regex: false, pattern: "test@example.com", pattern_type: "EMAIL" };
const blocked = { ...block, comments: "Block sender with email test@example.com" };
const person = { email: "email", is_email_regex: true, name: "name" };
const whole = {
	comments: "comments", directory_id: 0, directory_node_id: 0, external_directory_node_id: "external_directory_node_id",
	provenance: "A1S_INTERNAL",
};
const trusted = { is_recent: true, is_regex: false, is_similarity: false, pattern: "example.com" };
const content = { enabled: true, name: "Block phishing keywords", pattern: "urgent.*verify.*account", targets: ["SUBJECT"] };
const partner = { domain: "example.com", exclude: ["subdomain.example.com"] };
const url = { pattern: "https://example\\.com/.*" };
const comments = { comments: "Trusted partner domain" };

// { method: [the parameters of each call] }; what carries an id gets it from the client's form.
const SETTINGS = {
	allowPolicies: {
		create: [allow, allowed],
		list: [{ ...search, ...flags, is_recipient: true, is_sender: true, is_spoof: true, order: "pattern", pattern: "pattern",
			pattern_type: "EMAIL", per_page: 1 }],
		edit: [allowed, { comments: "comments", ...flags, is_regex: true, pattern: "x", pattern_type: "EMAIL" }],
		batch: [{ patches: [{}], posts: [allow], puts: [{}] }, { patches: [allowed], posts: [allowed], puts: [allowed] }],
	},
	blockSenders: {
		create: [block, blocked],
		list: [{ ...search, order: "pattern", pattern: "pattern", pattern_type: "EMAIL", per_page: 1 }],
		edit: [blocked, { comments: "comments", is_regex: true, pattern: "x", pattern_type: "EMAIL" }],
		batch: [{ patches: [{}], posts: [block], puts: [block] }, { patches: [blocked], posts: [blocked], puts: [blocked] }],
	},
	domains: {
		create: [{ domain: "domain", ...domain }, { domain: "domain", ...domain, ...more }],
		update: [domain, { ...domain, ...more }],
		list: [{ ...search, active_delivery_mode: "DIRECT", allowed_delivery_mode: "DIRECT", domain: ["string"], integration_id: UUID,
			order: "domain", per_page: 1, status: "PENDING" }, { domain: ["string", "string", "string"] }],
		edit: [{ ip_restrictions: domain.ip_restrictions }, { ...domain, ...more }, { ...domain, ...more, domain: "domain" }],
		bulkDelete: [{}],
		batch: [{ patches: [{ id: UUID }], posts: [{ domain: "domain", ...domain }], puts: [{ id: UUID, ...domain }] }],
	},
	impersonationRegistry: {
		create: [person, { ...person, ...whole }, { email: "john.doe@example.com", is_email_regex: false, name: "John Doe" }],
		list: [{ ...search, order: "name", provenance: "A1S_INTERNAL", per_page: 1 }],
		edit: [person, { ...person, ...whole }],
	},
	trustedDomains: {
		create: [trusted, { ...trusted, ...comments }],
		list: [{ ...search, is_recent: true, is_similarity: true, order: "pattern", pattern: "pattern", per_page: 1 }],
		edit: [{ ...trusted, ...comments }, { comments: "comments", is_recent: true, is_regex: true, is_similarity: true, pattern: "x" }],
		batch: [{ patches: [{}], posts: [trusted], puts: [trusted] }],
	},
	contentPolicies: {
		create: [content, { ...content, notes: "Blocks common phishing subject lines" }],
		list: [{ ...search, enabled: true, name: "name", order: "name", per_page: 20 }],
		edit: [{ ...content, notes: "Blocks common phishing subject lines" }],
		batch: [{ patches: [{}], posts: [content], puts: [content] }, { patches: [content], posts: [content], puts: [content] }],
	},
	sendingDomainRestrictions: {
		create: [partner, { ...partner, comments: "Enforce TLS for all mail from this domain" }],
		list: [{ ...search, order: "domain", per_page: 20 }],
		edit: [{ ...partner, comments: "Enforce TLS for all mail from this domain" }],
	},
	urlIgnorePatterns: {
		create: [url, { ...url, comments: "Trusted internal redirect service" }],
		list: [{ page: 1, per_page: 20 }],
		edit: [{ ...url, comments: "Trusted internal redirect service" }],
	},
};
const FILTERS = {
	alert_id: "alert_id", detections_only: true, domain: "domain", end: TIME, final_disposition: "MALICIOUS", message_action: "PREVIEW",
	message_id: "message_id", metric: "metric", page: 1, per_page: 1, query: "query", recipient: "recipient", sender: "sender",
	start: TIME, subject: "subject",
};
const MESSAGES = {
	list: [{}, FILTERS, { ...FILTERS, action_log: true, exact_subject: "exact_subject", submissions: true },
		{ ...FILTERS, delivery_status: "delivered", smtp_helo_ip: "smtp_helo_ip" }, { ...FILTERS, cursor: "cursor" }],
	get: [{}],
	"detections.get": [{}],
	"raw.get": [{}],
	"trace.get": [{}],
};

// [method, whether it is this call, the pointers of what is wrong]: what their suites send and the contract refuses.
const REFUSED = [
	["investigate.list", (o) => o.cursor === "cursor", ["query/cursor"]],
	["settings.domains.edit", (o) => o.domain === "domain", ["/domain"]],
	// The object is gone after the delete.
	["settings.domains.batch", () => true, ["/patches/0", "/puts/0"]],
	// Entries that say what to set, and of which object not (D.5). The client's types have no id there, so its suites send
	// none, and a server without a memory answers all the same. Here nothing tells the object: a pattern is what such an
	// entry changes, and to guess by it could replace another policy. Clients that want an object changed name it (its
	// description asks for that, and the client sends on what it is given), as sdk.test.mjs does.
	["settings.allowPolicies.batch", (o) => o.puts[0].pattern, ["/patches/0/id", "/puts/0/id"]],
	["settings.blockSenders.batch", (o) => !o.patches[0].pattern, ["/puts/0/id"]],
	["settings.blockSenders.batch", (o) => o.patches[0].pattern, ["/patches/0/id", "/puts/0/id"]],
	["settings.trustedDomains.batch", () => true, ["/puts/0/id"]],
	["settings.contentPolicies.batch", (o) => !o.patches[0].pattern, ["/puts/0/id"]],
	["settings.contentPolicies.batch", (o) => o.patches[0].pattern, ["/patches/0/id", "/puts/0/id"]],
];

let p;
let key;
let restore;

before(async () => {
	p = await Postern.start({ settings: { retention: { metadata_days: 0, detections_days: 0 } }, domains: [] });
	p.account = p.cli("account", "add", "--id", ACCOUNT.account_id, "Official").trim().split("\n").at(-1);
	p.token = p.secret("token", "add", "--account", p.account, "--scope", "write", "tests");
	key = p.secret("user", "add", "--account", p.account, "user@example.com");
	p.addDomain({ name: "official.test", drop: "MALICIOUS,SUSPICIOUS,SPOOF,SPAM,BULK" });
	await integrate(p);
	const mail = lure({ to: "user@official.test" });
	await sendMail(p.smtpPort, { mail: mail.raw, to: "user@official.test" });
	await p.found(mail.id);
	for (const c of COLLECTIONS)
		if (c.name !== "domains") assert.equal((await p.request("POST", `settings/${c.path}`, { body: c.make(0) })).status, 201);
	const ms = Date.parse("2024-01-05T10:00:00Z") - Date.parse("2020-01-01T00:00:00Z");
	restore = await preset(p, Object.fromEntries(Object.entries(NUMBERS).map(([table, num]) => [table, [num, UUID]])), [ms, "4Njp3P0STMz2c02Q", 0x12345678]);
});
after(() => {
	restore?.end();
	return p?.stop();
});

async function send(sdk, where, words, params) {
	const wrong = REFUSED.find(([name, is]) => name === where && is(params))?.[2];
	const got = await sdk.call(where, ...words, { ...ACCOUNT, ...params }).then(() => undefined, (e) => {
		if (e.errors) return e.errors.map((one) => one.source?.pointer ?? `${e.status} ${one.message}`);
		throw e;
	});
	assert.deepEqual(got, wrong, `${where} ${JSON.stringify(params)}`);
	await restore();
}

for (const one of [{ name: "cloudflare", id: () => UUID, messages: [MESSAGE, "4Njp3P0STMz2c02Q"] },
	{ name: "cloudflare-integer", nulls: true, id: (c) => NUMBERS[c.table], messages: ["4Njp3P0STMz2c02Q"] }])
	test(`${one.name}: the values of its suite`, async (t) => {
		const kind = await load(one.name, one);
		if (!kind) return t.skip(`npm package ${one.name} is not installed`);
		// As they sign in; the older suite sees integers, for which there are tokens.
		const token = p.secret("token", "add", "--account", p.account, "--scope", "write", "--id-form", "integer", one.name);
		const byKey = { apiToken: null, apiEmail: "user@example.com", apiKey: key };
		const sdk = new Sdk(kind, { baseURL: `http://127.0.0.1:${p.httpPort}`, ...(one.nulls ? { apiToken: token } : byKey) });
		let calls = 0;
		for (const c of COLLECTIONS)
			for (const [method, all] of Object.entries({ ...SETTINGS[c.name], get: [{}], delete: [{}] })) {
				const where = `settings.${c.name}.${method}`;
				if (!sdk.has(where)) continue;
				const words = ["get", "edit", "delete", "update"].includes(method) ? [one.id(c)] : [];
				const empty = method === "list" || method === "edit" ? [{}] : [];
				for (const params of [...empty, ...all]) {
					calls++;
					await send(sdk, where, words, method === "batch" ? { deletes: [{ id: UUID }], ...params } : params);
				}
			}
		for (const [method, all] of Object.entries(MESSAGES))
			for (const params of all)
				for (const id of method === "list" ? [null] : one.messages) {
					await send(sdk, `investigate.${method}`, id ? [id] : [], params);
					calls++;
				}
		const missing = [...sdk.methods.keys()].filter((where) => /^settings\./.test(where) && !sdk.done.has(where) && !where.endsWith(".batch"));
		assert.deepEqual(missing, []);
		t.diagnostic(`${calls} calls`);
	});
