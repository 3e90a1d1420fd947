// PNG as our previews are: eight bits, red green blue, not interlaced. Reading, writing, looking.
import { deflateSync, inflateSync } from "node:zlib";

const table = Array.from({ length: 256 }, (_, n) => {
	for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
	return n >>> 0;
});
// Node 18 has none of its own.
function crc32(bytes) {
	let sum = 0xffffffff;
	for (const b of bytes) sum = table[(sum ^ b) & 255] ^ (sum >>> 8);
	return (sum ^ 0xffffffff) >>> 0;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);

function chunk(type, data) {
	const out = Buffer.alloc(12 + data.length);
	out.writeUInt32BE(data.length, 0);
	out.write(type, 4, "latin1");
	data.copy(out, 8);
	out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
	return out;
}

// rows: a function that gives the bytes of row y; header: other sizes than there are, to be refused
export function encode(width, height, rows, { saidWidth = width, saidHeight = height } = {}) {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(saidWidth, 0);
	header.writeUInt32BE(saidHeight, 4);
	header.set([8, 2, 0, 0, 0], 8);
	const raw = Buffer.alloc(height * (1 + width * 3));
	for (let y = 0; y < height; y++) raw.set(rows(y), y * (1 + width * 3) + 1);
	return Buffer.concat([SIGNATURE, chunk("IHDR", header), chunk("IDAT", deflateSync(raw)), chunk("IEND", Buffer.alloc(0))]);
}

export const solid = (width, height, color, said) => encode(width, height, () => Buffer.from(Array(width).fill(color).flat()), said);

export class Picture {
	constructor(bytes) {
		if (!bytes.subarray(0, 8).equals(SIGNATURE)) throw new Error("not a PNG");
		this.width = bytes.readUInt32BE(16);
		this.height = bytes.readUInt32BE(20);
		const parts = [];
		for (let at = 8; at < bytes.length;) {
			const n = bytes.readUInt32BE(at), type = bytes.toString("latin1", at + 4, at + 8);
			if (crc32(bytes.subarray(at + 4, at + 8 + n)) !== bytes.readUInt32BE(at + 8 + n)) throw new Error(`checksum of ${type}`);
			if (type === "IDAT") parts.push(bytes.subarray(at + 8, at + 8 + n));
			at += 12 + n;
		}
		this.pixels = unfilter(inflateSync(Buffer.concat(parts)), this.width * 3, this.height);
	}

	at(x, y) {
		const i = (y * this.width + x) * 3;
		return [...this.pixels.subarray(i, i + 3)];
	}

	rows(from, to) {
		return this.pixels.subarray(from * this.width * 3, to * this.width * 3);
	}

	// How many pixels of these rows are about this colour.
	count(color, from = 0, to = this.height, tolerance = 2) {
		let n = 0;
		for (let i = from * this.width * 3; i < to * this.width * 3; i += 3)
			if (color.every((c, k) => Math.abs(c - this.pixels[i + k]) <= tolerance)) n++;
		return n;
	}

	// The least box that holds all pixels of about this colour.
	box(color, tolerance = 2) {
		let box = null;
		for (let y = 0; y < this.height; y++)
			for (let x = 0; x < this.width; x++) {
				const i = (y * this.width + x) * 3;
				if (!color.every((c, k) => Math.abs(c - this.pixels[i + k]) <= tolerance)) continue;
				box ??= { left: x, right: x, top: y, bottom: y };
				box.left = Math.min(box.left, x);
				box.right = Math.max(box.right, x);
				box.bottom = y;
			}
		return box && { ...box, width: box.right - box.left + 1, height: box.bottom - box.top + 1 };
	}

	// Its first rows twice as large, smoothly, for eyes that are not as good as ours.
	doubled(rows) {
		const high = Math.min(this.height, rows);
		const across = (y) => {
			const from = this.rows(y, y + 1), to = new Float32Array(this.width * 6);
			for (let x = 0; x < this.width * 2; x++) {
				const near = x >> 1, far = Math.min(this.width - 1, Math.max(0, x & 1 ? near + 1 : near - 1));
				for (let k = 0; k < 3; k++) to[x * 3 + k] = 0.75 * from[near * 3 + k] + 0.25 * from[far * 3 + k];
			}
			return to;
		};
		return encode(this.width * 2, high * 2, (y) => {
			const near = across(y >> 1), far = across(Math.min(high - 1, Math.max(0, y & 1 ? (y >> 1) + 1 : (y >> 1) - 1)));
			return Buffer.from(near.map((v, i) => 0.75 * v + 0.25 * far[i]));
		});
	}
}

function unfilter(data, row, height) {
	const out = Buffer.alloc(row * height);
	for (let y = 0; y < height; y++) {
		const filter = data[y * (row + 1)], at = y * row;
		for (let x = 0; x < row; x++) {
			const left = x < 3 ? 0 : out[at + x - 3], up = y ? out[at + x - row] : 0, corner = y && x >= 3 ? out[at + x - row - 3] : 0;
			const p = left + up - corner, pl = Math.abs(p - left), pu = Math.abs(p - up), pc = Math.abs(p - corner);
			const guess = [0, left, up, (left + up) >> 1, pl <= pu && pl <= pc ? left : pu <= pc ? up : corner][filter];
			out[at + x] = data[y * (row + 1) + 1 + x] + guess;
		}
	}
	return out;
}
