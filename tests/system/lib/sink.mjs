// The next hop: an SMTP server that keeps what it gets and misbehaves when told to.
import net from "node:net";
import { once } from "node:events";

const OK = "250 2.0.0 Ok";

export class Sink {
	// behave: functions that give a reply line, or null for silence; each may be set at any time.
	//   rcpt(address), mail(address), data(), end(mail); banner; delayMs waits before a mail is taken, afterMs before that is said
	constructor() {
		this.mails = [];
		this.sockets = new Set();
		this.behave = {};
		this.extensions = ["PIPELINING", "SIZE 104857600", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"];
	}

	static async start(port = 0) {
		const sink = new Sink();
		await sink.listen(port);
		return sink;
	}

	async listen(port) {
		this.server = net.createServer((socket) => this.session(socket));
		this.server.listen(port, "127.0.0.1");
		await once(this.server, "listening");
		this.port = this.server.address().port;
	}

	// Nobody answers at the port any more; listen(port) brings it back.
	async stop() {
		for (const socket of this.sockets) socket.destroy();
		this.server.close();
		await once(this.server, "close");
	}

	session(socket) {
		const say = (line) => line !== null && socket.writable && socket.write(line + "\r\n");
		let text = "";
		let state = { from: null, to: [] };
		let inData = false;
		let searched = 0; // so far, for the end of a mail that comes in many pieces

		this.sockets.add(socket);
		socket.setNoDelay(true);
		socket.on("close", () => this.sockets.delete(socket));
		socket.on("error", () => {});
		say(this.behave.banner ?? "220 sink.example ESMTP");
		const finish = async () => {
			const end = text.startsWith(".\r\n") ? 0 : text.indexOf("\r\n.\r\n", searched) + 2;
			searched = end === 1 ? Math.max(0, text.length - 4) : 0;
			if (end === 1) return;
			const raw = text.slice(0, end);
			text = text.slice(end + 3);
			inData = false;
			const mail = { ...state, raw: Buffer.from(raw.replace(/(^|\r\n)\.\./g, "$1."), "latin1") };
			state = { from: null, to: [] };
			if (this.behave.delayMs) await new Promise((done) => setTimeout(done, this.behave.delayMs));
			const reply = this.behave.end ? this.behave.end(mail) : OK;
			if (reply !== null && reply.startsWith("2")) this.mails.push(mail);
			if (this.behave.afterMs) await new Promise((done) => setTimeout(done, this.behave.afterMs));
			say(reply);
			if (text) take("");
		};
		const command = (line) => {
			const word = line.slice(0, 4).toUpperCase();
			const address = /<([^>]*)>/.exec(line)?.[1] ?? "";
			if (state.silent) return;
			if (word === "EHLO") say(["sink.example", ...this.extensions].map((e, i, all) =>
				`250${i + 1 < all.length ? "-" : " "}${e}`).join("\r\n"));
			else if (word === "HELO" || word === "NOOP") say(OK);
			else if (word === "RSET") { state = { from: null, to: [] }; say(OK); }
			else if (word === "MAIL") {
				const reply = this.behave.mail ? this.behave.mail(address) : OK;
				if (!reply) state.silent = true; // to what was said behind it, too
				Object.assign(state, { from: address, mailLine: line });
				say(reply);
			}
			else if (word === "RCPT") {
				const reply = this.behave.rcpt ? this.behave.rcpt(address) : OK;
				if (reply?.startsWith("2")) state.to.push(address);
				say(reply);
			} else if (word === "DATA") {
				const reply = this.behave.data ? this.behave.data() : "354 Go on";
				inData = reply?.startsWith("354") ?? false;
				say(reply);
			} else if (word === "QUIT") { say("221 2.0.0 Bye"); socket.end(); }
			else say("502 5.5.1 What?");
		};
		const take = (bytes) => {
			text += bytes;
			while (!inData) {
				const at = text.indexOf("\r\n");
				if (at < 0) return;
				const line = text.slice(0, at);
				text = text.slice(at + 2);
				command(line);
			}
			void finish();
		};
		socket.on("data", (bytes) => take(bytes.toString("latin1")));
	}
}

// Checks that `got` is `sent` with header fields put in front, and gives these as text.
export function addedHeaders(got, sent) {
	const received = Buffer.from(got);
	const original = Buffer.from(sent);
	const at = received.length - original.length;
	if (at < 0 || !received.subarray(at).equals(original)) return null;
	return received.subarray(0, at).toString("latin1");
}
