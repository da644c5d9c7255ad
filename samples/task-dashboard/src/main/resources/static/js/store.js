// What this page knows of the board.

const RATE_SECONDS = 300;

export class Store {

	constructor() {
		this.ready = false;
		this.lost = false;
		this.tasks = new Map();
		// By state
		this.numbers = new Map();
		this.source = null;
		this.session = { user: null, operator: false };
		this.watcher = null;
		this.news = [];
		this.counters = null;
		this.rate = { from: 0, counts: [] };
		this.clockOffset = 0;
	}

	/** The time of the board, whatever the clock of this machine says. */
	now() {
		return Date.now() + this.clockOffset;
	}

	/** After which time tasks need attention. */
	get limits() {
		return this.source?.attention ?? { failedFor: 0, silentAfter: Infinity, unacknowledgedAfter: Infinity };
	}

	/** How many tasks in a state are on the board. There may have been more. */
	kept(state) {
		return this.numbers.get(state) ?? 0;
	}

	put(task) {
		this.uncount(task.id);
		this.numbers.set(task.state, this.kept(task.state) + 1);
		this.tasks.set(task.id, task);
	}

	uncount(id) {
		const known = this.tasks.get(id);
		if (known) {
			this.numbers.set(known.state, this.kept(known.state) - 1);
		}
	}

	apply(message) {
		this.clockOffset = message.now - Date.now();
		if (message.complete) {
			this.ready = true;
			this.tasks.clear();
			this.numbers.clear();
		}
		for (const task of message.tasks ?? []) {
			// What can be found changes less often than a task, and is sent only when it does
			task.search ??= this.tasks.get(task.id)?.search;
			this.put(task);
		}
		for (const id of message.removed ?? []) {
			this.uncount(id);
			this.tasks.delete(id);
		}
		if (message.source) {
			// The first message of a connection
			this.source = message.source;
			this.news = [];
		}
		this.watcher = message.watcher ?? this.watcher;
		this.news = message.news ?? this.news;
		this.counters = message.counters ?? this.counters;
		if (message.rate) {
			this.applyRate(message.rate);
		}
	}

	/** All that is known, as a message that a page can begin with. */
	snapshot() {
		return {
			complete: true, now: this.now(), source: this.source, watcher: this.watcher, news: this.news, counters: this.counters,
			rate: this.rate, tasks: [...this.tasks.values()], removed: [],
		};
	}

	applyRate({ from, counts }) {
		const known = this.rate;
		const follows = known.from + known.counts.length === from;
		const joined = follows ? known.counts.concat(counts) : counts.slice();
		const surplus = Math.max(0, joined.length - RATE_SECONDS);
		this.rate = { from: (follows ? known.from : from) + surplus, counts: joined.slice(surplus) };
	}

}
