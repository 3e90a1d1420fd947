// A small Gmail: mailboxes with messages and labels, by the subset of the API that is documented for service accounts: an
// assertion for a token in a person's name, messages (list with q, get, modify, delete, insert by upload), labels, history,
// profile, and users of the directory. What it does with faults: cloud.mjs.
//
//	const gmail = await Gmail.start({ people: ["ann@cloud.test"] });
//	gmail.url, gmail.tokenUrl, GMAIL.robot, gmail.key (PEM)
//	const m = gmail.deliver("ann@cloud.test", raw, { labels: ["INBOX", "UNREAD"], received: Date.parse("2026-01-02T03:04:05Z") })
//	gmail.messages("ann@cloud.test")       all of them: { id, raw, labels, received }
//	gmail.relabel(address, message, labels), gmail.forgetHistory(address), gmail.expireTokens(), gmail.fault({ ... })
import { createVerify, generateKeyPairSync } from "node:crypto";
import { Cloud, Refusal, headerOf } from "./cloud.mjs";

export const GMAIL = { robot: "robot@project.test", mail: "https://mail.google.com/", admin: "admin@cloud.test",
	directory: "https://www.googleapis.com/auth/admin.directory.user.readonly" };

const SYSTEM = ["INBOX", "SPAM", "TRASH", "UNREAD", "STARRED", "IMPORTANT", "SENT", "DRAFT", "CHAT", "CATEGORY_PERSONAL", "CATEGORY_PROMOTIONS"];
const refuse = (code, reason, message) => new Refusal(code, { error: { code, message, errors: [{ message, domain: "global", reason }], status: reason.toUpperCase() } });

class Person {
	constructor(address) {
		this.address = address;
		this.messages = [];
		this.history = []; // { id, message }
		this.historyId = 1000;
		this.forgotten = 0;
		this.labels = [...SYSTEM.map((id) => ({ id, name: id, type: "system" })), { id: "Label_7", name: "Projects", type: "user" }];
	}
}

export class Gmail extends Cloud {
	static async start({ people = [] } = {}) {
		const g = new Gmail();
		g.people = new Map(people.map((a) => [a, new Person(a)]));
		g.made = 0;
		const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
		g.publicKey = publicKey;
		g.key = privateKey.export({ type: "pkcs8", format: "pem" });
		await g.listen();
		g.tokenUrl = `${g.url}/token`;
		return g;
	}

	// ---- for tests ----

	deliver(address, raw, { labels = ["INBOX", "UNREAD", "CATEGORY_PERSONAL"], received = Date.now() } = {}) {
		const p = this.people.get(address), n = ++this.made;
		const m = { id: (0x18c0000000000000n + BigInt(n) * 0x1003n).toString(16), raw: Buffer.from(raw), labels: [...labels], received };
		p.messages.push(m);
		p.history.push({ id: (p.historyId += 7), message: m });
		return m;
	}

	messages(address) {
		return this.people.get(address).messages;
	}

	relabel(address, message, labels) {
		this.messages(address).find((m) => m.id === message.id).labels = labels;
		this.people.get(address).historyId += 3;
	}

	forgetHistory(address) {
		const p = this.people.get(address);
		p.forgotten = p.historyId += 11;
	}

	// ---- requests ----

	answer(q) {
		if (q.path === "/token") return this.token(q);
		const whom = this.bearer(q.headers, refuse(401, "authError", "Request had invalid authentication credentials."));
		if (q.path === "/admin/directory/v1/users") return this.directory(q, whom);
		const [, upload, user, rest] = /^(\/upload)?\/gmail\/v1\/users\/([^/]+)(\/.*)$/.exec(q.path) ?? [];
		if (!rest) throw refuse(404, "notFound", "Not Found");
		const address = decodeURIComponent(user);
		if (whom.scope !== GMAIL.mail) throw refuse(403, "insufficientPermissions", "Request had insufficient authentication scopes.");
		if (whom.subject !== address) throw refuse(403, "forbidden", `Delegation denied for ${whom.subject}`);
		const [noun, id, verb] = rest.slice(1).split("/").map(decodeURIComponent);
		return this.mailbox(q, this.people.get(address), noun, id, upload ? "upload" : verb);
	}

	token({ body }) {
		const form = new URLSearchParams(body.toString());
		const [head, claims, signature] = (form.get("assertion") ?? "").split(".");
		const c = JSON.parse(Buffer.from(claims, "base64url"));
		const signed = createVerify("RSA-SHA256").update(`${head}.${claims}`).verify(this.publicKey, Buffer.from(signature, "base64url"));
		const bad = (error, text) => new Refusal(400, { error, error_description: text });
		if (form.get("grant_type") !== "urn:ietf:params:oauth:grant-type:jwt-bearer" || !signed || c.iss !== GMAIL.robot || c.aud !== this.tokenUrl)
			throw bad("invalid_grant", "Invalid JWT Signature.");
		if (this.unauthorized) throw new Refusal(401, { error: "unauthorized_client", error_description: "Client is unauthorized to retrieve access tokens using this method." });
		if (c.sub && c.sub !== GMAIL.admin && !this.people.has(c.sub)) throw bad("invalid_grant", "Invalid email or User ID");
		return { body: this.issue({ subject: c.sub, scope: c.scope }) };
	}

	directory(q, whom) {
		if (whom.scope !== GMAIL.directory || whom.subject !== GMAIL.admin) throw refuse(403, "forbidden", "Not Authorized to access this resource/api");
		const all = [...this.people.keys()].map((primaryEmail) => ({ primaryEmail, suspended: false }));
		all.splice(1, 0, { primaryEmail: "gone@cloud.test", suspended: true });
		return this.page(q, "users", all, this.peoplePage ?? 500);
	}

