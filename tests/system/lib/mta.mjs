// A client that behaves like a mail server: it sends the same bytes again until they are taken or refused for good,
// and keeps what it was told.
import { Client } from "./smtp.mjs";
import { wait } from "./postern.mjs";

const RETRY_MS = 40;
const ANSWER_MS = 20_000; // then the server is taken for dead

// One attempt: { code, said }; code 0: no answer came; said: the final dot went out, so it may have been taken.
async function attempt(port, { from, to, raw }) {
	const result = { code: 0, said: false };
	let client;
	try {
		client = await Client.connect(port);
	} catch {
		return result;
	}
	const timer = setTimeout(() => client.close(), ANSWER_MS);
	try {
		if (client.banner.code !== 220) return { ...result, code: client.banner.code };
		for (const line of ["EHLO mta.example", `MAIL FROM:<${from}>`, ...[to].flat().map((one) => `RCPT TO:<${one}>`)]) {
			const reply = await client.command(line);
			if (reply.code !== 250) return { ...result, code: reply.code };
		}
		const { data, end } = await client.content(raw);
		return { code: (end ?? data).code, said: end !== null };
	} finally {
		clearTimeout(timer);
		client.close();
	}
}

export class Mta {
	// make(n): the nth mail, { from, to, raw, id, ... }; `sessions` of them are sent at once, with a pause behind each, until end().
	constructor(port, make, sessions, pauseMs = 0) {
		this.port = port;
		this.mails = [];
		this.stopped = false;
		this.giveUp = Infinity;
		this.all = Promise.all(Array.from({ length: sessions }, async () => {
			while (!this.stopped) {
				await this.send(make(this.mails.length));
				if (pauseMs) await wait(pauseMs);
			}
		}));
	}

	async send(mail) {
		mail.attempts = [];
		this.mails.push(mail);
		for (;;) {
			const result = await attempt(this.port, mail);
			mail.attempts.push(result);
			mail.code = result.code;
			if (result.code === 250 || result.code >= 500 || Date.now() > this.giveUp) return;
			await wait(RETRY_MS);
		}
	}

	// Mail under way is sent to its end, or given up after some seconds; gives all of them.
	async end(seconds = 30) {
		this.stopped = true;
		this.giveUp = Date.now() + seconds * 1000;
		await this.all;
		return this.mails;
	}
}

// How often the sender had to send a mail again because it heard nothing of what it had sent whole.
export const unanswered = (mail) => mail.attempts.filter((a) => a.said && a.code === 0).length;
