// Processes that are killed while others ask them, for the tests of what must survive it.
import assert from "node:assert/strict";
import { SLOW, until, wait } from "./postern.mjs";

// A process of the role dies, is noted in the list, and has a successor.
export async function kill(p, role, deaths) {
	const [pid] = await until(() => p.roles()[role], `there is a process ${role}`);
	process.kill(pid, "SIGKILL");
	deaths.push({ role, at: Date.now() });
	await until(() => p.roles()[role]?.some((other) => other !== pid), `another ${role}`);
}

// The answer of whichever API lives, for whoever waits for one that dies may wait for ever.
export async function ask(p, method, path, options) {
	for (const end = Date.now() + 120_000 * SLOW; ; await wait(30)) {
		assert.ok(Date.now() < end, `${method} ${path} is answered`);
		const answer = await Promise.race([p.request(method, path, options).catch(() => null), wait(1500 * SLOW).then(() => null)]);
		if (answer && answer.status < 500) return answer; // cancelling twice is as well
	}
}

// What a bulk job counts, at any moment.
export function addsUp(job) {
	assert.equal(job.total_messages_discovered, job.messages_pending + job.messages_successful + job.messages_failed + job.messages_skipped + job.messages_cancelled, JSON.stringify(job));
	return job;
}
