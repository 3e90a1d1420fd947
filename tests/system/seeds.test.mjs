// The vendor's own examples of requests, as curl commands, run as they are written but for the server's address. They are
// read from a folder beside this repository and are skipped, by name, where there is none.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { test, before, after } from "node:test";
import { COLLECTIONS, integrate } from "./lib/collections.mjs";
import { lure } from "./lib/mail.mjs";
import { Postern, ROOT, until } from "./lib/postern.mjs";
import { sendMail } from "./lib/smtp.mjs";

const SEEDS = process.env.POSTERN_SEEDS ?? path.join(ROOT, "../shared/spec/seeds");
const THEIR_BASE = "https://api.cloudflare.com";
// One example moves no message that it would name: the contract asks for at least one.
const REFUSED = /\/investigate\/move$/;
// Fields of an example's answer that hold whatever their owner put there.
const THEIR_MESSAGE = /4Njp3P0STMz2c02Q/g;
const FREE = ["documentation_url", "source"];

// { name, command, answer } of every curl command in the files; answer is the JSON that follows it.
function examples() {
	let names;
	try {
		names = readdirSync(SEEDS).sort();
	} catch {
		return null;
	}
	return names.flatMap((name) => {
		const text = readFileSync(path.join(SEEDS, name), "utf8");
		return [...text.matchAll(/^curl [^\n]*\\\n(?:[^\n]*\\\n)*[^\n]*(?:'[{[][^']*'|"|'\{\}')$/gm)].map((found, i) => {
			const [command] = found;
			const target = /email-security(\/\S*)/.exec(command)[1];
			const method = /-X (\w+)/.exec(command)?.[1] ?? (command.includes("-d '") ? "POST" : "GET");
			return { name: `${name.slice(0, 3)} ${i + 1}: ${method} ${target}`, target, method, command, answer: answerAfter(text, found.index + found[0].length) };
		});
	});
}

// The first JSON object from there on.
function answerAfter(text, at) {
	const from = text.indexOf("{", at);
	let depth = 0;
	for (let i = from; ; i++) {
		depth += (text[i] === "{") - (text[i] === "}");
		if (!depth) return JSON.parse(text.slice(from, i + 1));
	}
}

// Places where ours lacks what theirs has, or has it in another type; null is of every type.
function lacks(ours, theirs, where = "") {
	if (ours === null || theirs === null) return [];
	if (Array.isArray(theirs)) return Array.isArray(ours) ? ours.flatMap((one, i) => (theirs.length ? lacks(one, theirs[0], `${where}/${i}`) : [])) : [`${where}: no array`];
	if (typeof theirs !== typeof ours) return [`${where}: ${typeof ours}, not ${typeof theirs}`];
	if (typeof theirs !== "object") return [];
	return Object.entries(theirs).filter(([key]) => !FREE.includes(key)).flatMap(([key, value]) =>
		key in ours ? lacks(ours[key], value, `${where}/${key}`) : [`${where}/${key}: absent`]);
}

const all = examples();
let p;
let shell;
let message;

before(async () => {
	if (!all) return;
	p = await Postern.start();
	// The older examples show integers, the newer ones uuids; those have a token.
	p.account = p.cli("account", "add", "--id-form", "integer", "Seeds").trim().split("\n").at(-1);
	const uuid = p.secret("token", "add", "--account", p.account, "--scope", "write", "--id-form", "uuid", "uuid");
	p.token = p.secret("token", "add", "--account", p.account, "--scope", "write", "integer");
	p.addDomain({ name: "seeds.test", drop: "MALICIOUS,SUSPICIOUS,SPOOF,SPAM,BULK" });
	await integrate(p);
	const mail = lure({ to: "user@seeds.test" });
	await sendMail(p.smtpPort, { mail: mail.raw, to: "user@seeds.test" });
	message = await p.found(mail.id);
	// A campaign, of which there is a report.
	for (let i = 0; i < 4; i++) await sendMail(p.smtpPort, { mail: lure({ to: "user@seeds.test" }).raw, to: "user@seeds.test" });
	await until(async () => (await p.get("phishguard/reports")).result.length, "the report", 40);
	shell = { ...process.env, ACCOUNT_ID: p.account, CLOUDFLARE_EMAIL: "seeds@example.test", CLOUDFLARE_API_TOKEN: uuid, POSTFIX_ID: message.postfix_id,
		CLOUDFLARE_API_KEY: p.secret("user", "add", "--account", p.account, "seeds@example.test") };
});
after(() => p?.stop());

// What curl got: { status, body }.
function run(command, more) {
	const script = `curl() { command curl -sS -w '\\n%{http_code}' "$@"; }\n${command.replace(THEIR_BASE, `http://127.0.0.1:${p.httpPort}`)}`;
	const text = execFileSync("sh", ["-c", script], { env: { ...shell, ...more }, encoding: "utf8" });
	const at = text.lastIndexOf("\n");
	return { status: Number(text.slice(at + 1)), body: JSON.parse(text.slice(0, at)) };
}

async function clear(c) {
	for (const { id, domain } of (await p.get(`settings/${c.path}`, { per_page: "1000" })).result)
		if (domain !== "seeds.test") assert.equal((await p.request("DELETE", `settings/${c.path}/${id}`)).status, 200);
}

async function check({ target, method, command, answer }) {
	const c = COLLECTIONS.find((one) => target.startsWith(`/settings/${one.path}`));
	const variable = /\/\$(\w+)$/.exec(target)?.[1];
	const more = {};
	if (c) {
		// A row for those that name one, or list them.
		const made = await p.request("POST", `settings/${c.path}`, { body: c.make(90) });
		assert.equal(made.status, 201);
		if (variable) more[variable] = String(made.body.result.id);
	}
	const made = method === "POST" && c;
	const { status, body } = run(c ? command : command.replace(THEIR_MESSAGE, message.postfix_id), more);
	if (REFUSED.test(target)) return assert.deepEqual([status, body.errors[0].source.pointer], [400, "/ids"]);
	const later = target.endsWith("/reclassify");
	assert.equal(status, made ? 201 : later ? 202 : 200, JSON.stringify(body));
	assert.equal(body.success, true);
	assert.deepEqual(body.errors, []);
	if (method === "GET" && Array.isArray(body.result)) assert.ok(body.result.length > 0);
	// Messages are only sent where there is something to say.
	assert.deepEqual(lacks({ ...body, errors: [], messages: [] }, answer), []);
	if (c) await clear(c);
}

if (!all) test("examples of the vendor", { skip: `${SEEDS} is not there` }, () => {});
for (const one of all ?? [])
	test(one.name, () => check(one));

test("every example was found", { skip: all ? false : `${SEEDS} is not there` }, () => {
	const said = readdirSync(SEEDS).flatMap((name) => readFileSync(path.join(SEEDS, name), "utf8").match(/^curl /gm) ?? []);
	assert.equal(all.length, said.length);
	assert.ok(all.length >= 30);
});
