// The server's own OpenAPI document, and whether answers are as it says: every key it names is there, and no other.
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const BASES = ["/client/v4", ""];
const JSON_TYPE = "application/json";

// What a reference of the document points to; a reference may have siblings, which count as well.
export function resolve(document, node) {
	if (!node?.$ref) return node;
	const { $ref, ...rest } = node;
	const target = $ref.slice(2).split("/").reduce((at, key) => at?.[key.replaceAll("~1", "/").replaceAll("~0", "~")], document);
	if (target === undefined) throw new Error(`${$ref} leads nowhere`);
	return { ...resolve(document, target), ...rest };
}

// Every schema inside a schema, itself first.
function* schemasIn(schema) {
	if (!schema || typeof schema !== "object") return;
	yield schema;
	for (const below of Object.values(schema.properties ?? {})) yield* schemasIn(below);
	for (const list of ["anyOf", "oneOf", "allOf"]) for (const below of schema[list] ?? []) yield* schemasIn(below);
	yield* schemasIn(schema.items);
}

// Every schema at the top of something: the named ones, and those of parameters, bodies and answers.
export function* schemasOf(document) {
	yield* Object.values(document.components.schemas);
	for (const { node } of operationsOf(document)) {
		for (const parameter of node.parameters ?? []) yield resolve(document, parameter).schema;
		for (const holder of [node.requestBody, ...Object.values(node.responses)]) yield resolve(document, holder)?.content?.[JSON_TYPE]?.schema ?? {};
	}
}

export function* operationsOf(document) {
	for (const [where, item] of Object.entries(document.paths))
		for (const method of ["get", "post", "put", "patch", "delete"])
			if (item[method]) yield { method, where, item, node: item[method] };
}

// A validator of JSON Schema that takes no unknown keyword for granted.
export function newAjv(options = {}) {
	const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true, ...options });
	addFormats(ajv);
	return ajv;
}

// What OpenAPI says a document of version 3.1 is, with schemas as JSON Schema has them.
export function metaSchema(openapiV31) {
	return JSON.parse(JSON.stringify(openapiV31).replaceAll('"$dynamicRef":"#meta"', '"$ref":"https://json-schema.org/draft/2020-12/schema"'));
}

const NOTHING = { type: "null" }; // of an answer without a body

export class OpenApi {
	constructor(document) {
		this.document = structuredClone(document);
		for (const top of schemasOf(this.document))
			for (const schema of [...schemasIn(top)]) {
				if (schema.properties) schema.additionalProperties ??= false;
				if (schema.$ref) schema.$ref = schema.$ref.replace("#/components/", "/");
			}
		this.ajv = newAjv();
		for (const [name, schema] of Object.entries(this.document.components.schemas)) this.ajv.addSchema(schema, `/schemas/${name}`);
		this.checks = new Map();
		// Literal segments win over parameters.
		const parameters = (where) => where.split("{").length;
		this.paths = Object.keys(this.document.paths).sort((a, b) => parameters(a) - parameters(b));
	}

	compiled(schema) {
		if (!this.checks.has(schema)) this.checks.set(schema, this.ajv.compile(schema));
		return this.checks.get(schema);
	}

	// Compiles every schema of the document, which throws where one is none.
	compileAll() {
		for (const schema of schemasOf(this.document)) this.compiled(schema);
	}

	// The path of the document that a request's path is of.
	pathOf(pathname) {
		const base = BASES.find((b) => pathname.startsWith(`${b}/`));
		const words = pathname.slice(base.length).split("/").map(decodeURIComponent);
		return this.paths.find((where) => {
			const wanted = where.split("/");
			return wanted.length === words.length && wanted.every((w, i) => (w.startsWith("{") ? words[i] !== "" : w === words[i]));
		});
	}

	// The schema of such an answer; throws when the document knows of no such answer.
	schemaOf(method, pathname, status) {
		let where;
		try {
			where = this.pathOf(pathname);
		} catch {
			// No route has a path that cannot be decoded.
		}
		const operation = this.document.paths[where]?.[method.toLowerCase()];
		if (!operation) {
			if (status === 400 || status === 404 || (status === 405 && where)) return this.document.components.schemas.failure;
			throw new Error(`${method} ${pathname}: ${status}, and the document has no such operation`);
		}
		const answer = resolve(this.document, operation.responses[status]);
		if (!answer) throw new Error(`${method} ${where}: the document has no answer ${status}`);
		return answer.content?.["application/json"].schema ?? NOTHING;
	}

	// Throws unless the answer is one that the document describes. body: parsed.
	check(method, pathname, status, body) {
		const check = this.compiled(this.schemaOf(method, pathname, status));
		if (check(body)) return;
		const faults = check.errors.map((e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);
		throw new Error(`${method} ${pathname}: ${status} is not as the document says:\n${faults.slice(0, 10).join("\n")}`);
	}
}
