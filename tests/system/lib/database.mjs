// The store's own database from beside the server, by Python's sqlite3: to look at, or to lock.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

const OPEN = "import json, sqlite3, sys\ndb = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)\n";

function file(p) {
	return path.join(p.data, "messages.db");
}

// The rows of one statement, as arrays.
export function select(p, statement) {
	const script = `${OPEN}print(json.dumps(db.execute(sys.argv[2]).fetchall()))`;
	return JSON.parse(execFileSync("python3", ["-c", script, file(p), statement], { encoding: "utf8", maxBuffer: 1 << 28 }));
}

// Takes the write lock; gives a function that lets go of it.
export async function lockWrites(p) {
	const script = `${OPEN}db.execute("BEGIN IMMEDIATE")\nprint("locked", flush=True)\nsys.stdin.read()`;
	const holder = spawn("python3", ["-c", script, file(p)], { stdio: ["pipe", "pipe", "inherit"] });
	await once(holder.stdout, "data");
	return async () => {
		holder.stdin.end();
		if (holder.exitCode === null) await once(holder, "exit");
	};
}
