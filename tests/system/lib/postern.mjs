// One server of our own per test file: free ports, a directory of its own, its own DNS and next hop.
import { spawn, execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync, rmSync, readFileSync, readdirSync, chmodSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { once } from "node:events";
import { Dns } from "./dns.mjs";
import { Sink } from "./sink.mjs";
import { OpenApi } from "./openapi.mjs";

export const ROOT = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "../../..");
export const BINARY = process.env.POSTERN ?? path.join(ROOT, "build/postern");
// Builds with sanitizers are slower: waits are stretched, numbers of mails are not.
export const SLOW = process.env.POSTERN_SLOW ? 5 : 1;

let openapi; // the binary's own document, asked for once

// Throws when the answer is not as the server's own document says. body: parsed.
export function checkAnswer(method, url, { status, type, body }) {
	if (type === "application/json" && method !== "HEAD") openapi.check(method, new URL(url).pathname, status, body);
}

export const wait = (ms) => new Promise((done) => setTimeout(done, ms));

// Waits until `probe` gives something true, and gives that; throws after `seconds`.
export async function until(probe, what, seconds = 15) {
	const end = Date.now() + seconds * 1000 * SLOW;
	for (;;) {
		const value = await probe();
		if (value) return value;
		if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
		await wait(20);
	}
}

// Files of tests run side by side, each a process: each begins elsewhere, below the ports that the kernel gives to whoever asks
// for any, and gives none twice.
const [FIRST_PORT, PORTS] = [10_000, 20_000];
let ports = process.pid * 97;

export async function freePort() {
	for (;;) {
		const port = FIRST_PORT + ports++ % PORTS;
		const server = net.createServer().listen(port, "127.0.0.1");
		const free = await once(server, "listening").then(() => true, () => false);
		if (!free) continue;
		server.close();
		await once(server, "close");
		return port;
	}
}

function children(pid) {
	try {
		return readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").trim().split(" ").filter(Boolean).map(Number);
	} catch {
		return [];
	}
}

export class Postern {
	// settings: lines of the configuration file, by group: { smtp: { errors: 5 } }
	static async start({ settings = {}, records = {}, domains = [{ name: "example.test" }], dir } = {}) {
		const p = new Postern();
		p.reports = []; // what sanitizers said, in builds with them
		p.settings = settings;
		p.dir = dir ?? mkdtempSync(path.join(os.tmpdir(), "postern-"));
		chmodSync(p.dir, 0o755); // the roles run as somebody else when we are root
		p.data = path.join(p.dir, "data");
		p.sink = await Sink.start();
		p.dns = await Dns.start(records);
		p.smtpPort = await freePort();
		p.httpPort = await freePort();
		try {
			p.writeConfig();
			p.account = p.cli("account", "add", "--id", "0123456789abcdef0123456789abcdef", "Test").trim().split("\n").at(-1);
			p.token = p.secret("token", "add", "--account", p.account, "--scope", "write", "tests");
			for (const d of domains) p.addDomain(d);
			await p.serve();
		} catch (fault) {
			await p.stop(); // what is left would keep the process of the tests from ending
			throw fault;
		}
		return p;
	}

	addDomain({ name, mode = "DIRECT,BCC", drop, transport = `127.0.0.1:${this.sink.port}` }) {
		this.cli("domain", "add", "--account", this.account, name, "--transport", transport, "--mode", mode,
			...(drop ? ["--drop", drop] : []));
	}

	writeConfig() {
		const groups = { smtp: {}, http: {}, dns: {}, ...this.settings };
		groups.smtp = { listen: `127.0.0.1:${this.smtpPort}`, connections_per_address: 1000, ...groups.smtp };
		groups.http = { listen: `127.0.0.1:${this.httpPort}`, rate_requests: 0, rate_address_requests: 0,
			connections_per_address: 250, ...groups.http };
		groups.dns = { servers: `127.0.0.1@${this.dns.port}`, ...groups.dns };
		let text = 'hostname = "gw.example.test";\n';
		for (const [name, rows] of Object.entries(groups)) {
			if (typeof rows !== "object") text += `${name} = ${JSON.stringify(rows)};\n`;
			else text += `${name}: { ${Object.entries(rows).map(([k, v]) => `${k} = ${JSON.stringify(v)};`).join(" ")} };\n`;
		}
		this.config = path.join(this.dir, "postern.conf");
		writeFileSync(this.config, text);
	}

