// One person's mailbox as the connectors show it, through the program tests/mailbox/tool.c.
//
//	const box = await Mailbox.open({ provider: "imap", server: "127.0.0.1:143", security: "PLAINTEXT", user: "master", secret: "x", address: "ann@a.test" });
//	const { items } = await box.find("<id@host>");       throws a Fault (error, trouble, text) when the answer is not ok
//	const fault = await box.fault("move", folder, id, "JunkEmail");   the Fault; throws when all is well
//
// Verbs are those of the program; see there for their words and answers.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import path from "node:path";
import readline from "node:readline";
import { BINARY } from "./postern.mjs";

const TOOL = path.join(path.dirname(BINARY), "tests/mailbox/mailbox_tool");

// Why there can be none here, or "".
export const missingTool = () => (existsSync(TOOL) ? "" : "needs a build with tests");

export class Fault extends Error {
	constructor({ error, trouble, text, retry_after_ms }) {
		super(`${error}, ${trouble}: ${text}`);
		Object.assign(this, { error, trouble, text, retryAfterMs: retry_after_ms });
	}
}

export class Mailbox {
	// options: as the program has them, without the dashes before
	static async open(options) {
		const box = new Mailbox();
		const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
		box.process = spawn(TOOL, words, { stdio: ["pipe", "pipe", "inherit"] });
		box.lines = readline.createInterface({ input: box.process.stdout })[Symbol.asyncIterator]();
		await box.answer().catch(async (error) => {
			await box.close();
			throw error;
		});
		return box;
	}

	async answer() {
		const { value, done } = await this.lines.next();
		if (done) throw new Error(`the mailbox program ended: ${this.process.exitCode}`);
		const answer = JSON.parse(value);
		if (answer.error !== "ok") throw new Fault(answer);
		return answer;
	}

	run(verb, ...words) {
		this.process.stdin.write([verb, ...words.map((word) => String(word).replaceAll("\n", "\\n"))].join("\t") + "\n");
		return this.answer();
	}

	find(id) { return this.run("find", id); }
	changes(folder, cursor, since, most = 100) { return this.run("changes", folder, cursor, since, most); }
	wait(ms) { return this.run("wait", ms); }
	fetch({ folder, id }, file) { return this.run("fetch", folder, id, file); }
	move({ folder, id }, destination) { return this.run("move", folder, id, destination); }
	moveBack({ folder, id }, to) { return this.run("move_back", folder, id, to); }
	delete({ folder, id }) { return this.run("delete", folder, id); }
	restore(file, { flags, received_us }, folder) { return this.run("restore", file, flags, received_us, folder); }

	async fault(verb, ...words) {
		const answer = await this[verb](...words).catch((error) => error);
		if (!(answer instanceof Fault)) throw answer instanceof Error ? answer : new Error(`${verb} went well: ${JSON.stringify(answer)}`);
		return answer;
	}

	async close() {
		this.process.stdin.end();
		if (this.process.exitCode === null) await once(this.process, "exit");
		return this.process.exitCode;
	}
}
