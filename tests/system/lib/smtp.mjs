// An SMTP client that does exactly what it is told, right or wrong (RFC 5321).
import net from "node:net";
import tls from "node:tls";
import { once } from "node:events";

export class Client {
	constructor(socket) {
		this.replies = [];
		this.waiting = [];
		this.partial = [];
		this.text = "";
		this.closed = false;
		this.attach(socket);
	}

	static async connect(port, options = {}) {
		const socket = net.connect({ port, host: "127.0.0.1", ...options });
		await once(socket, "connect");
		socket.setNoDelay(true);
		const client = new Client(socket);
		client.banner = await client.reply();
		return client;
	}

	attach(socket) {
		this.socket = socket;
		socket.on("data", (bytes) => this.take(bytes.toString("latin1")));
		const end = () => {
			this.closed = true;
			for (const give of this.waiting.splice(0)) give({ code: 0, text: "connection closed" });
		};
		socket.on("close", end);
		socket.on("error", end);
	}

	// Lines up to one without a hyphen are one reply: { code, text } with its lines divided by \n.
	take(text) {
		this.text += text;
		for (let at; (at = this.text.indexOf("\r\n")) >= 0; ) {
			const line = this.text.slice(0, at);
			this.text = this.text.slice(at + 2);
			this.partial.push(line.slice(4));
			if (line[3] === "-") continue;
			const reply = { code: Number(line.slice(0, 3)), text: this.partial.splice(0).join("\n") };
			const give = this.waiting.shift();
			if (give) give(reply);
			else this.replies.push(reply);
		}
	}

	reply() {
		if (this.replies.length) return Promise.resolve(this.replies.shift());
		if (this.closed) return Promise.resolve({ code: 0, text: "connection closed" });
		return new Promise((give) => this.waiting.push(give));
	}

	write(bytes) {
		if (!this.closed) this.socket.write(bytes, typeof bytes === "string" ? "latin1" : undefined);
	}

	command(line) {
		this.write(line + "\r\n");
		return this.reply();
	}

	async starttls() {
		const reply = await this.command("STARTTLS");
		if (reply.code !== 220) return reply;
		const plain = this.socket;
		plain.removeAllListeners("data");
		plain.removeAllListeners("close");
		const secure = tls.connect({ socket: plain, rejectUnauthorized: false });
		await once(secure, "secureConnect");
		this.attach(secure);
		return reply;
	}

	// MAIL, RCPTs and DATA or BDAT; gives every reply. The mail has CRLF line ends and any bytes.
	async send({ from = "sender@example.net", to = ["user@example.test"], mail, params = "", bdat = false }) {
		const result = { mail: await this.command(`MAIL FROM:<${from}>${params}`), rcpt: [], data: null, end: null };
		if (result.mail.code !== 250) return result;
		for (const address of [to].flat()) result.rcpt.push(await this.command(`RCPT TO:<${address}>`));
		if (!result.rcpt.some((r) => r.code === 250)) {
			await this.command("RSET");
			return result;
		}
		if (bdat) {
			const bytes = Buffer.from(mail);
			const half = bytes.length >> 1;
			this.write(`BDAT ${half}\r\n`);
			this.write(bytes.subarray(0, half));
			result.data = await this.reply();
			this.write(`BDAT ${bytes.length - half} LAST\r\n`);
			this.write(bytes.subarray(half));
			result.end = await this.reply();
			return result;
		}
		return { ...result, ...await this.content(mail) };
	}

	// DATA and the content; end is null when DATA was refused.
	async content(mail) {
		const data = await this.command("DATA");
		if (data.code !== 354) return { data, end: null };
		this.write(stuffed(mail));
		return { data, end: await this.reply() };
	}

	async quit() {
		const reply = await this.command("QUIT");
		this.close();
		return reply;
	}

	close() {
		this.socket.destroy();
	}
}

// Content with its dots stuffed and its end (RFC 5321 §4.5.2).
export function stuffed(mail) {
	let text = Buffer.from(mail).toString("latin1");
	if (!text.endsWith("\r\n")) text += "\r\n";
	return (text.startsWith(".") ? "." : "") + text.replaceAll("\r\n.", "\r\n..") + ".\r\n";
}

// One session, one mail.
export async function sendMail(port, options) {
	const client = await Client.connect(port, options.localAddress ? { localAddress: options.localAddress } : {});
	await client.command("EHLO client.example.net");
	const result = await client.send(options);
	client.close();
	return result;
}

// The reply that decides: that to the final dot, or the first refusal before it.
export function outcome(result) {
	if (result.mail.code !== 250) return result.mail;
	const refused = result.rcpt.find((r) => r.code !== 250);
	return result.end ?? (result.data && result.data.code !== 354 ? result.data : refused) ?? result.mail;
}
