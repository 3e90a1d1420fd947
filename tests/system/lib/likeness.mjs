// In what one OpenAPI document differs from another that it should be like: a list of one line each,
// "GET settings/domains: query order: not there". Names of path parameters and of schemas do not count, nor texts, limits
// and examples.
import { operationsOf, resolve } from "./openapi.mjs";

// Everything in one: references followed, allOf put together.
function whole(document, schema) {
	const s = resolve(document, schema) ?? {};
	if (!s.allOf) return s;
	const all = { ...s, properties: { ...s.properties }, required: [...(s.required ?? [])] };
	delete all.allOf;
	for (const part of s.allOf) {
		const p = whole(document, part);
		Object.assign(all, { ...p, properties: { ...all.properties, ...p.properties }, required: [...all.required, ...(p.required ?? [])] });
	}
	return all;
}

// The alternatives of a schema, without "or null".
function alternatives(document, schema) {
	const s = whole(document, schema);
	const inside = s.oneOf ?? s.anyOf;
	if (!inside) return [s];
	return inside.flatMap((one) => alternatives(document, one)).filter((one) => one.type !== "null");
}

function isNullable(document, schema) {
	const s = whole(document, schema);
	return Boolean(s.nullable) || [s.type].flat().includes("null") || (s.oneOf ?? s.anyOf ?? []).some((one) => isNullable(document, one));
}

function typeOf(s) {
	const types = [s.type ?? (s.properties ? "object" : s.enum ? "string" : "anything")].flat().filter((t) => t !== "null");
	return `${types.join("|")}${s.format && s.format !== "int64" ? ` ${s.format}` : ""}`;
}

const valuesOf = (s) => (s.enum ?? (s.const === undefined ? [] : [s.const])).filter((v) => v !== null).map(String);

class Likeness {
	constructor(ours, theirs) {
		Object.assign(this, { ours, theirs, found: [] });
	}

	tell(where, what) {
		this.found.push(`${where}: ${what}`);
	}

	values(where, mine, other) {
		const [a, b] = [valuesOf(mine), valuesOf(other)];
		const less = b.filter((v) => !a.includes(v));
		const more = b.length || mine.const === undefined ? a.filter((v) => !b.includes(v)) : [];
		if (less.length && a.length) this.tell(where, `without the values ${less.join(" ")}`);
		if (b.length && !a.length) this.tell(where, "any value");
		if (more.length) this.tell(where, `with the values ${more.join(" ")}`);
	}

	object(where, mine, other, asked) {
		for (const [name, theirs] of Object.entries(other.properties ?? {})) {
			if (asked && whole(this.theirs, theirs).readOnly) continue; // may be sent and is ignored, like all that is not named
			const ours = mine.properties?.[name];
			if (!ours) this.tell(`${where}.${name}`, "not there");
			else this.schema(`${where}.${name}`, ours, theirs, asked);
		}
		for (const name of Object.keys(mine.properties ?? {}))
			if (!other.properties?.[name]) this.tell(`${where}.${name}`, "only here");
		const [needed, other_needed] = asked ? [mine.required, other.required] : [other.required, mine.required];
		for (const name of needed ?? [])
			if (!(other_needed ?? []).includes(name)) this.tell(`${where}.${name}`, asked ? "must be given" : "may be missing");
	}

	one(where, mine, other, asked) {
		if (typeOf(mine) !== typeOf(other)) return this.tell(where, `${typeOf(mine)}, not ${typeOf(other)}`);
		this.values(where, mine, other);
		if (other.items) this.schema(`${where}[]`, mine.items ?? {}, other.items, asked);
		this.object(where, mine, other, asked);
	}

	schema(where, mine, other, asked) {
		const [ours, theirs] = [alternatives(this.ours, mine), alternatives(this.theirs, other)];
		const [less, more] = asked ? [other, mine] : [mine, other];
		const documents = asked ? [this.theirs, this.ours] : [this.ours, this.theirs];
		if (isNullable(documents[0], less) && !isNullable(documents[1], more)) this.tell(where, asked ? "must not be null" : "may be null");
		for (const one of theirs) {
			const fit = ours.find((o) => typeOf(o) === typeOf(one)) ?? ours[0];
			this.one(where, whole(this.ours, fit), one, asked);
		}
		for (const one of ours)
			if (ours.length > 1 && !theirs.some((t) => typeOf(t) === typeOf(one))) this.tell(where, `also ${typeOf(one)}`);
	}
}

const withoutNames = (where) => where.replaceAll(/{[^}]*}/g, "{}");

function parametersOf(document, { item, node }) {
	const all = [...(item.parameters ?? []), ...(node.parameters ?? [])].map((p) => resolve(document, p));
	return { query: all.filter((p) => p.in === "query"), path: all.filter((p) => p.in === "path") };
}

function operation(likeness, name, ours, theirs) {
	const [mine, other] = [parametersOf(likeness.ours, ours), parametersOf(likeness.theirs, theirs)];
	if (mine.path.length !== other.path.length) likeness.tell(name, "other parameters in the path");
	other.path.forEach((p, i) => mine.path[i] && likeness.schema(`${name}: path`, mine.path[i].schema, p.schema, true));
	for (const p of other.query) {
		const same = mine.query.find((q) => q.name === p.name);
		if (same) likeness.schema(`${name}: query ${p.name}`, same.schema, p.schema, true);
		else likeness.tell(`${name}: query ${p.name}`, "not there");
	}
	for (const p of mine.query) if (!other.query.some((q) => q.name === p.name)) likeness.tell(`${name}: query ${p.name}`, "only here");
	const content = (holder) => holder?.content?.["application/json"]?.schema;
	const [body, wanted] = [content(ours.node.requestBody), content(theirs.node.requestBody)];
	if (!body !== !wanted) likeness.tell(`${name}: body`, body ? "only here" : "not there");
	else if (body) likeness.schema(`${name}: body`, body, wanted, true);
	for (const [status, answer] of Object.entries(theirs.node.responses)) {
		if (!status.startsWith("2")) continue;
		const answered = resolve(likeness.ours, ours.node.responses[status]);
		if (!answered) likeness.tell(`${name}: answer ${status}`, "not there");
		else if (content(resolve(likeness.theirs, answer))) likeness.schema(`${name}: answer`, content(answered) ?? {}, content(resolve(likeness.theirs, answer)), false);
	}
}

// base: what stands in front of the paths that are compared.
export function differences(ours, theirs, base) {
	const likeness = new Likeness(ours, theirs);
	const all = new Map([...operationsOf(ours)].map((o) => [`${o.method} ${withoutNames(o.where)}`, o]));
	const known = new Set();
	for (const other of operationsOf(theirs)) {
		const key = `${other.method} ${withoutNames(other.where)}`;
		const name = `${other.method.toUpperCase()} ${withoutNames(other.where).replace(base, "")}`;
		known.add(key);
		if (all.has(key)) operation(likeness, name, all.get(key), other);
		else likeness.tell(name, "not there");
	}
	for (const [key, { method, where }] of all)
		if (withoutNames(where).startsWith(base) && !known.has(key)) likeness.tell(`${method.toUpperCase()} ${withoutNames(where).replace(base, "")}`, "only here");
	return [...new Set(likeness.found)];
}
