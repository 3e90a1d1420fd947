// Writes small databases in MaxMind's format (MMDB 2.0): entries are [block of IPv4 addresses, value].
function control(type, n) {
	const size = Math.min(n, 29);
	return Buffer.from([(type > 7 ? 0 : type) << 5 | size, ...(type > 7 ? [type - 7] : []), ...(size === 29 ? [n - 29] : [])]);
}

class Short {
	constructor(n) {
		this.n = n;
	}
}

const big = (n, bytes) => Buffer.from(n.toString(16).padStart(bytes * 2, "0"), "hex");

function encode(value) {
	if (typeof value === "string") return Buffer.concat([control(2, Buffer.byteLength(value)), Buffer.from(value)]);
	if (typeof value === "bigint") return Buffer.concat([control(9, 8), big(value, 8)]);
	if (value instanceof Short) return Buffer.concat([control(5, 2), big(value.n, 2)]);
	if (typeof value === "number") return Buffer.concat([control(6, 4), big(value, 4)]);
	if (Array.isArray(value)) return Buffer.concat([control(11, value.length), ...value.map(encode)]);
	const rows = Object.entries(value);
	return Buffer.concat([control(7, rows.length), ...rows.flatMap(([k, v]) => [encode(k), encode(v)])]);
}

export function mmdb(entries) {
	const nodes = [[null, null]];
	let data = Buffer.alloc(0);
	for (const [block, value] of entries) {
		const [address, bits] = block.split("/");
		const path = "0".repeat(96) + address.split(".").map((n) => Number(n).toString(2).padStart(8, "0")).join("").slice(0, Number(bits));
		let at = 0;
		for (const bit of path.slice(0, -1)) {
			nodes[at][bit] ??= nodes.push([null, null]) - 1;
			at = nodes[at][bit];
		}
		nodes[at][path.at(-1)] = { offset: data.length };
		data = Buffer.concat([data, encode(value)]);
	}
	const record = (r) => big(r === null ? nodes.length : typeof r === "number" ? r : nodes.length + 16 + r.offset, 3);
	const meta = { binary_format_major_version: new Short(2), binary_format_minor_version: new Short(0), build_epoch: 1n, database_type: "Test", description: {},
		ip_version: new Short(6), languages: [], node_count: nodes.length, record_size: new Short(24) };
	return Buffer.concat([...nodes.flatMap((n) => n.map(record)), Buffer.alloc(16), data, Buffer.from("\xab\xcd\xefMaxMind.com", "latin1"), encode(meta)]);
}
