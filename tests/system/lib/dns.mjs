// A DNS server for tests: TXT, A and MX from a table, NXDOMAIN for the rest; or one that is dead, slow, or lies.
import { randomBytes } from "node:crypto";
import dgram from "node:dgram";
import { once } from "node:events";

const TYPES = { A: 1, MX: 15, TXT: 16 };

function rdata(type, value) {
	if (type === TYPES.A) return Buffer.from(value.split(".").map(Number));
	if (type === TYPES.MX) {
		const [preference, host] = value.split(" ");
		const name = Buffer.concat([...host.split(".").map((l) => Buffer.from([l.length, ...Buffer.from(l)])), Buffer.from([0])]);
		return Buffer.concat([Buffer.from([0, Number(preference)]), name]);
	}
	const pieces = value.match(/.{1,255}/gs) ?? [""];
	return Buffer.concat(pieces.map((p) => Buffer.from([p.length, ...Buffer.from(p, "latin1")])));
}

// An answer to the question with this many records, whatever follows it.
function reply(question, flags, records, ...rest) {
	const header = Buffer.from(question.subarray(0, 12));
	header.writeUInt16BE(flags, 2);
	header.writeUInt16BE(records, 6);
	header.writeUInt32BE(0, 8);
	return Buffer.concat([header, question.subarray(12), ...rest]);
}

// A record for the name that was asked for, of any type, with any length written before its data.
function record(type, length, data) {
	return Buffer.concat([Buffer.from([0xc0, 12, type >> 8, type & 255, 0, 1, 0, 0, 0, 60, length >> 8, length & 255]), data]);
}

const lies = [
	(question) => Buffer.concat([question.subarray(0, 2), randomBytes(200)]),
	(question) => reply(question, 0x8180, 50, record(TYPES.TXT, 5, Buffer.from("\x04spam"))), // 49 are missing
	(question) => reply(question, 0x8180, 1, record(TYPES.TXT, 60_000, Buffer.from("\x10v=spf1 +all"))), // beyond the end
	(question) => reply(question, 0x8180, 1, record(5, 2, Buffer.from([0xc0, 12]))), // a CNAME to itself
	(question) => reply(question, 0x8180, 1, record(TYPES.TXT, 2, Buffer.from([0xff, 0x41]))), // a string longer than its record
	(question) => reply(question, 0x8180, 1, record(TYPES.MX, 4, Buffer.from([0, 1, 0xc0, 0xff]))), // a name that points outside
	(question) => reply(question, 0x8380, 0), // cut short: ask by TCP, where nobody is
	(question) => reply(question, 0x8182, 0), // SERVFAIL
	(question) => reply(question, 0x8180, 1, record(TYPES.TXT, 255, Buffer.concat([Buffer.from([254]), randomBytes(254)]))),
	(question) => question.subarray(0, 7),
];

export class Dns {
	// records: { "name TYPE": [values] }, names in lower case
	static async start(records = {}) {
		const dns = new Dns();
		dns.records = records;
		dns.dead = false;
		dns.silent = null; // names that match are never answered
		dns.delayMs = 0;
		dns.lies = false;
		dns.asked = 0;
		dns.socket = dgram.createSocket("udp4");
		dns.socket.on("message", (query, from) => dns.answer(query, from));
		dns.socket.bind(0, "127.0.0.1");
		await once(dns.socket, "listening");
		dns.port = dns.socket.address().port;
		return dns;
	}

	answer(query, from) {
		this.asked++;
		if (this.dead) return;
		const labels = [];
		let at = 12;
		while (query[at]) {
			labels.push(query.subarray(at + 1, at + 1 + query[at]).toString("latin1"));
			at += query[at] + 1;
		}
		const type = query.readUInt16BE(at + 1);
		const name = labels.join(".").toLowerCase();
		if (this.silent?.test(name)) return;
		const word = Object.keys(TYPES).find((k) => TYPES[k] === type);
		const values = (word && this.records[`${name} ${word}`]) ?? [];
		const known = Object.keys(this.records).some((k) => k.startsWith(name + " "));
		const header = Buffer.from(query.subarray(0, 12));
		header.writeUInt16BE(values.length || known ? 0x8180 : 0x8183, 2);
		header.writeUInt16BE(1, 4);
		header.writeUInt16BE(values.length, 6);
		header.writeUInt32BE(0, 8);
		const answers = values.map((value) => {
			const data = rdata(type, value);
			const row = Buffer.alloc(12);
			row.writeUInt16BE(0xc00c, 0);
			row.writeUInt16BE(type, 2);
			row.writeUInt16BE(1, 4);
			row.writeUInt32BE(60, 6);
			row.writeUInt16BE(data.length, 10);
			return Buffer.concat([row, data]);
		});
		const honest = Buffer.concat([header, query.subarray(12, at + 5), ...answers]);
		const answer = this.lies ? lies[this.asked % lies.length](query.subarray(0, at + 5)) : honest;
		setTimeout(() => this.stopped || this.socket.send(answer, from.port, from.address), this.delayMs);
	}

	stop() {
		this.stopped = true;
		this.socket.close();
	}
}
