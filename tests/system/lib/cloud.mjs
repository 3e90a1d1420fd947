// What the small servers of mailbox providers (graph.mjs, gmail.mjs) have in common: HTTP on loopback, tokens, and faults on
// demand.
//
//	cloud.fault({ path: /move/, status: 429, headers: { "retry-after": "7" }, error })   the next such request is refused
//	cloud.fault({ path: /move/, cut: "before" })     the connection is cut, and nothing was done
//	cloud.fault({ path: /move/, cut: "after" })      it was done, and the answer is cut in the middle
//	times: how many requests it is for (1)
import { once } from "node:events";
import http from "node:http";

export class Refusal extends Error {
	constructor(status, body) {
		super(`${status}`);
		this.status = status;
		this.body = body;
	}
}

export class Cloud {
	constructor() {
		this.faults = [];
		this.requests = []; // "METHOD path"
		this.tokens = new Map(); // token -> whom it is for
		this.issued = 0;
	}

	async listen() {
		this.server = http.createServer((request, response) => this.take(request, response));
		this.server.listen(0, "127.0.0.1");
		await once(this.server, "listening");
		this.url = `http://127.0.0.1:${this.server.address().port}`;
		return this;
	}

	stop() {
		this.server.closeAllConnections();
		this.server.close();
	}

	fault(fault) {
		this.faults.push({ times: 1, ...fault });
	}

	// A token for somebody, and the answer that tells it.
	issue(whom) {
		const token = `token-${++this.issued}`;
		this.tokens.set(token, whom);
		return { token_type: "Bearer", expires_in: 3599, access_token: token };
	}

	// What is out is no longer valid; nobody is told.
	expireTokens() {
		this.tokens.clear();
	}

	count(pattern) {
		return this.requests.filter((line) => pattern.test(line)).length;
	}

	dueFault(line) {
		const i = this.faults.findIndex((f) => f.path.test(line));
		if (i < 0) return undefined;
		const fault = this.faults[i];
		if (--fault.times === 0) this.faults.splice(i, 1);
		return fault;
	}

	async take(request, response) {
		const pieces = [];
		for await (const piece of request) pieces.push(piece);
		const line = `${request.method} ${request.url}`;
		this.requests.push(line);
		const fault = this.dueFault(line);
		if (fault?.cut === "before") return request.socket.destroy();
		let answer;
		try {
			if (fault?.status) throw new Refusal(fault.status, fault.error ?? {});
			const url = new URL(request.url, this.url);
			answer = await this.answer({ method: request.method, path: url.pathname, query: url.searchParams,
				headers: request.headers, body: Buffer.concat(pieces) });
		} catch (e) {
			if (!(e instanceof Refusal)) throw e;
			answer = { status: e.status, body: e.body };
		}
		this.send(request, response, answer, fault);
	}

	send(request, response, { status = 200, type = "application/json", body }, fault) {
		const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body === undefined ? "" : JSON.stringify(body));
		const head = { "content-type": type, "content-length": bytes.length, ...fault?.headers };
		if (fault?.cut !== "after") {
			response.writeHead(status, head).end(bytes);
			return;
		}
		response.writeHead(status, { ...head, "content-length": bytes.length + 10 });
		response.write(bytes.subarray(0, bytes.length / 2), () => request.socket.destroy());
	}

	// Whom the token of a request is for, or a refusal.
	bearer(headers, refusal) {
		const token = /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1];
		if (!this.tokens.has(token)) throw refusal;
		return this.tokens.get(token);
	}
}

export const headerOf = (raw, name) =>
	new RegExp(`^${name}:[ \\t]*(.*)$`, "im").exec(raw.toString("latin1").split(/\r?\n\r?\n/)[0])?.[1].trim() ?? "";