	// Runs a command and gives its output; throws what it said when it failed.
	cli(...words) {
		return execFileSync(BINARY, [...words, "--config", this.config, "--data", this.data], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
	}

	// The same, but gives { status, stdout, stderr }.
	tryCli(...words) {
		return spawnSync(BINARY, [...words, "--config", this.config, "--data", this.data], { encoding: "utf8" });
	}

	// The last line, which is the secret alone.
	secret(...words) {
		return this.cli(...words).trimEnd().split("\n").at(-1);
	}

	async serve() {
		this.log = "";
		this.complaints = []; // lines of the log that warn of something
		let rest = "";
		this.process = spawn(BINARY, ["serve", "--config", this.config, "--data", this.data], { stdio: ["ignore", "pipe", "pipe"] });
		for (const stream of [this.process.stdout, this.process.stderr])
			stream.on("data", (bytes) => {
				this.log = (this.log + bytes).slice(-1_000_000);
				const lines = (rest + bytes).split("\n");
				rest = lines.pop();
				this.complaints.push(...lines.filter((l) => /level=(warn|error) /.test(l)));
				this.reports.push(...lines.filter((l) => /Sanitizer|runtime error:/.test(l)));
			});
		this.exited = once(this.process, "exit");
		this.process.on("exit", (code, signal) => { this.ended = signal ?? code; });
		this.ended = undefined;
		await until(async () => {
			if (this.ended !== undefined) throw new Error(`the server ended (${this.ended}):\n${this.log}`);
			return await this.isReady();
		}, "ready to serve");
		openapi ??= new OpenApi(JSON.parse((await this.fetchOpen("/openapi.json")).text));
	}

	async isReady() {
		const health = await this.fetchOpen("/healthz").catch(() => null);
		if (health?.status !== 200) return false;
		return await new Promise((done) => {
			const socket = net.connect(this.smtpPort, "127.0.0.1");
			socket.once("data", (bytes) => { socket.destroy(); done(bytes.toString().startsWith("220")); });
			socket.once("error", () => done(false));
			socket.setTimeout(1000, () => { socket.destroy(); done(false); });
		});
	}

	// What is served to anybody, also over TLS; who it is does not matter here. Gives { status, text }.
	async fetchOpen(path) {
		const client = this.settings.http?.certificate ? https : http;
		const asked = client.get({ host: "127.0.0.1", port: this.httpPort, path, rejectUnauthorized: false, agent: false });
		const [answer] = await once(asked, "response");
		let text = "";
		for await (const piece of answer.setEncoding("utf8")) text += piece;
		return { status: answer.statusCode, text };
	}

	// After its death: started again and again until it serves, for the ports are free only when the last process of
	// the old one has gone.
	async restart() {
		await this.exited;
		await until(() => this.serve().then(() => true, () => false), "the server starts again");
	}

	// The most memory a process had, in MB; 0 when there is no such process.
	peakMb(pid) {
		return this.statusMb(pid, "VmHWM");
	}

	// What it has now.
	memoryMb(pid) {
		return this.statusMb(pid, "VmRSS");
	}

	statusMb(pid, field) {
		try {
			return Math.ceil(Number(new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(readFileSync(`/proc/${pid}/status`, "latin1"))[1]) / 1024);
		} catch {
			return 0;
		}
	}

	// The fields of /proc/PID/stat; null when there is no such process.
	stat(pid) {
		try {
			const text = readFileSync(`/proc/${pid}/stat`, "latin1");
			return [pid, "", ...text.slice(text.lastIndexOf(")") + 2).split(" ")];
		} catch {
			return null;
		}
	}

	// Sends SIGTERM and gives the exit status.
	async terminate() {
		this.process.kill("SIGTERM");
		await this.exited;
		return this.ended;
	}

	async stop() {
		if (this.process && this.ended === undefined) {
			this.process.kill("SIGTERM");
			const timer = setTimeout(() => this.process.kill("SIGKILL"), 20_000);
			await this.exited;
			clearTimeout(timer);
		}
		await this.sink.stop();
		this.dns.stop();
		if (this.reports.length) throw new Error(`reports of sanitizers:\n${this.log}`);
		if (process.env.POSTERN_KEEP) console.log(`kept ${this.dir}`);
		else rmSync(this.dir, { recursive: true, force: true });
	}

	// Processes of the server by the name of their role: { role: [pid] }; the name is in /proc/PID/comm or the arguments.
	roles() {
		const found = {};
		const visit = (pid) => {
			try {
				const words = readFileSync(`/proc/${pid}/cmdline`, "latin1").split("\0").filter(Boolean);
				const comm = readFileSync(`/proc/${pid}/comm`, "latin1").trim();
				const name = /(intake|milter|api|courier|zygote|scan|worker|preview|picture)/.exec(`${comm} ${words.slice(1, 3).join(" ")}`)?.[1] ?? "supervisor";
				(found[name] ??= []).push(pid);
			} catch {
				return;
			}
			for (const child of children(pid)) visit(child);
		};
		visit(this.process.pid);
		return found;
	}

	get base() {
		return `http://127.0.0.1:${this.httpPort}/client/v4`;
	}

	// One request below email-security; gives { status, body, headers }. 503 and 429 are the caller's business.
	request(method, where, options) {
		return this.ask(method, `/accounts/${this.account}/email-security/${where}`, options);
	}

	// One request below the base. A token of null is none. Throws when the answer is not as the server's own document says.
	async ask(method, target, { query = {}, body, headers = {}, token = this.token } = {}) {
		const url = new URL(`${this.base}${target}`);
		for (const [key, value] of Object.entries(query)) url.searchParams.append(key, value);
		const answer = await fetch(url, {
			method,
			headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
			body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
		});
		const text = await answer.text();
		let parsed = null;
		try {
			parsed = JSON.parse(text);
		} catch {
			// The test that looks at it says what was wrong.
		}
		checkAnswer(method, url, { status: answer.status, type: answer.headers.get("content-type"), body: parsed });
		return { status: answer.status, headers: answer.headers, body: parsed, text };
	}

	async get(where, query) {
		const answer = await this.request("GET", where, { query });
		if (answer.status !== 200) throw new Error(`GET ${where}: ${answer.status} ${answer.text}`);
		return answer.body;
	}

	// The messages with this Message-ID, clean ones too.
	async find(messageId) {
		return (await this.get("investigate", { message_id: messageId, detections_only: "false" })).result;
	}

	// Waits for the one message with this Message-ID.
	found(messageId) {
		return until(async () => (await this.find(messageId))[0], `message ${messageId} in the API`);
	}
}

// Whether a folder has anything in it; for data that may be absent.
export function hasFiles(folder) {
	try {
		return readdirSync(folder).length > 0;
	} catch {
		return false;
	}
}
