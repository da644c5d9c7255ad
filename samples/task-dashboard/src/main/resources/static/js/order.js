// The order of the table. Without a chosen column: root tasks that run, the latest first; then those that have
// ended, the last first; sub-tasks stay with their root task. With one: all tasks by that column.

const VALUES = {
	name: (task) => task.name ?? '',
	state: (task) => ['failed', 'running', 'aborted', 'succeeded'].indexOf(task.state),
	nodes: (task) => task.nodes,
	started: (task) => task.startedAt,
	time: (task, now) => (task.endedAt ?? now) - task.startedAt,
};

export const COLUMNS = Object.keys(VALUES);

/** Columns that only the history has. */
export const PAST_COLUMNS = ['ended', 'errors'];

/**
 * Return the tasks in order, each with whether it is shown below its root task.
 * @param {Object[]} tasks the tasks to show
 * @param {Map} all all tasks, by id
 * @param {Object} sort column and whether it descends; null for the order of the board
 * @param {number} now the time of the board
 */
export function inOrder(tasks, all, sort, now) {
	return sort && VALUES[sort.column] ? byColumn(tasks, sort, now) : byFamily(tasks, all);
}

function byColumn(tasks, { column, descending }, now) {
	const value = VALUES[column];
	const sign = descending ? -1 : 1;
	const keyed = tasks.map((task) => ({ task, nested: false, key: value(task, now) }));
	const compare = column === 'name' ? (a, b) => collator.compare(a, b) : (a, b) => a - b;
	return keyed.sort((a, b) => sign * compare(a.key, b.key) || byId(a.task, b.task));
}

const collator = new Intl.Collator('en', { numeric: true });

function byFamily(tasks, all) {
	// Most tasks have no sub-tasks
	const leaders = [];
	const families = new Map();
	for (const task of tasks) {
		const leader = task.rootId && all.get(task.rootId);
		if (!leader || leader === task) {
			leaders.push(task);
		}
		else if (families.has(leader)) {
			families.get(leader).push(task);
		}
		else {
			families.set(leader, [task]);
		}
	}
	if (families.size === 0) {
		return leaders.sort(byTime).map((task) => ({ task, nested: false }));
	}
	const led = new Set(leaders);
	const heads = [...leaders, ...[...families.keys()].filter((leader) => !led.has(leader))];
	return heads.sort(byTime).flatMap((leader) => {
		const members = families.get(leader)?.sort((a, b) => a.startedAt - b.startedAt || byId(a, b)) ?? [];
		const nested = led.has(leader);
		return [...nested ? [{ task: leader, nested: false }] : [], ...members.map((task) => ({ task, nested }))];
	});
}

function byTime(a, b) {
	if ((a.endedAt === null) !== (b.endedAt === null)) {
		return a.endedAt === null ? -1 : 1;
	}
	const difference = a.endedAt === null ? b.startedAt - a.startedAt : b.endedAt - a.endedAt;
	return difference || byId(a, b);
}

const byId = (a, b) => a.id < b.id ? -1 : 1;
