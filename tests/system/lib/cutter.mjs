// A wire that can be cut: a proxy on loopback before a port, which closes both sides when a pattern goes by.
//
//	const wire = await Cutter.start(server.imap);    connect to wire.port
//	wire.cut({ from: "client", when: /UID MOVE/ });  the next time: these bytes do not arrive, and both ends are closed
//	wire.cut({ from: "server", when: /OK Move/ });   done, but whoever asked never hears of it
//	wire.cut({ from: "server", when: /x/, stays: true });   and nobody gets through until wire.mend()
//	wire.cuts                                        how often that came about
import net from "node:net";
import { once } from "node:events";

export class Cutter {
	static async start(port) {
		const wire = new Cutter();
		wire.cuts = 0;
		wire.sockets = new Set();
		wire.server = net.createServer((client) => {
			if (wire.down) return client.destroy();
			const server = net.connect(port, "127.0.0.1");
			wire.join(client, server, "client");
			wire.join(server, client, "server");
		}).listen(0, "127.0.0.1");
		await once(wire.server, "listening");
		wire.port = wire.server.address().port;
		return wire;
	}

	cut(plan) {
		this.plan = plan;
	}

	mend() {
		this.down = false;
	}

	join(from, to, name) {
		let seen = "", plan; // a pattern may come in pieces, but not before it was asked for
		this.sockets.add(from);
		from.on("data", (bytes) => {
			if (plan !== this.plan) [seen, plan] = ["", this.plan];
			seen = (seen + bytes.toString("latin1")).slice(-65536);
			if (this.plan?.from === name && this.plan.when.test(seen)) {
				this.down = this.plan.stays;
				this.plan = undefined;
				this.cuts++;
				from.destroy();
				to.destroy();
			} else {
				to.write(bytes);
			}
		});
		from.on("error", () => {});
		from.on("close", () => {
			this.sockets.delete(from);
			to.end();
		});
	}

	async stop() {
		for (const socket of this.sockets) socket.destroy();
		this.server.close();
		await once(this.server, "close");
	}
}
