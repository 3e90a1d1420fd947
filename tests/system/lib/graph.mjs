// A small Microsoft Graph: mailboxes with folders and messages, by the subset of the API that is documented for applications:
// client credentials, users, mailFolders, messages ($filter on internetMessageId and receivedDateTime, $top, nextLink), delta
// with deltaLink, $value, move, permanentDelete, create from MIME, PATCH. What it does with faults: cloud.mjs.
//
//	const graph = await Graph.start({ people: ["ann@cloud.test"] });
//	graph.url, graph.tokenUrl, GRAPH.client, GRAPH.secret
//	const m = graph.deliver("ann@cloud.test", raw, { folder: "inbox", received: "2026-01-02T03:04:05Z", isRead: true })
//	graph.messages("ann@cloud.test")       all of them: { id, folder, raw, ... }, folder by its well-known name
//	graph.moveByOwner(m, "archive"), graph.expireDeltas(), graph.expireTokens(), graph.fault({ ... })
import { Cloud, Refusal, headerOf } from "./cloud.mjs";

export const GRAPH = { tenant: "0d2f1e5a-tenant", client: "client-id", secret: "the client's secret" };

const TOP = ["inbox", "junkemail", "deleteditems", "drafts", "sentitems", "outbox", "archive"];
const HIDDEN = ["recoverableitemsdeletions", "recoverableitemspurges"];
const refuse = (status, code, message) => new Refusal(status, { error: { code, message, innerError: { date: "2026-01-01T00:00:00" } } });
const noMessage = () => refuse(404, "ErrorItemNotFound", "The specified object was not found in the store.");

class Person {
	constructor(address) {
		this.address = address;
		this.folders = [...TOP, ...HIDDEN].map((name) => ({ name, id: `AQMkA${Buffer.from(`${address}/${name}`).toString("base64url")}==`, parent: null }));
		this.messages = [];
		this.seq = 0;
	}

	folder(name) {
		const found = this.folders.find((f) => f.id === name || f.name === name);
		if (!found) throw refuse(404, "ErrorItemNotFound", "The specified folder was not found.");
		return found;
	}

	addFolder(name, parent) {
		const f = { name, id: `AQMkB${Buffer.from(name).toString("base64url")}=`, parent: this.folder(parent).id };
		this.folders.push(f);
		return f;
	}

	enter(message, folder) {
		message.parentFolderId = this.folder(folder).id;
		message.entered = ++this.seq;
		return message;
	}
}

export class Graph extends Cloud {
	static async start({ people = [], permanentDelete = true, without = [] } = {}) {
		const g = new Graph();
		g.people = new Map(people.map((a) => [a, new Person(a)]));
		for (const p of g.people.values()) p.folders = p.folders.filter((f) => !without.includes(f.name));
		g.permanentDelete = permanentDelete;
		g.generation = 0; // of delta tokens
		g.made = 0;
		await g.listen();
		g.tokenUrl = `${g.url}/${GRAPH.tenant}/oauth2/v2.0/token`;
		return g;
	}

	// ---- for tests ----

	deliver(address, raw, { folder = "inbox", received = new Date().toISOString(), ...more } = {}) {
		const p = this.people.get(address);
		const m = { id: `AAkALg${++this.made}-x==`, raw: Buffer.from(raw), receivedDateTime: received.replace(/\.\d+/, ""),
			isRead: false, isDraft: false, importance: "normal", categories: [], flag: { flagStatus: "notFlagged" }, ...more };
		p.messages.push(m);
		return p.enter(m, folder);
	}

	messages(address) {
		const p = this.people.get(address);
		return p.messages.map((m) => ({ ...m, folder: p.folders.find((f) => f.id === m.parentFolderId).name }));
	}

	moveByOwner(address, message, folder) {
		const p = this.people.get(address);
		p.enter(p.messages.find((m) => m.id === message.id), folder);
	}

	expireDeltas() {
		this.generation++;
	}

	// ---- requests ----

