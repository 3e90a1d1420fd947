// Who is told of events: a webhook's HTTP server and a syslog server, which keep what they get.
import { createHmac } from "node:crypto";
import dgram from "node:dgram";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import tls from "node:tls";
import { once } from "node:events";

export class Receiver {
	// answer: gives the status for a request; null = silence
	static async start({ answer = () => 200, key, cert } = {}) {
		const r = new Receiver();
		r.answer = answer;
		r.requests = []; // { headers, body, event, status }
		const take = async (request, response) => {
			const pieces = [];
			for await (const piece of request) pieces.push(piece);
			const body = Buffer.concat(pieces).toString();
			const got = { method: request.method, url: request.url, headers: request.headers, body, event: JSON.parse(body) };
			got.status = r.answer(got);
			r.requests.push(got);
			if (got.status !== null) response.writeHead(got.status, { location: "/elsewhere" }).end("thanks");
		};
		r.server = key ? https.createServer({ key, cert }, take) : http.createServer(take);
		r.server.on("tlsClientError", () => {});
		r.server.listen(0, "127.0.0.1");
		await once(r.server, "listening");
		r.port = r.server.address().port;
		r.url = `http${key ? "s" : ""}://127.0.0.1:${r.port}/events?from=postern`;
		return r;
	}

	// The events that were taken, in order.
	get events() {
		return this.requests.filter((r) => r.status === 200).map((r) => r.event);
	}

	about(messageId) {
		return this.events.filter((e) => e.object.message_id === messageId);
	}

	stop() {
		this.server.closeAllConnections();
		this.server.close();
	}
}

export const signature = (secret, request) =>
	"v1=" + createHmac("sha256", secret).update(`${request.headers["postern-timestamp"]}.${request.body}`).digest("hex");

export class Syslog {
	static async start(transport, { key, cert } = {}) {
		const s = new Syslog();
		s.messages = [];
		if (transport === "UDP") {
			s.server = dgram.createSocket("udp4").on("message", (bytes) => s.messages.push(bytes.toString()));
			s.server.bind(0, "127.0.0.1");
		} else {
			const take = (socket) => socket.on("error", () => {}).on("data", (bytes) => s.take(socket, bytes));
			s.server = transport === "TLS" ? tls.createServer({ key, cert }, take) : net.createServer(take);
			s.server.on("tlsClientError", () => {});
			s.server.listen(0, "127.0.0.1");
		}
		await once(s.server, "listening");
		s.address = `127.0.0.1:${s.server.address().port}`;
		return s;
	}

	// Octet counting (RFC 6587 §3.4.1): anything else throws.
	take(socket, bytes) {
		let rest = Buffer.concat([socket.rest ?? Buffer.alloc(0), bytes]);
		for (;;) {
			const head = /^([1-9][0-9]*) /.exec(rest.subarray(0, 12).toString("latin1"));
			if (!head && rest.length > 12) throw new Error(`no frame: ${rest.subarray(0, 40)}`);
			if (!head || rest.length < head[0].length + Number(head[1])) break;
			this.messages.push(rest.subarray(head[0].length, head[0].length + Number(head[1])).toString());
			rest = rest.subarray(head[0].length + Number(head[1]));
		}
		socket.rest = rest;
	}

	stop() {
		this.server.close();
	}
}
