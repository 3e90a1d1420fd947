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

// Changes rows.
export function execute(p, statement) {
	execFileSync("python3", ["-c", `${OPEN}db.execute(sys.argv[2])`, file(p), statement]);
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

const PRESET = `${OPEN}
wanted = json.loads(sys.argv[2])
kept = {}
db.execute("BEGIN IMMEDIATE")
for table, (num, uuid) in wanted["settings"].items():
    body = json.loads(db.execute(f"SELECT body FROM {table}").fetchone()[0])
    body["id"] = [uuid, num]
    db.execute(f"UPDATE {table} SET num = ?, uuid = ?, body = ?", (num, uuid, json.dumps(body, separators=(",", ":"))))
    kept[table] = db.execute(f"SELECT * FROM {table}").fetchall()
db.execute("UPDATE msg SET id = (id >> 45 << 45) | (? << 4), postfix_id = ?, suffix = ?", wanted["message"])
db.execute("COMMIT")
print("ready", flush=True)
for line in sys.stdin:
    db.execute("BEGIN IMMEDIATE")
    for table, rows in kept.items():
        db.execute(f"DELETE FROM {table}")
        db.executemany(f"INSERT INTO {table} VALUES({','.join('?' * len(rows[0]))})", rows)
    db.execute("COMMIT")
    print("ready", flush=True)
`;

// Gives each collection's one object the ids wanted ({ table: [number, uuid] }), and the one message its own ([milliseconds
// since 2020, postfix id, suffix]). What it returns puts the settings back as they are now; end() ends it.
export async function preset(p, settings, message) {
	const keeper = spawn("python3", ["-c", PRESET, file(p), JSON.stringify({ settings, message })], { stdio: ["pipe", "pipe", "inherit"] });
	const ready = () => once(keeper.stdout, "data");
	await ready();
	const restore = async () => {
		keeper.stdin.write("restore\n");
		await ready();
	};
	restore.end = () => keeper.stdin.end();
	return restore;
}