	answer(q) {
		const parts = q.path.split("/").slice(1).map(decodeURIComponent);
		if (q.path === new URL(this.tokenUrl).pathname) return this.token(q);
		this.bearer(q.headers, refuse(401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired."));
		if (q.path === "/v1.0/$batch") return this.batch(q);
		if (parts[0] !== "v1.0" || parts[1] !== "users") throw refuse(400, "BadRequest", `Resource not found for the segment '${parts[1]}'.`);
		if (parts.length === 2) return this.users(q);
		const person = this.people.get(parts[2]);
		if (!person) throw refuse(404, "ErrorInvalidUser", `The requested user '${parts[2]}' is invalid.`);
		return this.mailbox(q, person, parts.slice(3));
	}

	token({ body }) {
		const form = new URLSearchParams(body.toString());
		if (form.get("client_id") !== GRAPH.client || form.get("client_secret") !== GRAPH.secret)
			throw new Refusal(401, { error: "invalid_client", error_description: "AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 0" });
		if (form.get("scope") !== `${this.url}/.default`) throw new Refusal(400, { error: "invalid_scope", error_description: "AADSTS70011" });
		return { body: this.issue("application") };
	}

	// Each request for itself; the answers in another order.
	batch(q) {
		const responses = JSON.parse(q.body).requests.map(({ id, method, url }) => {
			const inner = new URL(`${this.url}/v1.0${url}`), headers = { ...q.headers, prefer: 'IdType="ImmutableId"' };
			try {
				return { id, status: 200, ...this.answer({ ...q, method, path: inner.pathname, query: inner.searchParams, headers }) };
			} catch (e) {
				if (!(e instanceof Refusal)) throw e;
				return { id, status: e.status, body: e.body };
			}
		});
		return { body: { responses: responses.reverse() } };
	}

	users(q) {
		const all = [...this.people.keys()].map((mail) => ({ mail, userType: "Member" }));
		all.push({ mail: null, userType: "Member" }, { mail: "guest@elsewhere.test", userType: "Guest" });
		return this.page(q, all, Math.min(Number(q.query.get("$top")), this.peoplePage ?? 999));
	}

	// A list from $skip on, with its nextLink.
	page(q, all, size) {
		const from = Number(q.query.get("$skip") ?? 0), next = new URL(q.path, this.url);
		const empty = this.emptyFirst && !q.query.has("$skip"); // as the real one may while it is looking
		const to = empty ? 0 : from + size;
		const body = { value: all.slice(from, to) };
		if (to < all.length) {
			for (const [key, value] of q.query) next.searchParams.set(key, value);
			next.searchParams.set("$skip", to);
			body["@odata.nextLink"] = (this.linkTo ?? "") + next.href;
		}
		return { body };
	}

	mailbox(q, person, [noun, id, ...rest]) {
		if (!/IdType="ImmutableId"/.test(q.headers.prefer ?? "")) throw refuse(400, "ErrorInvalidRequest", "These tests want immutable ids.");
		if (noun === "messages" && !id) return q.method === "POST" ? this.create(q, person) : this.list(q, person, null);
		if (noun === "messages") return this.message(q, person, person.messages.find((m) => m.id === id), rest.join("/"));
		if (noun !== "mailFolders") throw refuse(400, "BadRequest", `Resource not found for the segment '${noun}'.`);
		if (!id || rest[0] === "childFolders") return this.folders(q, person, id);
		if (!rest.length) return { body: { id: person.folder(id).id } };
		return rest[1] === "delta" ? this.delta(q, person, person.folder(id)) : this.list(q, person, person.folder(id));
	}

	folders(q, person, parent) {
		const of = parent ? person.folder(parent).id : null;
		const seen = person.folders.filter((f) => f.parent === of && !HIDDEN.includes(f.name));
		return this.page(q, seen.map((f) => ({ id: f.id, childFolderCount: person.folders.filter((c) => c.parent === f.id).length })), this.folderPage ?? 10);
	}

	show(m) {
		const { raw, entered, ...shown } = m;
		return { ...shown, internetMessageId: headerOf(raw, "message-id") };
	}

	size(q) {
		return Number(/maxpagesize=(\d+)/.exec(q.headers.prefer)?.[1] ?? 10);
	}

	list(q, person, folder) {
		const filter = q.query.get("$filter") ?? "";
		const named = /^internetMessageId eq '(.*)'$/.exec(filter)?.[1].replaceAll("''", "'");
		const since = /^receivedDateTime ge (\S+)$/.exec(filter)?.[1];
		if (named === undefined && !since) throw refuse(400, "ErrorInvalidUrlQueryFilter", "The filter is not supported.");
		const hidden = HIDDEN.map((name) => person.folders.find((f) => f.name === name)?.id);
		const found = person.messages.filter((m) => (folder ? m.parentFolderId === folder.id : !hidden.includes(m.parentFolderId)) &&
			(named === undefined || headerOf(m.raw, "message-id") === named) && (!since || new Date(m.receivedDateTime) >= new Date(since)));
		if (q.query.get("$orderby") === "receivedDateTime") found.sort((a, b) => a.receivedDateTime.localeCompare(b.receivedDateTime));
		return this.page(q, found.map((m) => this.show(m)), this.size(q));
	}

	delta(q, person, folder) {
		const token = q.query.get("$deltatoken") ?? q.query.get("$skiptoken");
		const state = token ? JSON.parse(Buffer.from(token, "base64url")) : { generation: this.generation, seq: 0, most: person.seq,
			since: /^receivedDateTime ge (\S+)$/.exec(q.query.get("$filter") ?? "")?.[1] };
		if (state.generation !== this.generation) throw refuse(410, "SyncStateNotFound", "The sync state generation is not found.");
		if (q.query.has("$deltatoken")) state.most = person.seq;
		const found = person.messages.filter((m) => m.parentFolderId === folder.id && m.entered > state.seq && m.entered <= state.most &&
			(!state.since || new Date(m.receivedDateTime) >= new Date(state.since))).sort((a, b) => a.entered - b.entered);
		const size = this.size(q), value = found.slice(0, size), more = found.length > size;
		const link = (name, s) => `${this.url}${q.path}?${new URLSearchParams({ [name]: Buffer.from(JSON.stringify(s)).toString("base64url") })}`;
		const body = { value: value.map((m) => this.show(m)) };
		if (more) body["@odata.nextLink"] = link("$skiptoken", { ...state, seq: value.at(-1).entered });
		else body["@odata.deltaLink"] = link("$deltatoken", { ...state, seq: state.most });
		if (!more) body.value.push({ id: "AAkALgGone==", "@removed": { reason: "deleted" } });
		return { body };
	}

	message(q, person, m, verb) {
		if (!m) throw noMessage();
		if (q.method === "GET" && verb === "$value") return { type: "text/plain", body: m.raw };
		if (q.method === "GET") return { body: this.show(m) };
		if (q.method === "PATCH") return this.patch(m, JSON.parse(q.body));
		if (verb === "move") return { status: 201, body: this.show(person.enter(m, JSON.parse(q.body).destinationId)) };
		if (verb === "permanentDelete" && this.permanentDelete) {
			person.enter(m, "recoverableitemspurges");
			return { status: 204 };
		}
		throw refuse(400, "BadRequest", `Resource not found for the segment '${verb}'.`);
	}

	patch(m, { singleValueExtendedProperties: properties = [], ...given }) {
		Object.assign(m, given);
		for (const { id, value } of properties) if (id === "SystemTime 0x0E06") m.receivedDateTime = value.replace(/\.\d+/, "");
		return { body: this.show(m) };
	}

	// As the real one: whatever is made is a draft, among the drafts.
	create(q, person) {
		if (q.headers["content-type"] !== "text/plain") throw refuse(415, "UnsupportedMediaType", "Only MIME in these tests.");
		return { status: 201, body: this.show(this.deliver(person.address, Buffer.from(q.body.toString(), "base64"), { folder: "drafts", isDraft: true })) };
	}
}