	page(q, name, all, size, more = {}) {
		const from = Number(q.query.get("pageToken") ?? 0), body = { ...more, [name]: all.slice(from, from + size) };
		if (from + size < all.length) body.nextPageToken = String(from + size);
		if (!body[name].length) delete body[name];
		return { body };
	}

	mailbox(q, person, noun, id, verb) {
		if (noun === "profile") return { body: { emailAddress: person.address, historyId: String(person.historyId) } };
		if (noun === "labels") return q.method === "POST" ? this.addLabel(q, person) : { body: { labels: person.labels } };
		if (noun === "history") return this.historyOf(q, person);
		if (noun !== "messages") throw refuse(404, "notFound", "Not Found");
		if (verb === "upload") return this.insert(q, person);
		return id ? this.message(q, person, person.messages.find((m) => m.id === id), verb) : this.list(q, person);
	}

	addLabel(q, person) {
		const given = JSON.parse(q.body);
		if (person.labels.some((l) => l.name === given.name)) throw refuse(409, "aborted", "Label name exists or conflicts");
		const label = { id: `Label_${person.labels.length}`, type: "user", ...given };
		person.labels.push(label);
		return { body: label };
	}

	// The newest first, as the real one.
	list(q, person) {
		const terms = (q.query.get("q") ?? "").split(" ").filter(Boolean), label = q.query.get("labelIds");
		const fits = (m, term) => {
			if (term.startsWith("rfc822msgid:")) return headerOf(m.raw, "message-id") === `<${term.slice(12)}>`;
			if (term.startsWith("after:")) return Math.floor(m.received / 1000) > Number(term.slice(6));
			throw refuse(400, "invalidArgument", `These tests do not know ${term}`);
		};
		const all = q.query.get("includeSpamTrash") === "true";
		const found = person.messages.filter((m) => terms.every((t) => fits(m, t)) && (!label || m.labels.includes(label)) &&
			(all || !m.labels.some((l) => l === "SPAM" || l === "TRASH"))).sort((a, b) => b.received - a.received);
		return this.page(q, "messages", found.map(({ id }) => ({ id, threadId: id })), Number(q.query.get("maxResults")), { resultSizeEstimate: found.length });
	}

	historyOf(q, person) {
		const start = Number(q.query.get("startHistoryId")), label = q.query.get("labelId");
		if (start < person.forgotten) throw refuse(404, "notFound", "Requested entity was not found.");
		const found = person.history.filter((h) => h.id > start && (!label || h.message.labels.includes(label)));
		return this.page(q, "history", found.map((h) => ({ id: String(h.id), messages: [{ id: h.message.id }],
			messagesAdded: [{ message: { id: h.message.id, labelIds: h.message.labels } }] })), Number(q.query.get("maxResults")), { historyId: String(person.historyId) });
	}

	show(m) {
		return { id: m.id, threadId: m.id, labelIds: m.labels, internalDate: String(m.received), sizeEstimate: m.raw.length };
	}

	message(q, person, m, verb) {
		if (!m) throw refuse(404, "notFound", "Requested entity was not found.");
		if (q.method === "DELETE") {
			person.messages.splice(person.messages.indexOf(m), 1);
			return { status: 204 };
		}
		if (verb === "modify") return this.modify(person, m, JSON.parse(q.body));
		const format = q.query.get("format");
		if (format === "raw") return { body: { ...this.show(m), raw: m.raw.toString("base64url") + "=".repeat((3 - (m.raw.length % 3)) % 3) } };
		if (format === "metadata") return { body: { ...this.show(m), payload: { headers: [{ name: "Message-Id", value: headerOf(m.raw, "message-id") }] } } };
		return { body: this.show(m) };
	}

	modify(person, m, { addLabelIds = [], removeLabelIds = [] }) {
		const unknown = [...addLabelIds, ...removeLabelIds].find((id) => !person.labels.some((l) => l.id === id));
		if (unknown) throw refuse(400, "invalidArgument", `Invalid label: ${unknown}`);
		m.labels = [...m.labels.filter((l) => !removeLabelIds.includes(l) && !addLabelIds.includes(l)), ...addLabelIds];
		person.historyId += 3;
		return { body: this.show(m) };
	}

	// A body of two parts. What is stored begins with a line of trace.
	insert(q, person) {
		const boundary = /^multipart\/related; boundary=(.+)$/.exec(q.headers["content-type"])[1];
		const text = q.body.toString("latin1"), parts = text.split(`\r\n--${boundary}`);
		const inside = (part) => part.slice(part.indexOf("\r\n\r\n") + 4);
		const { labelIds } = JSON.parse(inside(parts[0])), raw = Buffer.from(inside(parts[1]), "latin1");
		if (parts.length !== 3 || q.query.get("uploadType") !== "multipart") throw refuse(400, "badRequest", "Media type");
		const unknown = labelIds.find((id) => !person.labels.some((l) => l.id === id));
		if (unknown) throw refuse(400, "invalidArgument", `Invalid label: ${unknown}`);
		const date = q.query.get("internalDateSource") === "dateHeader" ? Date.parse(headerOf(raw, "date")) : Date.now();
		const trace = Buffer.from("Received: from 1 named unknown by gmailapi.google.com with HTTPREST\r\n");
		return { body: this.show(this.deliver(person.address, Buffer.concat([trace, raw]), { labels: labelIds, received: date })) };
	}
}
