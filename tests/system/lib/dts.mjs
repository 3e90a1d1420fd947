// The declaration files of an SDK: what each method gives, and whether a value is of that type. Reads what the vendor's
// generator writes: interfaces, namespaces, aliases and classes; types are names, literals, arrays, unions, objects.
import { readFileSync } from "node:fs";

const TOKEN = /\s+|\/\*[\s\S]*?\*\/|\/\/[^\n]*|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[\w$]+|=>|[^\s])/gy;

function tokens(text) {
	return [...text.matchAll(TOKEN)].map((m) => m[1]).filter(Boolean);
}

class Reader {
	constructor(text) {
		this.tokens = tokens(text);
		this.at = 0;
		this.types = new Map(); // "A.B" → { type, scope }
		this.methods = new Map(); // "Class.method" → type
	}

	next() {
		if (this.at >= this.tokens.length) throw new Error("the file ends too early");
		return this.tokens[this.at++];
	}

	take(...words) {
		if (!words.includes(this.tokens[this.at])) return false;
		this.at++;
		return true;
	}

	must(word) {
		const got = this.next();
		if (got !== word) throw new Error(`${word} expected, not ${this.tokens.slice(this.at - 5, this.at + 5).join(" ")}`);
	}

	// Up to the bracket that closes the one just taken.
	skip(open, close) {
		for (let depth = 1; depth; ) {
			const token = this.next();
			depth += (token === open) - (token === close);
		}
	}

	file() {
		while (this.at < this.tokens.length) this.statement("");
		return this;
	}

	statement(scope) {
		while (this.take("export", "declare", "default", "abstract"));
		const word = this.next();
		if (word === "interface") this.interface(scope);
		else if (word === "namespace") this.namespace(scope);
		else if (word === "class") this.class();
		else if (word === "type") this.alias(scope);
		else if (word === "{") this.skip("{", "}");
		else if (word !== ";") while (this.next() !== ";");
	}

	interface(scope) {
		const name = this.next();
		while (this.tokens[this.at] !== "{") this.next();
		this.types.set(scope + name, { type: this.type(), scope: `${scope}${name}.` });
	}

	namespace(scope) {
		const name = this.next();
		this.must("{");
		while (!this.take("}")) this.statement(`${scope}${name}.`);
	}

	alias(scope) {
		const name = this.next();
		if (!this.take("=")) return;
		this.types.set(scope + name, { type: this.type(), scope: `${scope}${name}.` });
		this.take(";");
	}

	class() {
		const name = this.next();
		while (this.next() !== "{");
		while (!this.take("}")) {
			const member = this.next();
			if (this.take("(")) {
				this.skip("(", ")");
				// The last of several declarations is that with all parameters; they give the same.
				if (this.take(":")) this.methods.set(`${name}.${member}`, this.type());
			}
			while (this.tokens[this.at] !== "}" && this.next() !== ";");
		}
	}

	type() {
		this.take("|");
		const of = [this.simple()];
		while (this.take("|")) of.push(this.simple());
		return of.length === 1 ? of[0] : { kind: "union", of };
	}

	simple() {
		let type;
		const word = this.next();
		if (word === "{") type = this.object();
		else if (word === "(") {
			type = this.type();
			this.must(")");
		} else if (/^["'\d]/.test(word)) type = { kind: "literal", value: /^\d/.test(word) ? Number(word) : word.slice(1, -1) };
		else if (word === "readonly" || word === "unique") return this.simple();
		else type = this.named(word);
		while (this.tokens[this.at] === "[" && this.tokens[this.at + 1] === "]") {
			this.at += 2;
			type = { kind: "array", of: type };
		}
		return type;
	}

	named(word) {
		while (this.take(".")) word += `.${this.next()}`;
		const of = [];
		if (this.take("<")) {
			do of.push(this.type());
			while (this.take(","));
			this.must(">");
		}
		if (word === "Array") return { kind: "array", of: of[0] };
		return { kind: "name", name: word, of };
	}

	object() {
		const fields = new Map();
		while (!this.take("}")) {
			this.take("readonly");
			if (this.take("[")) { // [key: string]: any keys
				this.skip("[", "]");
				this.must(":");
				this.type();
			} else {
				const name = this.next().replace(/^['"]|['"]$/g, "");
				const optional = this.take("?");
				this.must(":");
				fields.set(name, { optional, type: this.type() });
			}
			this.take(";", ",");
		}
		return { kind: "object", fields };
	}
}

const PLAIN = { string: "string", number: "number", boolean: "boolean" };

export class Declarations {
	constructor(file) {
		const read = new Reader(readFileSync(file, "utf8")).file();
		this.types = read.types;
		this.methods = read.methods;
	}

	// What a method gives: the item of a page, or the value itself; null when no such class or method is declared.
	answer(name, method) {
		const type = this.methods.get(`${name}.${method}`) ?? this.methods.get(`Base${name}.${method}`);
		return type ? { paged: /PagePromise$/.test(type.name), type: type.of.at(-1) } : null;
	}

	find(name, scope) {
		for (let within = scope; ; within = within.replace(/[^.]+\.$/, "")) {
			const found = this.types.get(within + name);
			if (found || !within) return found;
		}
	}

	// The faults of a value, as "where: what"; none when it is of the type. Fields that may be absent are wanted all the
	// same, unless `absent` holds their name: an answer of ours carries all of them. nulls: such a field may be null, too.
	faults(type, value, { absent = [], nulls = false, where = "", scope = "" } = {}) {
		const bad = (what) => [`${where || "/"}: ${what}, not ${JSON.stringify(value)?.slice(0, 80)}`];
		const of = (inner, v, at, within = scope) => this.faults(inner, v, { absent, nulls, where: at, scope: within });
		switch (type.kind) {
		case "literal":
			return value === type.value ? [] : bad(JSON.stringify(type.value));
		case "array":
			return Array.isArray(value) ? value.flatMap((v, i) => of(type.of, v, `${where}/${i}`)) : bad("an array");
		case "union": {
			const all = type.of.map((one) => of(one, value, where));
			if (all.some((faults) => !faults.length)) return [];
			return value !== null && typeof value === "object" ? all.sort((a, b) => a.length - b.length)[0] : bad("one of its kinds");
		}
		case "object":
			if (value === null || typeof value !== "object" || Array.isArray(value)) return bad("an object");
			return [...type.fields].flatMap(([name, field]) => {
				if (nulls && field.optional && value[name] === null) return [];
				if (name in value) return of(field.type, value[name], `${where}/${name}`);
				return field.optional && absent.includes(name) ? [] : [`${where}/${name}: absent`];
			});
		default: {
			if (type.name in PLAIN) return typeof value === PLAIN[type.name] ? [] : bad(type.name);
			if (type.name === "null") return value === null ? [] : bad("null");
			if (type.name === "unknown" || type.name === "any") return [];
			const found = this.find(type.name, scope);
			return found ? of(found.type, value, where, found.scope) : [`${where || "/"}: the type ${type.name} is not declared`];
		}
		}
	}
}
