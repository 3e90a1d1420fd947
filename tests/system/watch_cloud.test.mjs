// Mailboxes at a provider that is asked by HTTP: people it tells of are watched and scanned, and what it says about its load
// is obeyed. The provider is the small Graph of the tests.
import assert from "node:assert/strict";
import { test, before, after } from "node:test";
import { GRAPH, Graph } from "./lib/graph.mjs";
import { lure, plain } from "./lib/mail.mjs";
import { Postern, until } from "./lib/postern.mjs";

const people = ["ann@cloud.test", "ben@cloud.test"];
const EACH = 30;
const SECONDS = 120;

let graph;
let p;
let admin;
let integration;
let domain;
const old = [];

const ours = async (method, path, options) => await p.ask(method, `/accounts/${p.account}/postern/${path}`, { token: admin, ...options });
const scan = async (id) => (await ours("GET", `retro_scans/${id}`)).body.result;
const rows = async (where) => (await ours("GET", where)).body.result;

before(async () => {
	graph = await Graph.start({ people: [...people, "eve@elsewhere.test"] });
	for (const address of people)
		for (let i = 0; i < EACH; i++) {
			old.push(plain({ to: address, subject: `old ${i}` }));
			graph.deliver(address, old.at(-1).raw, { received: new Date(Date.now() - (i + 1) * 3600_000).toISOString() });
		}
	p = await Postern.start({ settings: { mailboxes: { allow_private: true } }, domains: [] });
	p.addDomain({ name: "cloud.test", mode: "DIRECT,API" });
	admin = p.secret("token", "add", "--account", p.account, "--scope", "admin", "keeper");
	const made = await ours("POST", "integrations", { body: { name: "graph", provider: "graph", server: graph.url, token_url: graph.tokenUrl, scope: `${graph.url}/.default`,
		tenant_id: GRAPH.tenant, user: GRAPH.client, secret: GRAPH.secret } });
	assert.equal(made.status, 201, made.text);
	integration = made.body.result;
	[domain] = (await p.get("settings/domains")).result;
});
after(async () => {
	await p?.stop();
	await graph?.stop();
});

test("who asks to be left alone is, and then all is scanned and counted once", async () => {
	graph.fault({ path: /\/messages/, status: 429, headers: { "retry-after": "2" }, times: 6 });
	assert.equal((await p.request("PATCH", `settings/domains/${domain.id}`, { body: { integration_id: integration.id, allowed_delivery_modes: ["DIRECT"] } })).status, 200);
	const asked = await ours("POST", "retro_scans", { body: { domain: "cloud.test", days: 30 } });
	assert.equal(asked.status, 201, asked.text);
	const { id } = asked.body.result;
	const told = await until(async () => (await rows(`retro_scans/${id}/mailboxes`)).find((m) => m.state === "faulty"), "the pause is told", SECONDS);
	assert.match(told.fault, /429/);
	const s = await until(async () => { const now = await scan(id); return now.completed_at && now; }, "the scan ends", SECONDS);
	assert.equal(s.state, "COMPLETED", JSON.stringify(s));
	assert.equal(s.mailboxes_total, people.length);
	assert.equal(s.messages_seen, people.length * EACH);
	assert.equal(s.messages_scanned, people.length * EACH);
	assert.equal(s.messages_failed, 0);
	for (const mail of [old[0], old.at(-1)]) assert.equal((await p.find(mail.id)).length, 1);
});

test("what comes is judged once, in whose mailboxes it lies", async () => {
	assert.equal((await p.request("PATCH", `settings/domains/${domain.id}`, { body: { allowed_delivery_modes: ["DIRECT", "API"] } })).status, 200);
	await until(async () => (await rows(`integrations/${integration.id}/mailboxes`)).filter((m) => m.state === "watched").length === people.length, "both are watched", SECONDS);
	const mail = lure({ to: people[0] });
	for (const address of people) graph.deliver(address, mail.raw);
	const message = await until(async () => (await p.find(mail.id)).find((m) => m.client_recipients.length === 2), "both recipients", SECONDS);
	assert.equal(message.delivery_mode, "API");
	assert.equal(message.final_disposition, "MALICIOUS");
	assert.equal((await p.find(mail.id)).length, 1);
	assert.ok(people.every((address) => graph.messages(address).every((m) => !m.isRead)));
});

test("a position that means nothing any more is taken up anew", async () => {
	graph.expireDeltas();
	const mail = plain({ to: people[1] });
	graph.deliver(people[1], mail.raw);
	await until(async () => (await p.find(mail.id))[0], "the mail behind it", 2 * SECONDS);
	assert.equal((await p.find(mail.id)).length, 1);
	assert.equal((await p.get("investigate", { sender: "ann@example.net", detections_only: "false", per_page: 1000 })).result.length, people.length * EACH + 1);
});
