// An official client: all methods of its email-security tree, found by reflection, each called by its path; every answer
// is compared with the type that the client declares for it.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";
import { ROOT, checkAnswer } from "./postern.mjs";
import { Declarations } from "./dts.mjs";

const MODULES = path.join(ROOT, "tests/system/node_modules");

// Fields that a client declares and an answer may leave out: what a member of the action log says of its operation.
const ABSENT = ["folder", "requested_by"];

function files(folder) {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const name = path.join(folder, entry.name);
		return entry.isDirectory() ? files(name) : name.endsWith(".d.ts") ? [name] : [];
	});
}

// The declaration files of the email-security tree of an installed package.
export function declarationFiles(name) {
	return files(path.join(MODULES, name, "resources/email-security"));
}

// A client's package, or null where npm installed none. nulls: its types do not know that what is optional may be null.
export async function load(name, { nulls = false } = {}) {
	try {
		return { Client: (await import(name)).default, name, nulls };
	} catch {
		return null;
	}
}

function methodsOf(resource) {
	const names = [];
	for (let at = Object.getPrototypeOf(resource); at && at !== Object.prototype; at = Object.getPrototypeOf(at))
		names.push(...Object.getOwnPropertyNames(at).filter((n) => n !== "constructor" && typeof resource[n] === "function"));
	return [...new Set(names)];
}

export class Sdk {
	constructor({ Client, name, nulls }, options) {
		this.nulls = nulls;
		this.client = new Client({ maxRetries: 0, ...options });
		this.requests = 0;
		this.statuses = []; // of all answers
		const fetch = this.client.fetch;
		this.client.fetch = async (...words) => {
			this.requests++;
			const answer = await fetch(...words);
			this.statuses.push(answer.status);
			const type = answer.headers.get("content-type");
			if (type !== "application/json") return answer;
			const text = await answer.text();
			checkAnswer(words[1]?.method?.toUpperCase() ?? "GET", words[0], { status: answer.status, type, body: JSON.parse(text) });
			return new answer.constructor(text, { status: answer.status, headers: answer.headers });
		};
		this.declared = declarationFiles(name).map((file) => new Declarations(file));
		this.done = new Set();
		this.methods = new Map();
		this.visit(this.client.emailSecurity, []);
	}

	visit(resource, words) {
		for (const method of methodsOf(resource)) {
			const declared = this.declared.find((d) => d.answer(resource.constructor.name, method));
			const where = [...words, method].join(".");
			assert.ok(declared, `${where} (${resource.constructor.name}) stands in a declaration file`);
			this.methods.set(where, { resource, method, declared, answer: declared.answer(resource.constructor.name, method) });
		}
		for (const [name, value] of Object.entries(resource))
			if (name !== "_client" && value && typeof value === "object") this.visit(value, [...words, name]);
	}

	has(where) {
		return this.methods.has(where);
	}

	start(where, words) {
		const { resource, method } = this.methods.get(where) ?? assert.fail(`the client has no method ${where}`);
		return resource[method](...words);
	}

	check(where, value) {
		const { declared, answer } = this.methods.get(where);
		assert.deepEqual(declared.faults(answer.type, value, { absent: ABSENT, nulls: this.nulls }), [], where);
		return value;
	}

	// One call; of a page, what is on it.
	async call(where, ...words) {
		const value = await this.start(where, words);
		this.done.add(where);
		if (!this.methods.get(where).answer.paged) return this.check(where, value);
		for (const item of value.getPaginatedItems()) this.check(where, item);
		return value;
	}

	// All items of all pages, as the client's own iteration finds them.
	async all(where, ...words) {
		const items = [];
		for await (const item of this.start(where, words)) items.push(this.check(where, item));
		this.done.add(where);
		return items;
	}

	// Methods that were neither called nor are left out on purpose, and those left out that are no methods.
	forgotten() {
		return [...this.methods.keys()].filter((where) => !this.done.has(where));
	}
}
